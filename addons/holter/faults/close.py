"""The connection ends in order, with no answer."""

from __future__ import annotations

from dataclasses import dataclass

from holter.faults.fault import EITHER, Kind, Making, Need, Scene, broken
from holter.wire.decision import Decision


@dataclass(frozen=True, slots=True)
class Close:
    """Close the connection."""

    def decide(self, scene: Scene, so_far: Decision) -> Decision:
        """Give no answer."""
        return broken(so_far, "the connection was closed")


def _make(said: Making) -> Close:
    said.value.yes()
    return Close()


KIND = Kind(
    "close",
    "true",
    "The connection closes without an answer; with `stage: after`, once the service has processed the call.",
    _make,
    stages=EITHER,
    needs=frozenset((Need.CONNECTION,)),
)
