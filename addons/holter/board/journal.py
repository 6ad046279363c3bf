"""What happened lately in a run, numbered: whoever reads on from a number misses nothing, or is told so."""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import TypeAlias

from holter.lease.finding import Finding

KEPT = 20_000
"""Events that are kept, in a few hundred kilobytes."""

News: TypeAlias = int | Finding | str
"""A call by its number in the strip, a finding, or a task whose lease goes down."""


class Journal:
    """The latest events. Writing one costs next to nothing; readers keep their own place."""

    def __init__(self, kept: int = KEPT) -> None:
        self._events: deque[News] = deque(maxlen=kept)
        self.last = 0
        """The number of the last event; the first has 1."""

    def add(self, news: News) -> None:
        """Take in an event."""
        self._events.append(news)
        self.last += 1

    def since(self, after: int, most: int) -> list[News] | None:
        """Return the first events after a number, at most so many; None where they are not kept any more."""
        missing = self.last - after
        if not 0 <= missing <= len(self._events):
            return None
        begin = len(self._events) - missing
        if missing <= most:
            return [*islice(reversed(self._events), missing)][::-1]
        return [*islice(self._events, begin, begin + most)]
