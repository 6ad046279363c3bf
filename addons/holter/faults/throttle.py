"""Too many calls: a few in a row are turned down, then all is well."""

from __future__ import annotations

from dataclasses import dataclass

from holter.faults.fault import Kind, Lasting, Making, Scene, Scope, answered
from holter.wire.codec import error_reply
from holter.wire.decision import Decision


@dataclass(frozen=True, slots=True)
class Throttle:
    """Answer with ThrottlingException."""

    status: int = 400

    def decide(self, scene: Scene, so_far: Decision) -> Decision:
        """Turn the call down."""
        return answered(so_far, error_reply("ThrottlingException", "Rate exceeded", self.status))


def _make(said: Making) -> Throttle:
    return Throttle(said.options["status"].status() if "status" in said.options else 400)


KIND = Kind(
    "throttle",
    "K",
    "K tries in a row of this operation, for this task or runner, are answered `ThrottlingException`.",
    _make,
    {"status": "the HTTP status; default 400, as AWS JSON services answer"},
    lasts=lambda said: Lasting(Scope.SAME, times=said.value.whole()),
)
