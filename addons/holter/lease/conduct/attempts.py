"""The attempts of one instance: handed out again, more often than allowed, two at work at once."""

from __future__ import annotations

from collections.abc import Iterator

from holter.lease.conduct.evidence import Evidence, Heard, Observer, proof
from holter.lease.finding import Certainty, Finding, State
from holter.lease.machine import Lease
from holter.lease.phase import Phase
from holter.lease.profile import Profile
from holter.lease.rules import Severity
from holter.wire.operations import Role
from holter.wire.value import state

_MOST_TRIES = 6
"""The first attempt and 5 retries (AWS Data Pipeline developer guide, limits)."""


@state
class _Last:
    lease: Lease
    number: int
    call: int
    sure: bool = True


@state
class _Double:
    """Two tasks of one attempt: the newer one, and when the service first took a call for it."""

    newer: str
    taken: float | None = None
    call: int = 0


class Attempts(Observer):
    """Watches hand-outs, and the calls about tasks whose attempt was handed out again."""

    roles = frozenset({Role.BEAT, Role.FINISH})

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._last: dict[str, dict[str, _Last]] = {}
        self._doubles: dict[str, _Double] = {}
        self._older: dict[str, str] = {}

    def given(self, lease: Lease, heard: Heard, found: list[Finding]) -> Iterator[Evidence]:
        """Judge a hand-out; `found` are the gaps that it closed."""
        name, number = _numbered(lease.handout.attempt or lease.task)
        known = self._last.setdefault(lease.handout.pipeline or "", {})
        before = known.get(name)
        known[name] = _Last(lease, number, heard.call.seq)
        if before and before.lease.task != lease.task and number in (before.number, before.number + 1):
            yield from self._again(before, lease, heard, found, same=number == before.number)
        most = _MOST_TRIES if lease.handout.retries is None else lease.handout.retries + 1
        if number > min(most, _MOST_TRIES):
            said = f"{lease.task} is attempt {number} of {name}, where {min(most, _MOST_TRIES)} are allowed"
            calls = proof(heard.call.seq)
            yield Evidence("retries-over-cap", heard.ended, said, calls, lease.task, certain=False)

    def _again(
        self, before: _Last, lease: Lease, heard: Heard, found: list[Finding], *, same: bool
    ) -> Iterator[Evidence]:
        old = before.lease
        if not (old.open or old.phase is Phase.REASSIGNED):
            return
        self._doubles[old.task], self._older[lease.task] = _Double(lease.task), old.task
        if any(one.task == old.task and _blames(one) for one in found):
            return  # the gap's own finding says that the service took the task away
        overdue = not same and self._overdue(old, heard.ended)
        waiting = old.spent(heard.ended)[0] < heard.ended
        yield Evidence(
            "redelivery-after-gap" if overdue else "redelivery",
            heard.ended,
            f"{old.task} was still open when its {'attempt' if same else 'next attempt'} was handed out "
            f"as {lease.task}",
            proof(before.call, heard.call.seq),
            old.task,
            old.caller,
            certain=before.sure and (same or (overdue and not old.beats.failed and not waiting)),
        )

    def _overdue(self, old: Lease, at: float) -> bool:
        acked = old.phase is not Phase.HANDED_OUT
        limit = old.handout.limit.seconds if acked else self._profile.limits.ack
        return (old.age(at) or 0.0) > limit and (old.handout.limit_known or not acked)

    def ended(self, heard: Heard) -> Iterator[Evidence]:
        """Note that the service takes calls for both of two tasks."""
        if not heard.taken:
            return
        double = self._doubles.get(self._older.pop(heard.task, ""))
        if double and double.taken is None:
            double.taken, double.call = heard.ended, heard.call.seq
        own = self._doubles.get(heard.task)
        slack = self._profile.tolerance.get("network", 0.0)
        if own and own.taken is not None and heard.asked > own.taken + slack:
            said = f"{heard.task} and {own.newer} are one attempt, and the service took calls for both"
            calls = proof(own.call, heard.call.seq)
            yield Evidence("split-brain", heard.asked, said, calls, heard.task, heard.caller)

    def pair(self, newer: str) -> tuple[str, ...]:
        """Return the two tasks of one attempt, if it was just handed out again as this one."""
        older = self._older.get(newer)
        return (older, newer) if older else ()

    def holds(self, task: str) -> bool:
        """See the calls about both of two tasks."""
        return task in self._doubles or task in self._older

    def unseen(self) -> None:
        """Doubt: a task may have ended unseen."""
        self._doubles.clear()
        self._older.clear()
        for known in self._last.values():
            for last in known.values():
                last.sure = False


def _numbered(attempt: str) -> tuple[str, int]:
    name, _, digits = attempt.rpartition("_Attempt=")
    return (name, int(digits)) if name and digits.isdecimal() and len(digits) < 10 else (attempt, 1)


def _blames(one: Finding) -> bool:
    sure = one.severity is Severity.ERROR and one.certainty is Certainty.CERTAIN and one.cause is None
    return sure and one.state is not State.WITHDRAWN
