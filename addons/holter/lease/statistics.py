"""How a task's beats were spaced."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from holter.wire.message import Json


@dataclass(slots=True)
class Beats:
    """The beats of one lease: how many, how far apart, what they said.

    `first` is when the first was asked, on the audit's axis.
    """

    ok: int = 0
    failed: int = 0
    ack: float | None = None
    first: float | None = None
    intervals: list[float] = field(default_factory=list)
    progress: list[Json] = field(default_factory=list)
    _last: float | None = None

    def count(self, asked: float, *, taken: bool, since: float | None, fields: Json = None) -> None:
        """Count one beat, asked at a moment; `since` is when the lease began."""
        if not taken:
            self.failed += 1
            return
        self.ok += 1
        if self.ack is None and since is not None:
            self.ack = round(asked - since, 6)
        if self.first is None:
            self.first = asked
        if self._last is not None:
            self.intervals.append(asked - self._last)
        self._last = asked
        if isinstance(fields, list):
            self.progress = fields

    def spread(self) -> dict[str, Json]:
        """Return minimum, quantiles (nearest rank) and maximum of the seconds between beats."""
        return spread(self.intervals)


def spread(values: Iterable[float]) -> dict[str, Json]:
    """Return minimum, quantiles (nearest rank) and maximum of some seconds, or nothing of none."""
    ordered = sorted(values)
    if not ordered:
        return {}
    quantiles = {f"p{share}": ordered[-(-share * len(ordered) // 100) - 1] for share in (50, 95, 99)}
    found = {"min": ordered[0], **quantiles, "max": ordered[-1]}
    return {name: round(seconds, 6) for name, seconds in found.items()}
