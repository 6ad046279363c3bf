"""The connection ends in the middle of the answer."""

from __future__ import annotations

from dataclasses import dataclass

from holter.faults.fault import Kind, Need, Scene, Stage, wanted
from holter.wire.decision import Answer, Break, Cut, Decision


@dataclass(frozen=True, slots=True)
class CutOff:
    """Send the head and half of the body, then close."""

    def decide(self, scene: Scene, so_far: Decision) -> Decision:
        """Cut an answer."""
        if not isinstance(so_far, Answer):
            return so_far
        why = "the answer was cut in the middle"
        return Break(why, delay=so_far.delay, cut=Cut.MIDDLE, reply=so_far.reply)


KIND = Kind(
    "cut",
    "true",
    "The head of the answer and half of its body come, then the connection closes.",
    wanted(CutOff()),
    stages=(Stage.AFTER,),
    needs=frozenset((Need.CONNECTION,)),
    ends=True,
)
