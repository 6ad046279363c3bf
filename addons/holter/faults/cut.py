"""The connection ends in the middle of the answer."""

from __future__ import annotations

from dataclasses import dataclass

from holter.faults.fault import Kind, Making, Need, Scene, Stage
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


def _make(said: Making) -> CutOff:
    said.value.yes()
    return CutOff()


KIND = Kind(
    "cut",
    "true",
    "The head of the answer and half of its body come, then the connection closes.",
    _make,
    stages=(Stage.AFTER,),
    needs=frozenset((Need.CONNECTION,)),
)
