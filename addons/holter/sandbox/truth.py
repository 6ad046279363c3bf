"""The ground truth: one JSON line for everything the sandbox decided. A taskId shows as its print only."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

from holter.sandbox.decision import Decision
from holter.wire.codec import print_of
from holter.wire.message import Json

Entry: TypeAlias = dict[str, Json]

Log: TypeAlias = Callable[[Entry], None]
"""Takes one entry: an adapter writes it down as `line(entry)`."""


def entry(what: str, at: float, wall: float, **more: Json) -> Entry:
    """Return an entry: `at` in seconds since the service began, `wall` in seconds since 1970.

    What is None is left out.
    """
    when = datetime.fromtimestamp(wall, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    known = {key: _rounded(value) for key, value in more.items() if value is not None}
    return {"at": round(at, 6), "wall": when, "what": what, **known}


def of(decision: Decision, wall: float) -> Entry:
    """Return a decision of the lease keeper as an entry."""
    job = decision.job
    return entry(
        decision.step.value,
        decision.at,
        wall,
        print=print_of(decision.task) if decision.task else None,
        attempt=job.attempt if job else None,
        pipeline=job.pipeline if job else None,
        object=object_of(job.attempt) if job else None,
        group=job.group if job else decision.group,
        runner=decision.runner,
        why=decision.why,
        limit=decision.limit,
        elapsed=decision.elapsed,
    )


def object_of(attempt_id: str) -> str:
    """Return the component's id in an attempt's: `@Copy_2026-11-21T00:00:00_Attempt=1` is of `Copy`."""
    return attempt_id.removeprefix("@").rpartition("_Attempt=")[0].rpartition("_")[0]


def line(one: Entry) -> str:
    """Return an entry as one line of JSON, with its end."""
    return json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n"


def _rounded(value: Json) -> Json:
    return round(value, 6) if isinstance(value, float) else value
