"""Whether a recorder sees what passes: what arrives, whether it is paused, whether loop and clocks run.

Everything here that is worth knowing later comes out as a mark, so that the file tells it too.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from holter.lease.vigil import Vigil
from holter.wire.message import Mark, Moment

ALIVE_EVERY = 10.0
"""Seconds between `alive` marks, so that after a kill it is known until when Holter watched."""


_NEVER = float("inf")


class Presence:
    """The presence of one recorder; all times are `mono` seconds of its clock."""

    def __init__(self) -> None:
        self.paused = False
        self._looked_away = self._resumed = float("-inf")
        self._alive = 0.0
        self._arriving: dict[Hashable, float] = {}
        self._vigil = Vigil()

    @property
    def arrived(self) -> float:
        """When the oldest call began that is not whole yet, or infinity: nobody knows yet whose it is."""
        return min(self._arriving.values()) if self._arriving else _NEVER

    def arrives(self, key: Hashable, mono: float) -> None:
        """Take in the first byte of a call."""
        if not self.paused:
            self._arriving[key] = round(mono, 6)

    def takes(self, key: Hashable, mono: float) -> bool:
        """Take in that a call is whole; tell whether it began while somebody watched."""
        self._arriving.pop(key, None)
        return not self.paused and mono >= self._resumed

    def watched(self, mono: float) -> float:
        """Return up to when somebody watched, at a moment: what is later, nobody has seen so far."""
        return min(mono, self._looked_away) if self.paused else self._vigil.watched(mono)

    def late(self, mono: float) -> tuple[Mark, ...]:
        """Return the mark of a stall; to be asked before anything else of this moment is taken in."""
        return (self._vigil.missed(mono, self.arrived),) if mono > self._vigil.until else ()

    def look(self, now: Moment, slept: float, again: float) -> Iterator[Mark]:
        """Yield what the clocks tell; the next look comes within `again` seconds."""
        yield from self.late(now.mono)
        yield from self._vigil.look(now, slept, again, self.arrived)

    def alive(self, now: Moment, oldest: float) -> Iterator[Mark]:
        """Yield a sign of life from time to time, with the start of the oldest call in flight."""
        if now.mono - self._alive >= ALIVE_EVERY:
            self._alive = now.mono
            yield _mark("alive", now, oldest=oldest)

    def pause(self, now: Moment, oldest: float) -> Iterator[Mark]:
        """Look away: what is arriving now is not taken any more either; `oldest` is as in `alive`."""
        if not self.paused:
            self._looked_away = min(now.mono, self.arrived)
            yield _mark("paused", now, since=self._looked_away, oldest=oldest)
            self.paused = True
            self._arriving.clear()

    def resume(self, now: Moment) -> Iterator[Mark]:
        """Look again, at what begins from now on."""
        if self.paused:
            self.paused, self._resumed = False, now.mono
            yield _mark("resumed", now)


def _mark(what: str, now: Moment, **more: float) -> Mark:
    known = {name: round(seconds, 6) for name, seconds in more.items()}
    return Mark(what, round(now.wall, 6), round(now.mono, 6), {**known})
