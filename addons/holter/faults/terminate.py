"""The service asks the runner to leave: its heartbeat is answered `terminate: true`."""

from __future__ import annotations

from dataclasses import dataclass

from holter.faults.fault import EITHER, Kind, Scene, answered, wanted
from holter.wire.codec import answer
from holter.wire.decision import Decision
from holter.wire.operations import DATA_PIPELINE, Role


@dataclass(frozen=True, slots=True)
class Terminate:
    """Tell the runner to end."""

    def decide(self, scene: Scene, so_far: Decision) -> Decision:
        """Answer the runner's own heartbeat."""
        return answered(so_far, answer({DATA_PIPELINE.terminate: True}))


KIND = Kind(
    "terminate",
    "true",
    "`ReportTaskRunnerHeartbeat` is answered `terminate: true`: the runner must end.",
    wanted(Terminate()),
    roles=(Role.ALIVE,),
    stages=EITHER,
)
