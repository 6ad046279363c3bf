"""An answer that is compressed though nobody asked for it."""

from __future__ import annotations

from dataclasses import dataclass

from holter.faults.body import rewritten, with_header
from holter.faults.fault import Kind, Scene, Stage, answered, wanted
from holter.wire.decision import Answer, Decision


@dataclass(frozen=True, slots=True)
class Gzipped:
    """Ask for the body to be sent with gzip; whoever sends it compresses it."""

    def decide(self, scene: Scene, so_far: Decision) -> Decision:
        """Change the answer."""
        if not isinstance(so_far, Answer):
            return so_far
        plain = rewritten(so_far.reply, so_far.reply.body)
        return answered(so_far, with_header(plain, "Content-Encoding", "gzip"))


KIND = Kind(
    "gzip",
    "true",
    "The answer comes with gzip, whether or not the client takes it.",
    wanted(Gzipped()),
    stages=(Stage.AFTER,),
)
