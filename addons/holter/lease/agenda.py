"""Which lease has something to say next: found at once, however many are open."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterable

from holter.lease.machine import Lease


class Agenda:
    """Open leases by their next deadline.

    A lease is listed at or before its deadline and looked at again when that moment comes, so that a beat,
    which puts the deadline off, costs nothing here. `leases` are those that are open when it is first asked:
    before that nothing is listed, and from a file nobody asks.
    """

    def __init__(self, leases: Callable[[], Iterable[Lease]] | None = None) -> None:
        self._begin = leases
        self._heap: list[tuple[float, int, Lease]] = []
        self._listed: dict[Lease, float] = {}
        self._numbers = itertools.count()

    def add(self, lease: Lease) -> None:
        """List a lease after an edge that may have brought its deadline nearer."""
        if self._begin:
            return
        when = lease.next_due() if lease.open else float("inf")
        if when < self._listed.get(lease, float("inf")):
            self._listed[lease] = when
            heapq.heappush(self._heap, (when, next(self._numbers), lease))

    def next(self) -> float:
        """Return the earliest deadline, or infinity."""
        if self._begin:
            leases, self._begin = self._begin(), None
            for lease in leases:
                self.add(lease)
        while self._heap:
            when, _, lease = self._heap[0]
            if self._listed.get(lease) == when and lease.open and lease.next_due() <= when:
                return when
            self._take()
            self.add(lease)
        return float("inf")

    def pop(self, at: float) -> Lease | None:
        """Take the lease whose deadline passed first before a moment; it is to be added again."""
        return self._take() if self.next() < at else None

    def _take(self) -> Lease:
        when, _, lease = heapq.heappop(self._heap)
        if self._listed.get(lease) == when:
            del self._listed[lease]
        return lease
