"""What a runner's tasks come to together."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field

from holter.lease.machine import Lease
from holter.lease.statistics import Beats
from holter.wire.value import state


@state
class Crew:
    """The leases of one runner: how many, how their beats came, the worst share of one that was used up."""

    tasks: int = 0
    ok: int = 0
    failed: int = 0
    worst_share: float = 0.0
    acks: list[float] = field(default_factory=list)
    _beats: list[Beats] = field(default_factory=list)

    def add(self, lease: Lease) -> None:
        """Count a lease."""
        beats = lease.beats
        self.tasks += 1
        self.ok += beats.ok
        self.failed += beats.failed
        self.worst_share = max(self.worst_share, lease.worst_share)
        self.acks += [] if beats.ack is None else [beats.ack]
        self._beats.append(beats)

    @property
    def intervals(self) -> Iterator[float]:
        """The seconds between the beats of each lease: far too many to have them twice."""
        return itertools.chain.from_iterable(beats.intervals for beats in self._beats)

    @property
    def longest(self) -> float | None:
        """The longest of these, in seconds, None where there is none."""
        return max((one for beats in self._beats if (one := beats.longest) is not None), default=None)


def by_caller(callers: Iterable[str], leases: Iterable[Lease]) -> Mapping[str, Crew]:
    """Return what each caller's leases come to; one without a task has an empty crew."""
    found = {caller: Crew() for caller in callers}
    for lease in leases:
        found.setdefault(lease.caller or "unknown", Crew()).add(lease)
    return found
