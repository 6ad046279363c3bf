"""What a hand-out asks of the runner: its type, its command, whose attempt it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from holter.wire.message import Json

_ATTEMPT = re.compile(r"@(.+?)_\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:_\d+)?_Attempt=\d+")
_PARENTS = ("parent", "@componentParent", "@instanceParent")

Fields = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Task:
    """One task as PollForTask hands it out. `component` is `Slow` in `@Slow_2026-..._Attempt=1`."""

    task_id: str
    attempt: str
    pipeline: str
    component: str
    kind: str
    command: str | None = None
    arguments: tuple[str, ...] = ()
    path: str | None = None


def read(answer: Mapping[str, Json]) -> Task | None:
    """Read an answer of PollForTask; None when it hands out nothing."""
    task = answer.get("taskObject")
    if not isinstance(task, dict) or not task.get("taskId"):
        return None
    attempt = str(task.get("attemptId") or "")
    objects = task.get("objects")
    chain = list(_chain(objects, attempt)) if isinstance(objects, dict) else []
    match = _ATTEMPT.fullmatch(attempt)
    return Task(
        str(task["taskId"]),
        attempt,
        str(task.get("pipelineId") or ""),
        match[1] if match else attempt,
        _first(chain, "type") or "",
        _first(chain, "command"),
        _all(chain, "scriptArgument"),
        _first(chain, "filePath") or _first(chain, "directoryPath"),
    )


def _chain(objects: Mapping[str, Json], start: str) -> Iterator[Fields]:
    """Yield the fields of the attempt, then of the parents that it names, each object once."""
    waiting, seen = [start], set()
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        fields = _fields(objects.get(name))
        yield fields
        waiting += [value for key, value in fields if key in _PARENTS]


def _fields(value: Json) -> Fields:
    fields = value.get("fields") if isinstance(value, dict) else None
    rows = [field for field in fields if isinstance(field, dict)] if isinstance(fields, list) else []
    return [(str(row.get("key")), str(row.get("stringValue", row.get("refValue", "")))) for row in rows]


def _all(chain: list[Fields], wanted: str) -> tuple[str, ...]:
    """Return every value of a key on the nearest object that has it: keys repeat where they are lists."""
    found = (tuple(value for key, value in fields if key == wanted) for fields in chain)
    return next(filter(None, found), ())


def _first(chain: list[Fields], wanted: str) -> str | None:
    return next(iter(_all(chain, wanted)), None)
