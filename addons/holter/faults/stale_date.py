"""An answer whose Date is long ago: a service, or a host, whose clock is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import formatdate

from holter.faults.body import with_header
from holter.faults.fault import Kind, Making, Scene, Stage, answered
from holter.wire.decision import Answer, Decision


@dataclass(frozen=True, slots=True)
class StaleDate:
    """Date the answer so many seconds before the call."""

    seconds: float

    def decide(self, scene: Scene, so_far: Decision) -> Decision:
        """Change the answer."""
        if not isinstance(so_far, Answer):
            return so_far
        date = formatdate(scene.asked.call.asked.wall - self.seconds, usegmt=True)
        return answered(so_far, with_header(so_far.reply, "Date", date))


def _make(said: Making) -> StaleDate:
    said.value.seconds(above=True)
    return StaleDate(said.value.number())


KIND = Kind(
    "stale_date",
    "SECONDS",
    "The answer's Date is this many seconds before the call; `--scale` leaves it as it is.",
    _make,
    stages=(Stage.AFTER,),
)
