"""The gaps of one lease: where the running one began, how long it is, and what it breaks.

A renewal is known only as an interval, from the moment a beat was asked to the first byte of its answer,
so a gap has a shortest and a longest reading. The beginning of a gap is kept three times:

    runner    the last moment at which the runner was heard, whatever came of it
    service   the last moment at which the service may have renewed the lease
    sure      the earliest moment at which the service had surely renewed it

From `runner` it is the runner's own silence; from `service` it includes beats that a fault of ours kept
from the service; from `sure` it is the longest that is consistent with what was seen.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import replace

from holter.lease.finding import Certainty, Gap
from holter.lease.handout import Handout
from holter.lease.judge import Bar, Judge, Span
from holter.lease.profile import Profile
from holter.lease.rules import Severity
from holter.lease.verdict import Verdict
from holter.wire.value import state, value

_NOTHING = (-1, False)
_LOST = (Severity.ERROR.rank, True)
_NEVER = float("-inf")


class Doubt(enum.Enum):
    """Why nothing about a lease is certain, until an answer of 200 shows that it is still held."""

    UNSEEN = enum.auto()  # Holter did not see what the runner did, or whether it got the task at all
    ENDED = enum.auto()  # an answer that nobody saw may have ended the lease


@value
class Broken:
    """A bar that a gap passed. `passed` is when, in seconds on the audit's axis.

    `shown` says that the service itself has shown that the lease was lost.
    """

    bar: Bar
    certainty: Certainty
    cause: str | None
    gap: Gap
    passed: float
    calls: tuple[int, ...]
    refused: tuple[str, ...]
    shown: bool = False


@state
class _Begin:
    runner: float
    service: float
    sure: float
    call: int


class Watch:
    """Measures the gaps of one lease against its bars."""

    __slots__ = (
        *("slack", "calm", "_judge", "_calm", "_handout", "_begin", "_doubts", "_faulted", "_refused"),
        *("_reported", "_announced", "_deadline", "_split"),
    )

    def __init__(self, profile: Profile, handout: Handout, judge: Judge | None = None) -> None:
        self._judge = judge or Judge(profile, handout)
        self._calm = self._judge.calm[Span.BEAT]
        self._handout = handout
        self.slack = profile.tolerance.get("network", 0.0)
        self._begin: _Begin | None = None
        self._doubts: dict[Doubt, float] = {}
        self._faulted = False
        self._refused: list[str] = []
        self._reported = _NOTHING
        self._announced: set[str] = set()
        self._deadline = _NEVER
        self._split = False
        self.calm = _NEVER
        """Up to when an ordinary call does nothing but begin the next gap; see `settle` and `renewed`."""

    @property
    def doubt(self) -> bool:
        """Whether nothing about the lease is certain."""
        return bool(self._doubts)

    @property
    def lost(self) -> bool:
        """Whether the running gap, as far as it was seen, is surely longer than the lease lasts."""
        return self._reported == _LOST

    @property
    def unsure(self) -> bool:
        """Whether it may have been renewed since, while nobody looked."""
        return Doubt.UNSEEN in self._doubts and not self.lost

    @property
    def renewed_at(self) -> float | None:
        """The last moment at which the lease may have been renewed."""
        return None if self._begin is None else self._begin.service

    def begin(self, at: float, latency: float, call: int) -> None:
        """Begin with a hand-out: at the latest now, at the earliest one usual latency before."""
        self._begin = _Begin(at, at, at - latency, call)

    def doubtful(self, why: Doubt = Doubt.UNSEEN, until: float = float("-inf")) -> None:
        """Take note that nothing is certain any more; what is in doubt may have happened until a moment."""
        self._doubts[why] = max(until, self._doubts.get(why, until))
        self.calm = _NEVER

    def dispel(self, why: Doubt) -> None:
        """Take note that the service has shown otherwise."""
        self._doubts.pop(why, None)

    def alive(self, asked: float) -> None:
        """Take note that the service took a call, so that the lease was still held when it was asked."""
        self._doubts = {why: until for why, until in self._doubts.items() if until >= asked}

    def refused(self, error: str | None) -> None:
        """Take note of a beat that came and did not count."""
        self._refused.append(error or "an error")
        self.calm = _NEVER

    def age(self, at: float) -> float | None:
        """Return the seconds since the lease was last renewed, as far as is known."""
        return None if self._begin is None else max(0.0, at - self._begin.service)

    def measure(
        self,
        span: Span,
        asked: float,
        ended: float,
        call: int,
        *,
        sure: Span | None = None,
        unacked: float | None = None,
        proof: bool = False,
        unheard: bool = False,
    ) -> Iterator[Broken]:
        """Measure the gap that ends with a call asked and ended at these moments.

        With `sure` the service surely renewed then, or never will: the longest reading ends too, and is
        one of that span. `unacked` is how long the lease has gone unacknowledged, if no beat surely was
        taken. `proof` says that the service itself has shown that the lease was lost; `unheard` that this
        call never reached the service, so that for it the gap goes on.
        """
        begin = self._begin
        if begin is None:
            return
        longest = ended - begin.sure
        own = self._judge.worst(span, asked - begin.runner)
        last = self._judge.worst(sure, longest + (self.slack if proof else 0.0)) if sure else None
        proven = proof and _grave(last)
        if own and not proven:
            possible = not proof and self._excused(own, unacked)
            if not self._split or self._worse(own, certain=not (possible or self.doubt)):
                yield self._broken(own, asked - begin.runner, longest, begin.runner, call, possible=possible)
        ours = self._judge.worst(span, asked - begin.service) if self._faulted and not unheard else None
        if ours and self._worse(ours, certain=True):
            yield self._broken(ours, asked - begin.service, longest, begin.service, call, cause="fault")
        if last and self._worse(last, certain=proven and not self.doubt):
            cause = "fault" if self._faulted and not _grave(own) else None
            gap = asked - begin.runner
            broken = self._broken(last, gap, longest, begin.sure, call, cause=cause, possible=not proven)
            yield replace(broken, shown=proven, passed=min(broken.passed, ended))  # within the slack

    def settle(self, span: Span, deadline: float) -> None:
        """Reckon `calm`: nothing is in doubt until then, no bar is near, and it is not beyond a deadline."""
        self._deadline, self.calm = deadline, _NEVER
        if self._begin and not (self._doubts or self._faulted or self._refused or self._announced):
            self.calm = min(self._begin.sure + self._judge.calm[span], deadline)

    def renewed(self, asked: float, end: float, call: int) -> float | None:
        """Begin the next gap with an ordinary call, and return the lease's age when it was asked.

        Where it is not calm, change nothing and return None: it is for `measure` and `move`, which would do
        the same here.
        """
        begin = self._begin
        if end > self.calm or begin is None or not begin.runner <= asked <= end:
            return None
        age = asked - begin.service
        begin.runner = begin.service = end
        begin.sure, begin.call = asked, call
        calm = asked + self._calm
        self.calm = calm if calm < self._deadline else self._deadline
        self._reported = _NOTHING
        return age

    def move(self, asked: float, end: float, call: int, verdict: Verdict) -> None:
        """Begin the next gap with a call that was heard: taken, perhaps taken, or answered by us."""
        begin = self._begin or _Begin(end, end, asked, call)
        begin.runner, begin.call = max(begin.runner, end), call
        if verdict is not Verdict.OURS:
            begin.service = max(begin.service, end)
        if verdict is Verdict.TAKEN:
            begin.sure, self._reported = max(begin.sure, asked), _NOTHING
            self.alive(asked)
        self._faulted = verdict is Verdict.OURS or (self._faulted and verdict is not Verdict.TAKEN)
        self._begin, self.calm, self._split = begin, _NEVER, False
        self._refused.clear()
        self._announced.clear()

    def unseen(self, until: float) -> None:
        """Go on with the gap after a stretch in which Holter saw nothing, as if it began only now.

        Of its second part only what is worse is told. A lease that was lost before is not renewed any more.
        """
        if self._begin is not None:
            service = self._begin.service
            self.move(until, until, self._begin.call, Verdict.PERHAPS)
            self._begin.service = service if self.lost else until
            self._split = True
            self.doubtful(Doubt.UNSEEN, until)

    def due(self, span: Span, now: float, *, unacked: float | None = None) -> Iterator[Broken]:
        """Yield the worst bar that the running gap has newly passed."""
        if self._begin is None:
            return
        gap = now - self._begin.runner
        bars = self._judge.bars[span]
        told = max((bar.severity.rank for bar in bars if bar.rule in self._announced), default=-1)
        told = max(told, self._reported[0]) if self._split else told
        passed = [bar for bar in bars if bar.broken_by(gap)]
        if passed:
            self._announced.update(bar.rule for bar in passed)
            self.calm = _NEVER
        worst = max(passed, key=lambda bar: bar.severity.rank, default=None)
        if worst and worst.severity.rank > told:
            calls = (self._begin.call,)
            possible = self._excused(worst, unacked)
            longest = now - self._begin.sure
            yield self._made(worst, gap, longest, self._begin.runner, calls, possible=possible)

    def next_due(self, span: Span) -> float:
        """Return the next moment at which `due` has something to say, or infinity."""
        if self._begin is None:
            return float("inf")
        bars = (bar.seconds for bar in self._judge.bars[span] if bar.rule not in self._announced)
        return self._begin.runner + min(bars, default=float("inf"))

    def announced(self, rule: str) -> bool:
        """Tell whether `due` has found the running gap to break a rule."""
        return rule in self._announced

    def _excused(self, bar: Bar, unacked: float | None) -> bool:
        """Tell whether the lease may still be held, because the first beat may not have been taken.

        Then its limit is still the one for acknowledging, and that one may be the longer.
        """
        return _grave(bar) and unacked is not None and not _grave(self._judge.worst(Span.WAITING, unacked))

    def _worse(self, bar: Bar, *, certain: bool) -> bool:
        return (bar.severity.rank, certain) > self._reported

    def _broken(
        self,
        bar: Bar,
        certain: float,
        longest: float,
        since: float,
        call: int,
        *,
        cause: str | None = None,
        possible: bool = False,
    ) -> Broken:
        calls = (self._begin.call, call) if self._begin and self._begin.call != call else (call,)
        made = self._made(bar, certain, longest, since, calls, cause=cause, possible=possible)
        self._reported = max(self._reported, (bar.severity.rank, made.certainty is Certainty.CERTAIN))
        return made

    def _made(
        self,
        bar: Bar,
        certain: float,
        longest: float,
        since: float,
        calls: tuple[int, ...],
        *,
        cause: str | None = None,
        possible: bool = False,
    ) -> Broken:
        guessed = not self._handout.limit_known and bar.limit == self._handout.limit
        doubtful = possible or self.doubt or guessed
        gap = Gap(round(max(0.0, certain), 6), round(max(0.0, longest), 6))
        certainty = Certainty.POSSIBLE if doubtful else Certainty.CERTAIN
        calls = tuple(number for number in calls if number)
        return Broken(bar, certainty, cause, gap, since + bar.seconds, calls, tuple(self._refused))


def _grave(bar: Bar | None) -> bool:
    return bar is not None and bar.severity is Severity.ERROR
