"""How late the event loop is: what keeps it from answering calls at once shows here."""

from __future__ import annotations

import asyncio
from collections import deque

EVERY = 0.25
"""Seconds between two looks."""

OVER = 60.0
"""Seconds of which the worst is told."""


class Lag:
    """Notes how much later than asked the loop comes to a task of ours; `total` sums it, in seconds."""

    def __init__(self) -> None:
        self.total = 0.0
        self._late: deque[float] = deque(maxlen=round(OVER / EVERY))

    @property
    def worst(self) -> float:
        """The longest that the loop was late in the last minute, in seconds."""
        return max(self._late, default=0.0)

    def note(self, late: float) -> None:
        """Take in how late a look was."""
        late = max(0.0, late)
        self.total += late
        self._late.append(late)

    async def watch(self) -> None:
        """Look at the loop, for ever."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + EVERY
            await asyncio.sleep(EVERY)
            self.note(loop.time() - due)
