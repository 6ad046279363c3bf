"""What runners do besides their tasks: whether a poll of theirs is open, and whether they say they live."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import field

from holter.lease.edges import Edge
from holter.lease.verdict import Verdict, verdict
from holter.wire.message import Interaction
from holter.wire.operations import Role
from holter.wire.value import state


@state
class Runner:
    """One runner; moments are seconds on the audit's axis, durations seconds.

    `unpolled` sums the time between its polls in which none was open, and `longest` is the longest such
    stretch. `alive` counts its ReportTaskRunnerHeartbeat that the service took, `apart` has the times between
    them.
    """

    polls: int = 0
    unpolled: float = 0.0
    longest: float = 0.0
    alive: int = 0
    apart: list[float] = field(default_factory=list)
    _open: set[Hashable] = field(default_factory=set)
    _idle: float | None = None
    _last: float | None = None

    def polled(self, at: float, key: Hashable) -> None:
        """Take in that a poll was asked."""
        self.polls += 1
        self._open.add(key)
        if self._idle is not None:
            self.unpolled += at - self._idle
            self.longest = max(self.longest, at - self._idle)
            self._idle = None

    def answered(self, at: float, key: Hashable) -> None:
        """Take in that a poll ended; one from before a blind stretch is not known any more."""
        if key in self._open:
            self._open.remove(key)
            self._idle = None if self._open else at

    def beat(self, at: float) -> None:
        """Take in a sign of life that the service took."""
        self.alive += 1
        if self._last is not None:
            self.apart.append(at - self._last)
        self._last = at

    def blind(self) -> None:
        """Forget what is open and what was last: nobody sees what the runner does meanwhile."""
        self._open.clear()
        self._idle = self._last = None


class Runners:
    """All runners of a recording by their names."""

    def __init__(self) -> None:
        self._known: defaultdict[str, Runner] = defaultdict(Runner)

    def of(self, caller: str | None) -> Runner:
        """Return a runner, perhaps a new one."""
        return self._known[caller or "unknown"]

    def polled(self, edge: Edge, call: Interaction) -> None:
        """Take in that a poll was asked."""
        self.of(call.caller).polled(edge.at, edge.key)

    def ended(self, edge: Edge, call: Interaction, part: Role) -> None:
        """Take in that a poll or a sign of life ended."""
        if part is Role.POLL:
            self.of(call.caller).answered(edge.at, edge.key)
        elif verdict(call) is Verdict.TAKEN:
            self.of(call.caller).beat(edge.first)

    def blind(self) -> None:
        """Take in that nothing is seen for a while."""
        for runner in self._known.values():
            runner.blind()
