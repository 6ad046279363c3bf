"""An answer that says it is JSON and is none."""

from __future__ import annotations

from dataclasses import dataclass

from holter.faults.body import rewritten
from holter.faults.fault import Kind, Scene, Stage, answered, wanted
from holter.wire.codec import encode
from holter.wire.decision import Answer, Decision


@dataclass(frozen=True, slots=True)
class Malformed:
    """Break the JSON of the body, in its first bytes, so that no parser takes it."""

    def decide(self, scene: Scene, so_far: Decision) -> Decision:
        """Change the answer."""
        if not isinstance(so_far, Answer):
            return so_far
        return answered(so_far, rewritten(so_far.reply, b"{]" + encode(so_far.reply.body)))


KIND = Kind(
    "malformed",
    "true",
    "The body of the answer is no JSON any more.",
    wanted(Malformed()),
    stages=(Stage.AFTER,),
)
