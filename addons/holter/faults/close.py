"""The connection ends in order, with no answer."""

from __future__ import annotations

from dataclasses import dataclass

from holter.faults.fault import EITHER, Kind, Need, Scene, broken, wanted
from holter.wire.decision import Decision


@dataclass(frozen=True, slots=True)
class Close:
    """Close the connection."""

    def decide(self, scene: Scene, so_far: Decision) -> Decision:
        """Give no answer."""
        return broken(so_far, "the connection was closed")


KIND = Kind(
    "close",
    "true",
    "The connection closes without an answer; with `stage: after`, once the service has processed the call.",
    wanted(Close()),
    stages=EITHER,
    needs=frozenset((Need.CONNECTION,)),
    ends=True,
)
