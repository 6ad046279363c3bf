"""An answer that lacks members."""

from __future__ import annotations

from dataclasses import dataclass

from holter.faults.body import rewritten
from holter.faults.fault import Kind, Making, Scene, Stage, answered
from holter.faults.node import meant
from holter.wire.decision import Answer, Decision
from holter.wire.operations import OPERATIONS


@dataclass(frozen=True, slots=True)
class Missing:
    """Leave members out of the answer, all of them where none is named."""

    names: tuple[str, ...] = ()

    def decide(self, scene: Scene, so_far: Decision) -> Decision:
        """Change an answer whose body is an object; others are left alone."""
        if not isinstance(so_far, Answer) or not isinstance(so_far.reply.body, dict):
            return so_far
        body = so_far.reply.body
        kept = {name: value for name, value in body.items() if self.names and name not in self.names}
        return answered(so_far, rewritten(so_far.reply, kept)) if kept != body else so_far


def _make(said: Making) -> Missing:
    if said.value.value is True:
        return Missing()
    names = tuple(node.text() for node in said.value.items())
    for op in () if said.force else said.ops:
        known = OPERATIONS[op].response.members
        for node in said.value.items():
            if node.text() not in known:
                what = meant(node.text(), known) if known else " (it has none)"
                raise node.wrong(f"{node.text()} is no member of the answer to {op}{what}")
    return Missing(names)


KIND = Kind(
    "missing",
    "true, or names",
    "The answer lacks these members, or with `true` all of them.",
    _make,
    stages=(Stage.AFTER,),
)
