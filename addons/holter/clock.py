"""The two clocks of a recording, for adapters; the core is handed moments and never reads a clock."""

from __future__ import annotations

import time
from collections.abc import Callable

from holter.wire.message import Moment


class Clock:
    """Wall clock and monotonic clock; `mono` counts from the clock's own making."""

    def __init__(
        self, wall: Callable[[], float] = time.time, mono: Callable[[], float] = time.monotonic
    ) -> None:
        self._wall, self._mono = wall, mono
        self._zero = mono()

    def now(self) -> Moment:
        """Return this moment on both clocks."""
        return Moment(self._wall(), self._mono() - self._zero)
