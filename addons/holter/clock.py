"""The clocks of a recording, for adapters; the core is handed moments and never reads a clock."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from holter.wire.message import Moment
from holter.wire.tuples import made

_READINGS = 3
"""Pairs of readings of which the closest is taken: a process may be put aside between the two of a pair."""


class Clock:
    """Wall clock and monotonic clock; `mono` counts from the clock's own making.

    The monotonic clock stands still while the host sleeps; `boot` is one that goes on.
    """

    def __init__(
        self,
        wall: Callable[[], float] = time.time,
        mono: Callable[[], float] = time.monotonic,
        boot: Callable[[], float] | None = None,
    ) -> None:
        self._wall, self._mono = wall, mono
        self._boot = boot or (mono is time.monotonic and _going_on()) or mono
        self._zero = mono()
        self._asleep = self._ahead()
        self._skipped = 0.0

    def now(self) -> Moment:
        """Return this moment on both clocks."""
        return Moment(self._wall() + self._skipped, self._mono() - self._zero + self._skipped)

    def before(self, ago: float) -> Moment:
        """Return the moment that was so many seconds ago, on both clocks."""
        ago -= self._skipped
        return made(Moment, (self._wall() - ago, self._mono() - self._zero - ago))

    def mono(self) -> float:
        """Return this moment on the monotonic clock alone."""
        return self._mono() - self._zero + self._skipped

    def skip(self, seconds: float) -> None:
        """Let seconds pass at once, on both clocks."""
        self._skipped += seconds

    def slept(self) -> float:
        """Return the seconds that the host has slept since the clock was made, 0 where it cannot tell."""
        return max(0.0, self._ahead() - self._asleep)

    def _ahead(self) -> float:
        return min(-(self._mono() - self._boot()) for _ in range(_READINGS))


def _going_on() -> Callable[[], float] | None:
    """Return the clock that goes on while the host sleeps: Linux and macOS have it under different names."""
    name = "CLOCK_MONOTONIC" if sys.platform == "darwin" else "CLOCK_BOOTTIME"
    number: int | None = getattr(time, name, None)
    return None if number is None else lambda: time.clock_gettime(number)
