"""An error of the service, or one that any AWS call may get."""

from __future__ import annotations

from dataclasses import dataclass

from holter.faults.aws_errors import COMMON
from holter.faults.fault import EITHER, Kind, Making, Scene, answered
from holter.faults.node import Node, meant
from holter.wire.codec import error_reply
from holter.wire.decision import Decision
from holter.wire.message import Reply
from holter.wire.operations import ERROR_STATUS, OPERATIONS


@dataclass(frozen=True, slots=True)
class Error:
    """Answer with an error, in the shape that every SDK reads."""

    reply: Reply

    def decide(self, scene: Scene, so_far: Decision) -> Decision:
        """Answer the call."""
        return answered(so_far, self.reply)


def known(code: Node, ops: tuple[str, ...]) -> str:
    """Return an error's code, if the operations may answer with it."""
    found = code.text()
    if found in COMMON:
        return found
    if found not in ERROR_STATUS:
        raise code.wrong(f"is no error of this service{meant(found, (*ERROR_STATUS, *COMMON))}")
    for op in ops:
        if found not in OPERATIONS[op].errors:
            own = ", ".join(OPERATIONS[op].errors)
            raise code.wrong(f"is no error of {op}, which has {own}; force: true lets it through")
    return found


def _make(said: Making) -> Error:
    code = said.value.text() if said.force else known(said.value, said.ops)
    status = said.options["status"].status() if "status" in said.options else None
    message = said.options["message"].text() if "message" in said.options else f"{code} (a fault of Holter's)"
    return Error(error_reply(code, message, status or COMMON.get(code)))


KIND = Kind(
    "error",
    "CODE",
    "The call is answered with an error: one of the operation's own, or one that any AWS call may get.",
    _make,
    {"status": "another HTTP status than the documented one", "message": "the error's text"},
    stages=EITHER,
)
