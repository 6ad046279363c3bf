"""An answer without a body."""

from __future__ import annotations

from dataclasses import dataclass

from holter.faults.body import rewritten
from holter.faults.fault import Kind, Scene, Stage, answered, wanted
from holter.wire.decision import Answer, Decision


@dataclass(frozen=True, slots=True)
class Empty:
    """Leave the body out."""

    def decide(self, scene: Scene, so_far: Decision) -> Decision:
        """Change the answer."""
        return answered(so_far, rewritten(so_far.reply, b"")) if isinstance(so_far, Answer) else so_far


KIND = Kind(
    "empty", "true", "The answer keeps its status but has no body.", wanted(Empty()), stages=(Stage.AFTER,)
)
