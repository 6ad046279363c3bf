"""Why a call has no recorded answer: one text for the log, the answer's message, a test's failure."""

from __future__ import annotations

import enum
import shlex
from collections.abc import Sequence

from holter.replay.matching import Difference
from holter.wire.codec import canonical
from holter.wire.message import NOTHING, Json, Nothing, Reply
from holter.wire.value import value

CODE = "NotRecordedException"
"""The error of a refused call: no operation has it, so that no runner takes it for a word of the service,
and no SDK tries again after it (a client's error, status 400, that is none of their known ones)."""

_MOST_PATHS = 3
_LONGEST = 60


class Reason(enum.StrEnum):
    """What kind of miss it is."""

    NO_OPERATION = "no-operation"
    UNKNOWN_TASK = "unknown-task"
    TASK_OVER = "task-over"
    PLAYED = "already-played"
    DIFFERS = "differs"
    NOTHING_SIMILAR = "nothing-similar"
    DAMAGED = "damaged"


@value
class Miss:
    """A call without a recorded answer.

    `subject` is the alias of the task that it is about, `near` the place of the nearest recorded call. All
    values are redacted.
    """

    op: str
    reason: Reason
    why: str
    files: tuple[str, ...]
    subject: str | None = None
    near: str | None = None
    differences: Sequence[Difference] = ()

    @property
    def text(self) -> str:
        """The whole explanation, on one line."""
        about = f" of {self.subject}" if self.subject else ""
        parts = [f"no recorded answer for {self.op}{about}: {self.why}"]
        if self.near:
            parts.append(f"nearest is {self.near}")
        if self.differences:
            parts.append(", ".join(map(_told, self.differences[:_MOST_PATHS])) + _more(len(self.differences)))
        return "; ".join([*parts, f"record it: {self.command}"])

    @property
    def command(self) -> str:
        """The command that would record it."""
        return f"holter record --mode new_episodes -o {shlex.quote(self.files[0])} -- CMD"

    @property
    def reply(self) -> Reply:
        """The answer that a refused call gets."""
        return Reply(400, {"__type": CODE, "message": self.text}, (("x-amzn-ErrorType", CODE),))


def _told(difference: Difference) -> str:
    recorded, asked = _value(difference.recorded), _value(difference.asked)
    return f"{difference.path} was {recorded} and is {asked}"


def _value(value: Json | Nothing) -> str:
    if value is NOTHING:
        return "missing"
    text = canonical(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _more(count: int) -> str:
    return f" and {count - _MOST_PATHS} more" if count > _MOST_PATHS else ""
