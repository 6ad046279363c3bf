"""An answer without a body."""

from __future__ import annotations

from dataclasses import dataclass

from holter.faults.body import rewritten
from holter.faults.fault import Kind, Making, Scene, Stage, answered
from holter.wire.decision import Answer, Decision


@dataclass(frozen=True, slots=True)
class Empty:
    """Leave the body out."""

    def decide(self, scene: Scene, so_far: Decision) -> Decision:
        """Change the answer."""
        return answered(so_far, rewritten(so_far.reply, b"")) if isinstance(so_far, Answer) else so_far


def _make(said: Making) -> Empty:
    said.value.yes()
    return Empty()


KIND = Kind("empty", "true", "The answer keeps its status but has no body.", _make, stages=(Stage.AFTER,))
