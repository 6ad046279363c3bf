"""A call on its way: what was asked, what a plan has decided about it, and what was kept of it at the end."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace

from holter.faults.asked import Asked
from holter.lease.handout import is_handout
from holter.lease.machine import Lease
from holter.wire.caller import Callers
from holter.wire.codec import error_code
from holter.wire.decision import Answer, Break, Decision, Forward
from holter.wire.facts import skew
from holter.wire.message import Broken, Call, Interaction, Json, Origin, Reply
from holter.wire.redactor import Redactor


@dataclass(slots=True)
class Flight:
    """A call on its way, who answers it, and the rule that had a hand in it, if one did.

    `upstream` is what the service said where a fault keeps that from the client, or keeps it waiting;
    `held` is the answer that waits. `ours` tells that neither the service nor what stands in for it is asked.
    """

    asked: Interaction
    told: Asked
    origin: Origin = Origin.LIVE
    fault: str | None = None
    ours: bool = False
    upstream: Mapping[str, Json] | None = None
    held: Reply | None = None

    def ruled(self, decision: Decision) -> None:
        """Take in what is to be done with the call before it is passed on."""
        self.fault = decision.by
        if isinstance(decision, Answer):
            self.origin = decision.origin
        elif isinstance(decision, Break) and decision.by:
            self.origin = Origin.FAULT
        self.ours = self.origin in (Origin.FAULT, Origin.REFUSED)
        if not isinstance(decision, Forward) and decision.past:
            self.upstream = decision.past.upstream

    def overruled(self, decision: Answer | Break, reply: Reply, redactor: Redactor) -> None:
        """Take in that the service's reply is changed, kept waiting or kept back."""
        self.fault = decision.by
        self.upstream = kept(self.asked.op, reply, redactor)
        if isinstance(decision, Answer):
            self.held = decision.reply
            self.origin = Origin.FAULT if decision.origin is Origin.FAULT else self.origin
        else:
            self.origin = Origin.FAULT

    def answered(
        self, reply: Reply, times: tuple[float, float], redactor: Redactor, callers: Callers
    ) -> Interaction:
        """Return the interaction with the answer that the client gets."""
        told = answered(self.asked, reply, times, redactor, callers, host=self.told.call.host)
        upstream = self.upstream if self.origin is Origin.FAULT else None
        return replace(told, origin=self.origin, fault=self.fault, upstream=upstream)

    def broken(self, who: Broken, at: float) -> Interaction:
        """Return the interaction without an answer; one that was on its way to the client counts as given."""
        origin = Origin.FAULT if self.upstream else self.origin
        mono = (self.asked.mono[0], None, round(at, 6))
        return replace(
            self.asked, mono=mono, broken=who, origin=origin, fault=self.fault, upstream=self.upstream
        )


def told(call: Call, asked: Interaction, lease: Lease | None, age: float | None) -> Asked:
    """Return what a plan is told of a call."""
    if lease is None:
        return Asked(call, asked.task, asked.caller)
    given = lease.handout
    return Asked(call, asked.task, asked.caller, given.attempt, given.pipeline, given.kind, age=age)


def kept(op: str, reply: Reply, redactor: Redactor) -> dict[str, Json]:
    """Return the service's own answer as it may be kept beside the one that a fault gave."""
    body, error = redactor.reply(op, reply).payload, error_code(reply)
    said: dict[str, Json] = {"status": reply.status}
    if error:
        said["error"] = redactor.text(error)
    if isinstance(body, bytes):
        said["response_base64"] = base64.b64encode(body).decode()
    else:
        said["response"] = body
    return said


def begun(call: Call, redactor: Redactor, callers: Callers) -> Interaction:
    """Return the redacted interaction of a call that has no answer yet."""
    found = redactor.call(call)
    return Interaction(
        op=call.op,
        request=found.payload,
        at=round(call.asked.wall, 6),
        mono=(round(call.asked.mono, 6), None, None),
        caller=redactor.caller(callers.name(call, found.task)),
        task=found.task,
        print=found.print,
        tried=replace(call.tried, id=redactor.text(call.tried.id)) if call.tried else None,
        redacted=tuple(f"request{path[1:]}" for path in found.paths),
        notes={**found.notes, **skew(call), **callers.regions.note(found.task, call.host)},
    )


def answered(
    asked: Interaction,
    reply: Reply,
    times: tuple[float, float],
    redactor: Redactor,
    callers: Callers,
    *,
    host: str = "",
) -> Interaction:
    """Return the redacted interaction with its answer from a host, its first and last byte at these times."""
    found, error = redactor.reply(asked.op, reply), error_code(reply)
    done = replace(
        asked,
        response=found.payload,
        mono=(asked.mono[0], round(times[0], 6), round(times[1], 6)),
        task=asked.task or found.task,
        print=asked.print or found.print,
        status=reply.status,
        error=redactor.text(error) if error else None,
        redacted=asked.redacted + tuple(f"response{path[1:]}" for path in found.paths),
        notes={**asked.notes, **found.notes},
    )
    if done.task and done.caller and is_handout(done):
        callers.handed(done.task, done.caller, host)
    return done
