"""The service gets a call, and the runner never hears of it."""

from __future__ import annotations

from dataclasses import dataclass

from holter.faults.fault import Kind, Making, Need, Scene, Stage, broken
from holter.wire.decision import Decision
from holter.wire.operations import Role


@dataclass(frozen=True, slots=True)
class Swallow:
    """End the connection without an answer, `silent_for` seconds after the service gave it."""

    silent_for: float = 0.0

    def decide(self, scene: Scene, so_far: Decision) -> Decision:
        """Keep the answer back."""
        return broken(so_far, "the answer was swallowed", delay=self.silent_for)


def _make(said: Making) -> Swallow:
    said.value.yes()
    silent = said.options.get("silent_for")
    return Swallow(silent.wait() if silent else 0.0)


_OPTIONS = {"silent_for": "seconds for which the connection stays silent before it is closed; default 0"}

ACK = Kind(
    "swallow_ack",
    "true",
    "The service gets a task's first beat, but the connection closes without the answer.",
    _make,
    _OPTIONS,
    (Role.BEAT,),
    (Stage.AFTER,),
    frozenset((Need.CONNECTION, Need.SERVICE)),
    when={"nth_of_task": 1},
    ends=True,
)

STATUS = Kind(
    "swallow_status",
    "true",
    "The service gets `SetTaskStatus`, but the connection closes without the answer.",
    _make,
    _OPTIONS,
    (Role.FINISH,),
    (Stage.AFTER,),
    frozenset((Need.CONNECTION, Need.SERVICE)),
    ends=True,
)
