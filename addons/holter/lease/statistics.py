"""How a task's beats were spaced."""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import field
from operator import sub

from holter.wire.message import Json, Payload
from holter.wire.value import state

_compact = json.JSONEncoder(separators=(",", ":")).encode


def _none() -> array[float]:
    return array("d")


@state
class Beats:
    """The beats of one lease: how many, how far apart, what they said.

    `taken` are the moments at which those were asked that the service took, on the audit's axis.
    """

    failed: int = 0
    ack: float | None = None
    taken: array[float] = field(default_factory=_none)
    _progress: Sequence[Json] = ()
    _longest: float | None = field(default=None, repr=False, compare=False)

    @property
    def ok(self) -> int:
        """How many the service took."""
        return len(self.taken)

    @property
    def intervals(self) -> Sequence[float]:
        """The seconds between two that the service took."""
        return [*map(sub, self.taken[1:], self.taken)]

    @property
    def longest(self) -> float | None:
        """The longest of these, None where there is none."""
        if self._longest is not None:
            return self._longest
        return max(map(sub, self.taken[1:], self.taken), default=None)

    def count(self, asked: float, *, taken: bool, since: float | None, request: Payload = None) -> None:
        """Count one beat, asked at a moment; `since` is when the lease began."""
        if not taken:
            self.failed += 1
            return
        self.took(asked, request)
        if self.ack is None and since is not None:
            self.ack = round(asked - since, 6)

    def took(self, asked: float, request: Payload) -> None:
        """Count one beat that the service took, after the first."""
        self.taken.append(asked)
        if isinstance(request, dict) and isinstance(fields := request.get("fields"), list):
            self._progress = fields

    @property
    def progress(self) -> list[Json]:
        """What the last beat with fields said."""
        said = self._progress
        return json.loads(said) if isinstance(said, str) else [*said]

    def rest(self) -> None:
        """Take no more space than what there is: no more beats will come."""
        self.taken, self._longest = self.taken[:], self.longest
        if self._progress and not isinstance(self._progress, str):
            self._progress = sys.intern(_compact(self._progress))

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


def median(values: Iterable[float]) -> float:
    """Return the middle of some values, of an even number the mean of the middle two, and 0 of none."""
    ordered = sorted(values)
    if not ordered:
        return 0.0
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
