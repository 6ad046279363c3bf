"""The connection is torn down, as when a host crashes or a firewall forgets it."""

from __future__ import annotations

from dataclasses import dataclass

from holter.faults.fault import EITHER, Kind, Need, Scene, broken, wanted
from holter.wire.decision import Cut, Decision


@dataclass(frozen=True, slots=True)
class Reset:
    """Reset the connection: below TLS, without any goodbye."""

    def decide(self, scene: Scene, so_far: Decision) -> Decision:
        """Give no answer."""
        return broken(so_far, "the connection was reset", Cut.RESET)


KIND = Kind(
    "reset",
    "true",
    "The connection is reset (TCP RST); with `stage: after`, once the service has processed the call.",
    wanted(Reset()),
    stages=EITHER,
    needs=frozenset((Need.CONNECTION,)),
    ends=True,
)
