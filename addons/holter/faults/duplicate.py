"""The service gets one call several times, as from a network that repeats it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from holter.faults.fault import Kind, Making, Need, Scene
from holter.wire.decision import Decision, Forward


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Pass the call on so many times, one after the other; the runner gets the last answer."""

    copies: int = 2

    def decide(self, scene: Scene, so_far: Decision) -> Decision:
        """Ask for copies of a call that is passed on."""
        return replace(so_far, copies=self.copies) if isinstance(so_far, Forward) else so_far


def _make(said: Making) -> Duplicate:
    copies = said.value.whole(2)
    if copies > 10:
        raise said.value.wrong(f"must be at most 10 copies, not {copies}")
    return Duplicate(copies)


KIND = Kind(
    "duplicate",
    "COPIES",
    "The service gets the call this many times (2 to 10), one after the other; the last answer counts.",
    _make,
    needs=frozenset((Need.SERVICE,)),
)
