"""The service cancels the task: a beat is answered `canceled: true`."""

from __future__ import annotations

from dataclasses import dataclass

from holter.faults.fault import EITHER, Kind, Scene, answered, ordered, wanted
from holter.wire.codec import answer
from holter.wire.decision import Decision, Deed
from holter.wire.operations import DATA_PIPELINE, Role


@dataclass(frozen=True, slots=True)
class Cancel:
    """Tell the runner that its task is cancelled; one that does not obey thinks that it goes on."""

    def decide(self, scene: Scene, so_far: Decision) -> Decision:
        """Answer the beat."""
        return ordered(scene, so_far, Deed.CANCEL) or answered(so_far, answer({DATA_PIPELINE.cancel: True}))


KIND = Kind(
    "cancel",
    "true",
    "A beat is answered `canceled: true`: the runner must stop and report nothing more.",
    wanted(Cancel()),
    roles=(Role.BEAT,),
    stages=EITHER,
)
