"""There is no work: polls get the empty answer."""

from __future__ import annotations

from dataclasses import dataclass

from holter.faults.fault import Kind, Scene, answered, wanted
from holter.wire.codec import answer
from holter.wire.decision import Decision
from holter.wire.operations import Role


@dataclass(frozen=True, slots=True)
class Starve:
    """Answer a poll with nothing, at once: with `delay` before it, after a long poll."""

    def decide(self, scene: Scene, so_far: Decision) -> Decision:
        """Answer the poll."""
        return answered(so_far, answer({}))


KIND = Kind(
    "starve",
    "true",
    "A poll is answered `{}`, no task, at once; put `delay` before it for a long poll that ends empty.",
    wanted(Starve()),
    roles=(Role.POLL,),
)
