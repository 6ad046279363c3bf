"""The answer that a recorded call gives now."""

from __future__ import annotations

from holter.replay.binding import Binding, Bound
from holter.replay.take import Take
from holter.replay.templates import Facts, filled
from holter.wire.codec import answer, error_reply
from holter.wire.decision import Past
from holter.wire.guise import again
from holter.wire.message import Json, Moment, Nothing, Payload, Reply
from holter.wire.operations import DATA_PIPELINE

EMPTY = answer({})
"""A poll for which there is nothing."""

HELD = answer({DATA_PIPELINE.cancel: False})
"""A beat of which nothing is known but that the lease is held."""


def reply_of(take: Take, binding: Binding, bound: Bound | None, facts: Facts | None = None) -> Reply:
    """Return a recorded answer with live ids in it; of its headers only the error's name is sent again.

    `facts` fill the templates of an answer that was written by hand.
    """
    body, said, error = take.source.given()
    if isinstance(body, Nothing):
        return error_reply(error or "", f"{error}, as the cassette says", said)
    if facts and not isinstance(body, bytes):
        body = filled(body, facts)
    status = said or (error_reply(error, "").status if error else 200)
    if status >= 400:
        return Reply(status, _named(body, binding, take), (("x-amzn-ErrorType", error),) if error else ())
    if bound and take.handed_out == bound.alias:
        return Reply(status, _handed(body, bound.live))
    return Reply(status, body)


def dressed(reply: Reply, past: Past, asked: Moment) -> Reply:
    """Return an answer with the headers that a rule gave it in the recording."""
    for mark in past.marks:
        said = mark.get("headers")
        reply = again(reply, said, asked) if isinstance(said, dict) else reply
    return reply


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
