"""How much of their leases open tasks have used up, told at certain shares before the deadline."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator

from holter.lease.machine import Lease
from holter.wire.value import state, value

SHARES = (0.5, 0.8)
"""Shares of a lease at which it is told; the whole is a finding."""

_SOON = 0.05
_SAME = 1e-6


@value
class Ebb:
    """A lease that goes down: when, the share of it that is used up, and the seconds left.

    `at` is on the audit's axis in a countdown, and the wall clock, seconds since 1970 UTC, for listeners.
    """

    at: float
    task: str
    share: float
    left: float


@state
class _Entry:
    lease: Lease
    begun: float = float("-inf")
    told: float = 0.0


class Countdown:
    """Watches leases without being told of beats.

    A lease is looked at when half of it, reckoned from the last look, can have passed at the earliest: no
    beat in between can bring the next notice nearer, so a beat costs nothing here.
    """

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, _Entry]] = []
        self._numbers = itertools.count()

    def add(self, lease: Lease, now: float) -> None:
        """Watch a lease from a moment on, in seconds on the audit's axis."""
        self._push(now, _Entry(lease))

    def next(self) -> float:
        """Return when `due` next looks at a lease, or infinity."""
        return self._heap[0][0] if self._heap else float("inf")

    def due(self, now: float) -> Iterator[Ebb]:
        """Yield the shares that have newly been used up by now."""
        while self._heap and self._heap[0][0] <= now:
            entry = heapq.heappop(self._heap)[2]
            if entry.lease.open:
                yield from self._looked(entry, now)

    def _push(self, when: float, entry: _Entry) -> None:
        heapq.heappush(self._heap, (when, next(self._numbers), entry))

    def _looked(self, entry: _Entry, now: float) -> Iterator[Ebb]:
        lease = entry.lease
        heard, used = lease.spent(now)
        if heard - used > entry.begun + _SAME:
            entry.begun, entry.told = heard - used, 0.0
        passed = [share for share in SHARES if entry.told < share <= used / lease.term]
        if passed and used < lease.term:
            entry.told = passed[-1]
            yield Ebb(now, lease.task, entry.told, lease.term - used)
        self._push(self._next(entry, now, waiting=heard < now), entry)

    def _next(self, entry: _Entry, now: float, *, waiting: bool) -> float:
        """Return the next share's moment, at the latest when half of a lease that begins now has passed.

        While a call is on its way nobody knows whether it renews; then it is looked at again soon.
        """
        lease = entry.lease
        coming = [entry.begun + share * lease.term for share in SHARES if share > entry.told]
        soonest = min(lease.term, lease.handout.limit.seconds) * (_SOON if waiting else SHARES[0])
        return min([now + soonest, *(when for when in coming if when > now)])
