"""The findings of running gaps that were told: of each its end is told too, whatever it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from holter.lease.finding import Finding, State
from holter.lease.growth import OpenFindings
from holter.lease.machine import Lease


class Overdue:
    """Knows which findings are open, and finds those of which nothing came.

    A gap breaks other rules when it has ended than while it went on: its beginning may prove to have been
    seen by nobody, a beat on its way to have been in time, or the task to have been taken away.
    """

    def __init__(self) -> None:
        self._open: dict[Lease, OpenFindings] = {}
        self._heard: dict[Lease, None] = {}

    def told(self, lease: Lease, finding: Finding) -> Finding:
        """Take note of an open finding of a lease, and return it."""
        self._open.setdefault(lease, OpenFindings()).told(finding)
        return finding

    def heard(self, lease: Lease) -> None:
        """Take note of an edge of a lease, which may have ended its gap."""
        if lease in self._open:
            self._heard[lease] = None

    def withdrawn(self, closed: Iterable[Finding]) -> list[Finding]:
        """Return the findings whose gap has ended, and that none of those newly closed takes the place of."""
        if not self._heard:
            return []
        ended: dict[str | None, list[Finding]] = {}
        for finding in closed:
            ended.setdefault(finding.task, []).append(finding)
        over = [one for lease in self._heard for one in self._over(lease, ended.get(lease.task, ()))]
        self._heard.clear()
        return over

    def _over(self, lease: Lease, closed: Iterable[Finding]) -> Iterator[Finding]:
        still = self._open.pop(lease)
        for finding in closed:
            still.told(finding)
        for finding in still:
            if lease.owes(finding.rule):
                self.told(lease, finding)
            else:
                said = f"{finding.message}; then it ended in a way that breaks no rule"
                yield replace(finding, state=State.WITHDRAWN, message=said)
