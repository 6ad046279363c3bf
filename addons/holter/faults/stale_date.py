"""An answer whose Date is long ago: a service, or a host, whose clock is wrong."""

from __future__ import annotations

from dataclasses import dataclass

from holter.faults.body import with_header
from holter.faults.fault import Kind, Making, Scene, Stage, answered
from holter.wire.decision import Answer, Decision
from holter.wire.guise import dated


@dataclass(frozen=True, slots=True)
class StaleDate:
    """Date the answer so many seconds before the call."""

    seconds: int

    def decide(self, scene: Scene, so_far: Decision) -> Decision:
        """Change the answer."""
        if not isinstance(so_far, Answer):
            return so_far
        date = dated(scene.asked.call.asked, self.seconds)
        return answered(so_far, with_header(so_far.reply, "Date", date))


def _make(said: Making) -> StaleDate:
    return StaleDate(said.value.whole())


KIND = Kind(
    "stale_date",
    "SECONDS",
    "The answer's Date is this many whole seconds before the call; `--scale` leaves it as it is.",
    _make,
    stages=(Stage.AFTER,),
)
