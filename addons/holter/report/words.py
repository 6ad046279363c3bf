"""Times, counts and leases in words, the same in every report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from holter.lease.handout import is_handout
from holter.wire.message import Interaction, Json


def clock(wall: float, *, dated: bool = False) -> str:
    """Return the time of day, UTC, to the millisecond, and the date before it where that is wanted."""
    return datetime.fromtimestamp(wall, UTC).strftime("%Y-%m-%d %H:%M:%S.%f" if dated else "%H:%M:%S.%f")[:-3]


def day(wall: float) -> date:
    """Return the day of a moment, UTC."""
    return datetime.fromtimestamp(wall, UTC).date()


def iso(wall: float) -> str:
    """Return a moment as ISO 8601, UTC, to the microsecond."""
    return datetime.fromtimestamp(wall, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def counted(number: int, word: str) -> str:
    """Return `1 call`, `2 calls`."""
    return f"{number} {word}{'' if number == 1 else 's'}"


def calls(numbers: Sequence[int]) -> str:
    """Return the calls that prove something: `call 4`, `calls 4 to 9`, `calls 4, 7 and 9`."""
    *front, last = map(str, numbers)
    if not front:
        return f"call {last}"
    return f"calls {', '.join(front)} {'to' if len(front) == 1 else 'and'} {last}"


def fields(value: Json) -> str:
    """Return a list of Fields as `key=value`, on one line and not too long."""
    if not isinstance(value, list):
        return ""
    pairs = [
        f"{field.get('key')}={field.get('stringValue', field.get('refValue'))}"
        for field in value
        if isinstance(field, dict)
    ]
    return shorten(" ".join(pairs), 60)


def shorten(text: str, length: int) -> str:
    """Return a text on one line, without control characters, cut where it is too long."""
    line = flat(text)
    return line if len(line) <= length else line[: length - 3] + "..."


def flat(text: str) -> str:
    """Return a text on one line, without control characters: a runner's words must not steer a terminal."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else " " for character in text)


def said(interaction: Interaction) -> str:
    """Return what the caller said: its task's outcome or progress, or the worker group it polls."""
    body = interaction.request if isinstance(interaction.request, dict) else {}
    parts = [
        str(body[key]) for key in ("workerGroup", "taskStatus", "errorId", "taskrunnerId") if key in body
    ]
    return shorten(" ".join([*parts, fields(body.get("fields"))]).strip(), 70)


def answered(interaction: Interaction) -> str:
    """Return what was answered: the error, a task, canceled or terminate, or who went away."""
    if interaction.broken and interaction.status is None:
        return f"no answer ({interaction.broken})"
    if interaction.error:
        return shorten(f"{interaction.status} {interaction.error}", 70)
    body = interaction.response if isinstance(interaction.response, dict) else {}
    if is_handout(interaction) and isinstance(task := body.get("taskObject"), dict):
        return shorten(f"hands out {interaction.task or '-'} {task.get('attemptId', '')}".rstrip(), 140)
    for key in ("canceled", "terminate"):
        if key in body:
            return shorten(f"{key}: {str(body[key]).lower()}", 70)
    return "no task" if interaction.op == "PollForTask" else str(interaction.status)
