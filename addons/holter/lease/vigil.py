"""Whether Holter was watching all the time: what its clocks tell when they are looked at again and again."""

from __future__ import annotations

from collections.abc import Iterator

from holter.wire.message import Json, Mark, Moment
from holter.wire.value import state

STALL = 2.0
"""Seconds by which a look may be late; a longer delay can no longer be taken for the network's."""

STEP = 1.0
"""Seconds by which clocks must jump against each other; a clock that is merely slewed never does."""


@state
class _Jump:
    """The difference of two clocks, which stays as it is until one of them jumps."""

    usual: float | None = None
    since: float = 0.0
    doubted: bool = False

    def by(self, value: float, mono: float) -> float | None:
        """Return by how much it jumped; only a second look is believed, for one may be interrupted."""
        jump = 0.0 if self.usual is None else value - self.usual
        if abs(jump) < STEP:
            self.usual, self.since, self.doubted = value, mono, False
            return None
        if not self.doubted:
            self.doubted = True
            return None
        self.usual, self.doubted = value, False
        return jump


class Vigil:
    """Turns looks at the clocks into marks; each says since when nothing certain is known.

    `until` is the `mono` moment up to which nobody need look again; whoever comes later calls `missed`.
    `arrived` is when the oldest call began that has not come in as a whole: from then on, too, what was
    seen is not all there was.
    """

    def __init__(self) -> None:
        self.until = float("inf")
        self._last = Moment(0.0, 0.0)
        self._wall = _Jump()
        self._sleep = _Jump()

    def watched(self, mono: float) -> float:
        """Return up to when somebody watched, at a moment: until then, unless a look is overdue."""
        return mono if mono <= self.until else self._last.mono

    def missed(self, mono: float, arrived: float = float("inf")) -> Mark:
        """Return the mark of a stall that ends now: the loop came back later than it had promised."""
        last, self.until = self._last, float("inf")
        return _mark("stall", Moment(last.wall + mono - last.mono, mono), min(last.mono, arrived))

    def look(
        self, now: Moment, slept: float = 0.0, again: float = float("inf"), arrived: float = float("inf")
    ) -> Iterator[Mark]:
        """Yield the marks of clocks that have jumped; the next look comes within `again` seconds.

        `slept` is how long the host has slept so far, in seconds. Only what the wall clock gained beyond
        that was a step of its own.
        """
        self._last, self.until = now, now.mono + again + STALL
        since, jump = self._sleep.since, self._sleep.by(slept, now.mono)
        if jump is not None and jump > 0:
            yield _mark("slept", now, min(since, arrived), seconds=jump)
        since, jump = self._wall.since, self._wall.by(now.wall - now.mono - slept, now.mono)
        if jump is not None:
            yield _mark("clock", now, min(since, arrived), by=jump)


def _mark(what: str, at: Moment, since: float, **more: float) -> Mark:
    known: dict[str, Json] = {name: round(seconds, 6) for name, seconds in {"since": since, **more}.items()}
    return Mark(what, round(at.wall, 6), round(at.mono, 6), known)
