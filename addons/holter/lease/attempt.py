"""The time that a pipeline gives an attempt as a whole, whatever its beats."""

from __future__ import annotations

from collections.abc import Iterator

from holter.lease.finding import Certainty, Gap
from holter.lease.handout import Handout
from holter.lease.judge import Bar, bars
from holter.lease.profile import Profile
from holter.lease.watch import Broken

RULE = "attempt-timeout-passed"


class Attempt:
    """One attempt against its `attemptTimeout`; it is told once, by the first call after that has passed.

    `deadline` is on the audit's axis, infinite where there is none, or where it has been told.
    """

    __slots__ = ("_bar", "_call", "_due", "_since", "_unsure", "deadline")

    def __init__(self, profile: Profile, handout: Handout) -> None:
        limit = handout.timeout
        self._bar: Bar | None = next(iter(bars(profile, [(RULE, limit)])), None) if limit else None
        self.deadline = float("inf")
        self._due = float("inf")
        self._since = 0.0
        self._call = 0
        self._unsure = False

    def begin(self, at: float, call: int) -> None:
        """Begin with the hand-out."""
        if self._bar:
            self._since, self._call = at, call
            self.deadline = self._due = at + self._bar.seconds

    def blind(self) -> None:
        """Take note that nothing was seen for a while, or that clocks jumped: nothing is certain any more."""
        self._unsure = True

    def heard(self, at: float, call: int) -> Iterator[Broken]:
        """Judge a call of the attempt, or its end; moments up to the deadline need not be asked about."""
        if at > self.deadline and self._bar and self._bar.broken_by(at - self._since):
            self.deadline = self._due = float("inf")
            yield self._broken(self._bar, at, call)

    def due(self, now: float) -> Iterator[Broken]:
        """Yield that the deadline has newly passed by now."""
        if self._bar and now > self._due and self._bar.broken_by(now - self._since):
            self._due = float("inf")
            yield self._broken(self._bar, now, 0)

    def announced(self, rule: str) -> bool:
        """Tell whether `due` has told of it, and `heard` not yet."""
        return rule == RULE and self._due > self.deadline

    def next_due(self) -> float:
        """Return when `due` has something to say, or infinity."""
        return self._due

    def _broken(self, bar: Bar, at: float, call: int) -> Broken:
        took = round(at - self._since, 6)
        sure = Certainty.POSSIBLE if self._unsure else Certainty.CERTAIN
        calls = tuple(number for number in (self._call, call) if number)
        return Broken(bar, sure, None, Gap(took, took), self._since + bar.seconds, calls, ())
