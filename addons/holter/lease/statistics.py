"""How a task's beats were spaced."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, MutableSequence, Sequence
from dataclasses import dataclass, field

from holter.wire.message import Json

_compact = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(slots=True)
class Beats:
    """The beats of one lease: how many, how far apart, what they said.

    `first` is when the first was asked, on the audit's axis.
    """

    failed: int = 0
    ack: float | None = None
    first: float | None = None
    intervals: MutableSequence[float] = field(default_factory=lambda: array("d"))
    _progress: Sequence[Json] = ()
    _last: float | None = None

    @property
    def ok(self) -> int:
        """How many the service took."""
        return 0 if self.first is None else len(self.intervals) + 1

    def count(self, asked: float, *, taken: bool, since: float | None, fields: Json = None) -> None:
        """Count one beat, asked at a moment; `since` is when the lease began."""
        if not taken:
            self.failed += 1
            return
        self.took(asked, fields)
        if self.ack is None and since is not None:
            self.ack = round(asked - since, 6)

    def took(self, asked: float, fields: Json) -> None:
        """Count one beat that the service took, after the first."""
        last, self._last = self._last, asked
        if last is None:
            self.first = asked
        else:
            self.intervals.append(asked - last)
        if isinstance(fields, list):
            self._progress = fields

    @property
    def progress(self) -> list[Json]:
        """What the last beat with fields said."""
        said = self._progress
        return json.loads(said) if isinstance(said, str) else [*said]

    def rest(self) -> None:
        """Take less space: no more beats will come."""
        if self._progress and not isinstance(self._progress, str):
            self._progress = _compact(self._progress)

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
