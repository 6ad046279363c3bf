"""A call on its way: what was asked, what a plan has decided about it, and what was kept of it at the end."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from holter.faults.asked import Asked
from holter.lease.handout import Handout, is_handout
from holter.wire.caller import Callers
from holter.wire.codec import error_code
from holter.wire.decision import Answer, Break, Decision, Forward
from holter.wire.facts import skew
from holter.wire.message import NOTHING, Broken, Call, Interaction, Json, Mark, Origin, Reply, Try
from holter.wire.redactor import Redactor
from holter.wire.tuples import made
from holter.wire.value import state

_OURS = (Origin.FAULT, Origin.REFUSED)


class Given(NamedTuple):
    """An answer as it is given: its first and last byte in `mono` seconds; the rest as in `Interaction`."""

    reply: Reply
    first: float
    last: float
    seq: int = 0
    oldest: float | None = None
    origin: Origin | None = None
    fault: str | None = None
    upstream: Mapping[str, Json] | None = None


@state
class Flight:
    """A call on its way, who answers it, and the rule that had a hand in it, if one did.

    `age` is the lease's when it was asked, in seconds since the last renewal, `handout` the task's; both
    are None where there is no lease. `upstream` is what the service said where a fault keeps that from the
    client, or keeps it waiting; `held` is the answer that waits. `ours` tells that neither the service nor
    what stands in for it is asked.
    """

    asked: Interaction
    call: Call
    handout: Handout | None = None
    age: float | None = None
    origin: Origin = Origin.LIVE
    fault: str | None = None
    ours: bool = False
    upstream: Mapping[str, Json] | None = None
    held: Reply | None = None
    _told: Asked | None = None

    @property
    def told(self) -> Asked:
        """What a plan is told of the call: one and the same for as long as it is on its way."""
        if self._told is None:
            self._told = told(self.call, self.asked, self.handout, self.age)
        return self._told

    def ruled(self, decision: Decision) -> None:
        """Take in what is to be done with the call before it is passed on."""
        self.fault = decision.by
        if isinstance(decision, Answer):
            self.origin = decision.origin
        elif isinstance(decision, Break) and decision.by:
            self.origin = Origin.FAULT
        self.ours = self.origin in _OURS
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

    def marks(
        self, decision: Decision, redactor: Redactor, mono: float, after: Reply | None = None
    ) -> Iterator[Mark]:
        """Yield the marks of what a rule has decided at a time, `after` the service or before it."""
        if decision.by is None:
            return
        from holter.faults.log import logged  # most runs have no faults: they start sooner

        wall = (self.asked.at or 0.0) + mono - (self.asked.asked or 0.0)
        for said in logged(decision, self.told, after):
            if isinstance(decision, Break) and decision.reply not in (None, after) and not decision.past:
                said["reply"] = kept(self.asked.op, decision.reply, redactor)
            yield Mark("fault", round(wall, 6), round(mono, 6), said)

    def given(
        self, reply: Reply, first: float, last: float, seq: int = 0, oldest: float | None = None
    ) -> Given:
        """Return the answer that the client gets, with its place in the recording."""
        upstream = self.upstream if self.origin is Origin.FAULT else None
        return made(Given, (reply, first, last, seq, oldest, self.origin, self.fault, upstream))

    def broken(self, who: Broken, at: float, seq: int = 0, oldest: float | None = None) -> Interaction:
        """Return the interaction without an answer; one that was on its way to the client counts as given."""
        origin = Origin.FAULT if self.upstream else self.origin
        mono = (self.asked.mono[0], None, round(at, 6))
        return replace(
            self.asked,
            seq=seq,
            mono=mono,
            broken=who,
            origin=origin,
            fault=self.fault,
            upstream=self.upstream,
            oldest=oldest,
        )


def oldest(flights: Iterable[Flight], at: float) -> float:
    """Return when the oldest of calls on their way was asked, or a moment if that is earlier."""
    for flight in flights:
        asked = flight.asked.mono[0]
        if asked is not None and asked < at:
            at = asked
    return at


def told(call: Call, asked: Interaction, given: Handout | None, age: float | None) -> Asked:
    """Return what a plan is told of a call, whose task was handed out with a lease or not."""
    if given is None:
        return Asked(call, asked.task, asked.caller)
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
    body, task, print_, paths, notes = redactor.call(call)
    wall, mono = call.asked
    at = (wall * 1e6 + 0.5) // 1.0 / 1e6  # microseconds, in a fifth of the time that `round` takes for them
    caller = redactor.caller(callers.name(call, task))
    tried = _tried(call.tried, redactor) if call.tried else None
    ahead, moved = skew(call), callers.regions.note(task, call.host)
    if ahead or moved:
        notes = {**notes, **ahead, **moved}
    return Interaction(
        call.op, body, NOTHING, 0, at, (round(mono, 6), None, None), caller, task, print_, tried,
        None, None, None, None, None, None, None, _below("request", (), paths) if paths else (), notes,
    )  # fmt: skip


def _tried(tried: Try, redactor: Redactor) -> Try:
    kept = redactor.text(tried.id)
    return tried if kept == tried.id else replace(tried, id=kept)


def answered(
    asked: Interaction, given: Given, redactor: Redactor, callers: Callers, *, host: str = ""
) -> Interaction:
    """Return the redacted interaction with its answer from a host."""
    reply, first, last, seq, oldest, origin, fault, upstream = given
    since = round(first, 6)
    until = since if last == first else round(last, 6)
    body, task, print_, paths, notes = redactor.reply(asked.op, reply)
    error = error_code(reply) if reply.status >= 400 else None
    done = Interaction(  # by position, in the order of its members: by name, it takes three times as long
        asked.op, asked.request, body, seq, asked.at,
        (asked.mono[0], since, until),
        asked.caller, asked.task or task, asked.print or print_, asked.tried, reply.status,
        redactor.text(error) if error else None, None, origin, fault, upstream,
        oldest, _below("response", asked.redacted, paths) if paths else asked.redacted,
        {**asked.notes, **notes} if notes else asked.notes,
    )  # fmt: skip
    if task and done.task and done.caller and is_handout(done):
        callers.handed(done.task, done.caller, host)
    return done


def _below(what: str, before: tuple[str, ...], paths: tuple[str, ...]) -> tuple[str, ...]:
    """Return the paths of a request or a response as paths of its interaction, after those before."""
    return (*before, *(f"{what}{path[1:]}" for path in paths))
