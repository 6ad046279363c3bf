"""The leases that are open, and which of them has something to say next."""

from __future__ import annotations

from collections.abc import Iterator

from holter.lease.agenda import Agenda
from holter.lease.countdown import Countdown, Ebb
from holter.lease.machine import Lease
from holter.lease.overdue import Overdue
from holter.lease.watch import Broken


class Ongoing:
    """The open leases by their tasks; moments are seconds on the audit's axis."""

    def __init__(self) -> None:
        self._leases: dict[str, Lease] = {}
        self._agenda = Agenda(lambda: self.leases)
        self._countdown: Countdown | None = None
        self.overdue = Overdue()
        """The findings that were told of leases when they became due."""

    @property
    def leases(self) -> list[Lease]:
        """Those whose runner still owes something, oldest first."""
        return [lease for lease in self._leases.values() if lease.open]

    def add(self, lease: Lease, at: float) -> None:
        """Take in a lease that has begun."""
        self._leases[lease.task] = lease
        if self._countdown:
            self._countdown.add(lease, at)

    def heard(self, lease: Lease) -> None:
        """Take note of an edge of a lease, which may have ended it or brought its deadline nearer."""
        self._agenda.add(lease)
        self.overdue.heard(lease)
        if not lease.open and self._leases.get(lease.task) is lease:
            del self._leases[lease.task]

    def due(self, at: float) -> list[tuple[Lease, Broken]]:
        """Return what has become overdue by a moment."""
        passed, found = list[Lease](), list[tuple[Lease, Broken]]()
        while lease := self._agenda.pop(at):
            found += [(lease, broken) for broken in lease.due(at)]
            passed.append(lease)  # listed again only now: one within a rounding of its deadline is still due
        for lease in passed:
            self._agenda.add(lease)
        return found

    def next(self) -> float:
        """Return the next moment at which `due` or `ebbing` may say something, or infinity."""
        ebb = self._countdown.next() if self._countdown else float("inf")
        return min(self._agenda.next(), ebb)

    def count_down(self, at: float) -> None:
        """Begin to watch, at a moment, how leases are used up."""
        self._countdown = Countdown()
        for lease in self.leases:
            self._countdown.add(lease, at)

    def ebbing(self, at: float) -> Iterator[Ebb]:
        """Yield the leases that have newly been used up to a certain share by a moment."""
        return self._countdown.due(at) if self._countdown else iter(())
