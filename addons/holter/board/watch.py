"""What happened lately in a run, kept for whoever asks."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from typing import TypeVar

from holter.board.journal import Journal
from holter.lease.countdown import Ebb
from holter.lease.edges import Timeline
from holter.lease.finding import Finding
from holter.lease.growth import OpenFindings
from holter.receivers import Listener
from holter.report.strip import Strip
from holter.wire.message import Interaction, Mark
from holter.wire.operations import Role, role

KEPT = 1000
"""Calls that are kept with their bodies; who wants more reads the recording."""

PINNED = 1000
"""Calls that are kept besides, because findings name them."""

MOST_LABELS = 500
"""Different operations with their answers, and rules of faults, that are counted apart."""

_OTHER = "other"
_L = TypeVar("_L")


class Watch:
    """A listener that remembers, and passes everything on to another.

    Once it follows a timeline, it keeps a strip of all calls too, and a journal of what happened.
    """

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._calls: deque[Interaction] = deque(maxlen=KEPT)
        self._pinned: dict[int, Interaction] = {}
        self.open = OpenFindings()
        """The findings whose gap goes on."""
        self.strip = Strip(Timeline())
        self.journal = Journal()
        self.answers: Counter[tuple[str, str]] = Counter()
        """How often each operation got each status; `broken` where none came."""
        self.beats: Counter[str] = Counter()
        """How many beats came to what: the kinds of the strip."""
        self.met: Counter[str] = Counter()
        """How many calls each rule of a fault had a hand in."""

    def follow(self, timeline: Timeline, before: Iterable[Interaction | Mark] = ()) -> None:
        """Place calls on the time axis of a run from now on; `before` are those that it goes on with."""
        self.strip, self.journal = Strip.of(before), Journal()
        self.strip.follow(timeline)

    def calls(self, after: int = 0) -> list[Interaction]:
        """Return the calls with a number above `after` that are still kept."""
        return [call for call in self._calls if call.seq > after]

    @property
    def kept(self) -> list[Interaction]:
        """All calls that are still kept, those that findings name first."""
        return [*self._pinned.values(), *(call for call in self._calls if call.seq not in self._pinned)]

    def call(self, seq: int) -> Interaction | None:
        """Return a call if it is still kept."""
        if seq in self._pinned:
            return self._pinned[seq]
        return next((call for call in reversed(self._calls) if call.seq == seq), None)

    def called(self, interaction: Interaction, age: float | None) -> None:
        """Keep a call."""
        self._calls.append(interaction)
        number = self.strip.called(interaction)
        if number is not None:
            self.journal.add(number)
            if role(interaction.op) is Role.BEAT:
                self.beats[chr(self.strip.kind[-1])] += 1
        status = "broken" if interaction.status is None else str(interaction.status)
        _count(self.answers, (interaction.op, status), (_OTHER, status))
        if interaction.fault:
            _count(self.met, interaction.fault, _OTHER)
        self._listener.called(interaction, age)

    def found(self, finding: Finding) -> None:
        """Keep a finding until its end: if it is closed then, the audit has it."""
        self.open.told(finding)
        self._pin(finding)
        self.journal.add(finding)
        self._listener.found(finding)

    def _pin(self, finding: Finding) -> None:
        """Keep the calls that prove a finding, while there is room for them."""
        for seq in finding.interactions:
            if len(self._pinned) < PINNED and (call := self.call(seq)):
                self._pinned[seq] = call

    def ebbing(self, ebb: Ebb) -> None:
        """Take note of a lease that goes down, and pass it on."""
        self.journal.add(ebb.task)
        self._listener.ebbing(ebb)

    def trouble(self, text: str) -> None:
        """Pass it on."""
        self._listener.trouble(text)


def _count(counts: Counter[_L], label: _L, other: _L) -> None:
    """Count a label, or all others as one once there are many."""
    counts[label if label in counts or len(counts) < MOST_LABELS else other] += 1
