"""Nobody is at home: for a while, connections are turned away."""

from __future__ import annotations

from dataclasses import dataclass

from holter.faults.fault import Kind, Lasting, Making, Need, Scene, Scope, broken
from holter.wire.decision import Cut, Decision


@dataclass(frozen=True, slots=True)
class Refuse:
    """Reset the connections that are there; new ones are turned away as they come."""

    def decide(self, scene: Scene, so_far: Decision) -> Decision:
        """Give no answer."""
        return broken(so_far, "connections were refused", Cut.RESET)


def _make(said: Making) -> Refuse:
    said.value.seconds(above=True)
    return Refuse()


KIND = Kind(
    "refuse",
    "SECONDS",
    "For this time from the call on, new connections are turned away and calls on open ones are reset.",
    _make,
    needs=frozenset((Need.CONNECTION,)),
    lasts=lambda said: Lasting(Scope.ALL, seconds=said.value.seconds(above=True), connections=True),
    ends=True,
)
