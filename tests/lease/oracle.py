"""What a proxy can know of a lease that ran out, worked out apart from the audit.

It follows one task, from a hand-out that it saw whole, within one stretch of recording, and knows of the
loss in two ways only:

silence   From the last moment at which the service may have renewed the lease (the first byte of a 200 or
          of the hand-out; the end of a 5xx) until a call was asked, or the stretch ended, more than the
          limit passed.
shown     The service answered TaskNotFoundException, or handed the same attempt out again, more than the
          limit after the last moment at which the lease may have been renewed for sure (when a call that
          was answered 200 was asked; the first byte of the hand-out).

The limit is the one for acknowledging until a beat was answered 200, then that for progress. Where only a
5xx answered, nobody but the service knows which of the two holds: silence must pass both.

It can not know: what followed a call that broke, for its answer may have told that the task was canceled
or had ended, and it may have arrived late, or a SetTaskStatus that got a 5xx and may have counted; only a
200 to a later call, or the same attempt handed out again, dispels that.
Nor what was on its way, never to be written, when the recorder was killed: all calls are known only up to
the `oldest` of its last mark. Nor the moment at which a pipeline was deleted. Beats that a fault of ours
answered are not looked into.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from holter.lease.profile import DOCUMENTED
from holter.wire.message import Interaction, Mark, Origin
from holter.wire.operations import GONE, TASK_NOT_FOUND

from .middle import Entry
from .truth import FINISH, NETWORK, POLL

_TINY = 1e-6


@dataclass(slots=True)
class Life:
    """What was seen of one task."""

    handed: Interaction
    again: float | None = None
    end: float = 0.0
    calls: list[Interaction] = field(default_factory=list)


def lives(entries: list[Entry]) -> dict[str, Life]:
    """Sort a recording by tasks; hand-outs that reached nobody are left out."""
    found: dict[str, Life] = {}
    running: dict[str, Life] = {}
    of_attempt: dict[str, Life] = {}
    for entry in entries:
        if isinstance(entry, Mark):
            if entry.what == "started":
                running, of_attempt = {}, {}
            for life in running.values():
                known = entry.more.get("oldest", entry.mono)
                life.end = known if isinstance(known, float) else 0.0
        elif entry.op == POLL and entry.task:
            attempt = _attempt(entry)
            if attempt in of_attempt:
                of_attempt[attempt].again = entry.mono[1]
            if not entry.broken and entry.task not in found:
                found[entry.task] = running[entry.task] = of_attempt[attempt] = Life(entry)
            else:
                of_attempt.pop(attempt, None)
        elif entry.task in running:
            running[entry.task].calls.append(entry)
    return found


def knowable(life: Life, progress: float) -> bool:
    """Tell whether it can be known that this lease ran out; `progress` is its limit in seconds."""
    if any(call.origin is Origin.FAULT for call in life.calls):
        return False
    return _Walk(life, progress).known()


def unsure_of_kind(life: Life) -> bool:
    """Tell whether no beat was surely taken, but one may have been: either limit may be the one missed."""
    return bool(life.calls) and not any(
        call.status == 200 and call.origin is Origin.LIVE for call in life.calls
    )


class _Walk:
    def __init__(self, life: Life, progress: float) -> None:
        self.life = life
        self.limits = {False: DOCUMENTED.limits.ack, True: progress}
        self.handed = self.silent = self.sure = life.handed.mono[1] or 0.0
        self.acked = self.perhaps = False
        self.doubt: float | None = None

    def known(self) -> bool:
        again = self.life.again
        for call in sorted(self.life.calls, key=_order):
            if again is not None and (call.ended or 0.0) >= again:
                continue
            if call.status is not None and 400 <= call.status < 500 and call.error not in GONE:
                continue
            if call.error in GONE and (call.error != TASK_NOT_FOUND or self.doubt is not None):
                return again is not None and self.shown(call.ended or 0.0)
            if self.over(call.asked or 0.0):
                return True
            if call.error in GONE:
                return self.shown(call.mono[1] or 0.0)
            if self.ends(call):
                return False
        return self.shown(again) if again is not None else self.over(self.life.end)

    def ends(self, call: Interaction) -> bool:
        self.silent = max(self.silent, (call.mono[1] or 0.0) if call.status == 200 else (call.ended or 0.0))
        if call.status is None or (call.op == FINISH and call.status != 200):
            late = NETWORK if call.status is None else 0.0
            self.doubt = max(self.doubt or 0.0, (call.ended or 0.0) + late)
        elif call.status == 200:
            self.acked, self.sure = True, max(self.sure, call.asked or 0.0)
            self.doubt = self.doubt if self.doubt and self.doubt >= self.sure else None
            body = call.response
            return call.op == FINISH or (isinstance(body, dict) and body.get("canceled") is True)
        self.perhaps = not self.acked
        return False

    def over(self, at: float) -> bool:
        if self.doubt is not None:
            return False
        if self.perhaps:
            return self._passed(self.silent, at, acked=True) and self._passed(self.handed, at, acked=False)
        return self._passed(self.silent, at, acked=self.acked)

    def shown(self, at: float) -> bool:
        return self._passed(self.sure, at, acked=self.acked)

    def _passed(self, since: float, at: float, *, acked: bool) -> bool:
        return at - since > self.limits[acked] + _TINY


def _order(call: Interaction) -> float:
    """When a call counts: a task that is gone was ended before the answer that says so."""
    return (call.mono[1] if call.error in GONE else call.asked) or 0.0


def _attempt(call: Interaction) -> str:
    handed = call.response.get("taskObject") if isinstance(call.response, dict) else None
    return str(handed["attemptId"]) if isinstance(handed, dict) else ""
