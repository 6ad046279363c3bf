"""Moments that lie ahead, each under a key: the earliest is found at once, a changed one forgotten."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class Deadlines(Generic[K]):
    """One deadline a key. Equal moments come in the order in which they were set."""

    def __init__(self) -> None:
        self._current: dict[K, tuple[float, int]] = {}
        self._heap: list[tuple[float, int, K]] = []
        self._serial = itertools.count()

    def set(self, key: K, when: float) -> None:
        """Set or move a key's deadline."""
        serial = next(self._serial)
        self._current[key] = (when, serial)
        heapq.heappush(self._heap, (when, serial, key))

    def drop(self, key: K) -> None:
        """Forget a key's deadline, if it has one."""
        self._current.pop(key, None)

    def next(self) -> float | None:
        """Return the earliest deadline."""
        while self._heap:
            when, serial, key = self._heap[0]
            if self._current.get(key) == (when, serial):
                return when
            heapq.heappop(self._heap)
        return None

    def pop(self, now: float, *, inclusive: bool) -> tuple[K, float] | None:
        """Take the earliest deadline before `now`, or with `inclusive` at `now` as well."""
        when = self.next()
        if when is None or when > now or (when == now and not inclusive):
            return None
        key = heapq.heappop(self._heap)[2]
        del self._current[key]
        return key, when
