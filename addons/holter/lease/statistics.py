"""How a task's beats were spaced."""

from __future__ import annotations

import contextlib
import json
import sys
from array import array
from collections.abc import Iterable, MutableSequence, Sequence
from dataclasses import dataclass, field

from holter.wire.message import Json

_MICRO = 1_000_000
_compact = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(slots=True)
class Beats:
    """The beats of one lease: how many, how far apart, what they said.

    `first` is when the first was asked, on the audit's axis.
    """

    failed: int = 0
    ack: float | None = None
    first: float | None = None
    _spaced: MutableSequence[float] | bytes = field(default_factory=lambda: array("d"))
    _progress: Sequence[Json] = ()
    _last: float | None = None

    @property
    def ok(self) -> int:
        """How many the service took."""
        return 0 if self.first is None else len(self.intervals) + 1

    @property
    def intervals(self) -> Sequence[float]:
        """The seconds between two that the service took."""
        if isinstance(self._spaced, bytes):
            return [micro / _MICRO for micro in array("I", self._spaced)]
        return self._spaced

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
        elif isinstance(self._spaced, bytes):
            self._spaced = array("d", [*self.intervals, asked - last])
        else:
            self._spaced.append(asked - last)
        if isinstance(fields, list):
            self._progress = fields

    @property
    def progress(self) -> list[Json]:
        """What the last beat with fields said."""
        said = self._progress
        return json.loads(said) if isinstance(said, str) else [*said]

    def rest(self) -> None:
        """Take a third of the space: no more beats will come. Times are kept in whole microseconds."""
        if self._progress and not isinstance(self._progress, str):
            self._progress = sys.intern(_compact(self._progress))
        with contextlib.suppress(OverflowError):  # over an hour apart, or in the wrong order
            self._spaced = array("I", [round(one * _MICRO) for one in self.intervals]).tobytes()

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
