"""Somebody deletes the pipeline while its tasks run."""

from __future__ import annotations

from dataclasses import dataclass

from holter.faults.fault import Kind, Lasting, Scene, Scope, answered, ops_of, ordered, wanted
from holter.wire.codec import error_reply
from holter.wire.decision import Decision, Deed
from holter.wire.operations import PIPELINE_DELETED, Role


@dataclass(frozen=True, slots=True)
class PipelineDeleted:
    """Answer whatever is said of the pipeline's tasks with PipelineDeletedException."""

    def decide(self, scene: Scene, so_far: Decision) -> Decision:
        """Answer a call for one of its tasks."""
        gone = error_reply(PIPELINE_DELETED, "the pipeline was deleted")
        return ordered(scene, so_far, Deed.DELETE) or answered(so_far, gone)


KIND = Kind(
    "pipeline_deleted",
    "true",
    "From this call on, all calls for tasks of its pipeline are answered `PipelineDeletedException`.",
    wanted(PipelineDeleted()),
    roles=(Role.BEAT, Role.FINISH),
    lasts=lambda _said: Lasting(Scope.PIPELINE, frozenset(ops_of(Role.BEAT, Role.FINISH))),
)
