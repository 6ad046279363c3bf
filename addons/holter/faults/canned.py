"""Any answer, as the plan spells it."""

from __future__ import annotations

from dataclasses import dataclass

from holter.faults.fault import EITHER, Kind, Making, Scene, answered
from holter.wire.check import check
from holter.wire.decision import Decision
from holter.wire.message import Reply
from holter.wire.operations import OPERATIONS


@dataclass(frozen=True, slots=True)
class Canned:
    """Give one and the same answer."""

    reply: Reply

    def decide(self, scene: Scene, so_far: Decision) -> Decision:
        """Answer the call."""
        return answered(so_far, self.reply)


def _make(said: Making) -> Canned:
    status = said.options["status"].status() if "status" in said.options else 200
    body = said.value.json()
    if not said.force and status < 300:
        if not said.ops:
            raise said.value.wrong("is an answer to which operation? Give the rule an op, or force: true")
        for op in said.ops:
            if problems := check(body, OPERATIONS[op].response):
                raise said.value.wrong(f"is no answer to {op}: {problems[0]}; force: true lets it through")
    return Canned(Reply(status, body))


KIND = Kind(
    "answer",
    "JSON",
    "The call is answered with this body, which is held against the protocol: `cancelled: true` is refused.",
    _make,
    {"status": "the HTTP status; default 200"},
    stages=EITHER,
)
