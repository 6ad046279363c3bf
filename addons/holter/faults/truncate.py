"""An answer that ends too early, though the connection says that this is all."""

from __future__ import annotations

from dataclasses import dataclass

from holter.faults.body import rewritten
from holter.faults.fault import Kind, Making, Scene, Stage, answered
from holter.wire.codec import encode
from holter.wire.decision import Answer, Decision


@dataclass(frozen=True, slots=True)
class Truncate:
    """Keep only a share of the body, at least its first byte gone; its length is given as it then is."""

    share: float

    def decide(self, scene: Scene, so_far: Decision) -> Decision:
        """Change the answer."""
        if not isinstance(so_far, Answer):
            return so_far
        body = encode(so_far.reply.body)
        return answered(
            so_far, rewritten(so_far.reply, body[: min(int(len(body) * self.share), len(body) - 1)])
        )


def _make(said: Making) -> Truncate:
    return Truncate(said.value.share())


KIND = Kind(
    "truncate",
    "SHARE",
    "Only this share of the body comes (0.5 is half), with the length to match: it parses no more.",
    _make,
    stages=(Stage.AFTER,),
)
