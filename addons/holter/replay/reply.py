"""The answer that a recorded call gives now."""

from __future__ import annotations

from dataclasses import replace

from holter.replay.binding import Binding, Bound
from holter.replay.take import Take
from holter.replay.templates import Facts, filled
from holter.wire.codec import answer, error_reply
from holter.wire.message import Headers, Json, Nothing, Payload, Reply
from holter.wire.operations import DATA_PIPELINE

EMPTY = answer({})
"""A poll for which there is nothing."""

HELD = answer({DATA_PIPELINE.cancel: False})
"""A beat of which nothing is known but that the lease is held."""


def reply_of(take: Take, binding: Binding, bound: Bound | None, facts: Facts | None = None) -> Reply:
    """Return a recorded answer with live ids in it; of its headers only the error's name is sent again.

    `facts` fill the templates of an answer that was written by hand.
    """
    call = take.call
    if facts and not isinstance(call.response, bytes | Nothing):
        call = replace(call, response=filled(call.response, facts))
    if isinstance(call.response, Nothing):
        return error_reply(call.error or "", f"{call.error}, as the cassette says", call.status)
    status = call.status or (error_reply(call.error, "").status if call.error else 200)
    headers: Headers = (("x-amzn-ErrorType", call.error),) if call.error and status >= 400 else ()
    if status >= 400:
        return Reply(status, _named(call.response, binding, take), headers)
    if bound and take.handed_out == bound.alias:
        return Reply(status, _handed(call.response, bound.live), headers)
    return Reply(status, call.response, headers)


def _handed(body: Payload, live: str) -> Payload:
    task = body.get(DATA_PIPELINE.handout) if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(task, dict):
        return body
    return {**body, DATA_PIPELINE.handout: {**task, DATA_PIPELINE.handle: live}}


def _named(body: Payload, binding: Binding, take: Take) -> Payload:
    """Return an error with the live ids of the tasks that its texts name."""

    def walked(value: Json) -> Json:
        if isinstance(value, str):
            return binding.named(value, take.tape)
        if isinstance(value, dict):
            return {key: walked(inner) for key, inner in value.items()}
        return [walked(inner) for inner in value] if isinstance(value, list) else value

    return body if isinstance(body, bytes) else walked(body)
