"""An answer that calls itself something else."""

from __future__ import annotations

from dataclasses import dataclass

from holter.faults.body import with_header
from holter.faults.fault import Kind, Making, Scene, Stage, answered
from holter.wire.decision import Answer, Decision


@dataclass(frozen=True, slots=True)
class ContentType:
    """Give the answer another Content-Type."""

    value: str

    def decide(self, scene: Scene, so_far: Decision) -> Decision:
        """Change the answer."""
        if not isinstance(so_far, Answer):
            return so_far
        return answered(so_far, with_header(so_far.reply, "Content-Type", self.value))


def _make(said: Making) -> ContentType:
    value = said.value.text()
    if not value.isascii() or not value.isprintable():
        raise said.value.wrong("must be plain text such as text/html")
    return ContentType(value)


KIND = Kind(
    "content_type",
    "TYPE",
    "The answer has this Content-Type, such as `text/html`, over its own body.",
    _make,
    stages=(Stage.AFTER,),
)
