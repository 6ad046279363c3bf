"""The lease is lost: from now on, the service does not know the task any more."""

from __future__ import annotations

from dataclasses import dataclass

from holter.faults.fault import Kind, Lasting, Scene, Scope, answered, ops_of, ordered, wanted
from holter.wire.codec import error_reply
from holter.wire.decision import Decision, Deed
from holter.wire.operations import TASK_NOT_FOUND, Role


@dataclass(frozen=True, slots=True)
class LoseLease:
    """Answer whatever is said of the task with TaskNotFoundException."""

    def decide(self, scene: Scene, so_far: Decision) -> Decision:
        """Answer a call that names the task."""
        gone = error_reply(TASK_NOT_FOUND, "the task is not known, or was given to another")
        return ordered(scene, so_far, Deed.TAKE) or answered(so_far, gone)


KIND = Kind(
    "lose_lease",
    "true",
    "From this call on, all calls for the task are answered `TaskNotFoundException`.",
    wanted(LoseLease()),
    roles=(Role.BEAT, Role.FINISH),
    lasts=lambda _said: Lasting(Scope.TASK, frozenset(ops_of(Role.BEAT, Role.FINISH))),
)
