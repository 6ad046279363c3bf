"""What came of a task, in the words of SetTaskStatus."""

from __future__ import annotations

import signal
from dataclasses import dataclass

from holter.wire.check import ILLEGAL

STACK_LIMIT = 1024
"""Characters of an errorStackTrace (botocore's service model; the API reference prints 4095)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """FINISHED, FAILED or FALSE, and for FAILED why. No `error_id` begins with the reserved `Service_`."""

    status: str
    error_id: str | None = None
    message: str | None = None
    stack: str | None = None

    def members(self) -> dict[str, str]:
        """Return the members of a SetTaskStatus request besides its task."""
        named = {"errorId": self.error_id, "errorMessage": self.message, "errorStackTrace": self.stack}
        return {"taskStatus": self.status, **{name: text for name, text in named.items() if text}}


FINISHED = Outcome("FINISHED")
FALSE = Outcome("FALSE")


def failed(error_id: str, message: str, output: str = "") -> Outcome:
    """Return a failure; `output` may be of any length and hold any character."""
    return Outcome("FAILED", error_id, legal(message), legal(output)[-STACK_LIMIT:])


def legal(text: str) -> str:
    """Return a text with every character that the service refuses replaced by U+FFFD."""
    return ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)


def ended(code: int, output: str) -> Outcome:
    """Return what a command's exit status means; a negative one is the signal that ended it."""
    if code == 0:
        return FINISHED
    if code > 0:
        return failed("CommandFailed", f"the command ended with exit status {code}", output)
    return failed("CommandKilled", f"the command was ended by {_signal(-code)}", output)


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
