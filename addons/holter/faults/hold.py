"""Nothing comes: the client waits until it gives up."""

from __future__ import annotations

from dataclasses import dataclass

from holter.faults.fault import EITHER, Kind, Making, Need, Scene, broken
from holter.wire.decision import Decision


@dataclass(frozen=True, slots=True)
class Hold:
    """Keep the client waiting; if it has not gone after `most` seconds, the connection is closed."""

    most: float

    def decide(self, scene: Scene, so_far: Decision) -> Decision:
        """Hold the call, or the answer."""
        return broken(so_far, "held until the client gave up", delay=self.most)


def _make(said: Making) -> Hold:
    return Hold(said.value.wait(above=True))


KIND = Kind(
    "hold",
    "SECONDS",
    "No answer comes until the client gives up, or until after this time the connection is closed.",
    _make,
    stages=EITHER,
    needs=frozenset((Need.CONNECTION,)),
    ends=True,
)
