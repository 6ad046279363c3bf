"""Data for the page, made from nothing: as much as is wanted, in the shape in which the server tells it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

LIMITS = {"ack": 120.0, "progress": 900.0, "silence": 300.0, "advice": 60.0, "runner": 900.0, "poll": 90.0}
OPS = ["PollForTask", "ReportTaskProgress", "SetTaskStatus", "ReportTaskRunnerHeartbeat"]
ANSWERS = ["200", "400 TaskNotFoundException", "500 InternalServiceError", "broken by client"]
ORIGINS = ["live", "fault"]
ZERO = "2026-11-21T01:20:03.512000Z"


@dataclass
class Calls:
    """Columns of calls, as they come."""

    seq: list[int] = field(default_factory=list)
    t: list[float] = field(default_factory=list)
    op: list[int] = field(default_factory=list)
    caller: list[int] = field(default_factory=list)
    task: list[int] = field(default_factory=list)
    answer: list[int] = field(default_factory=list)
    origin: list[int] = field(default_factory=list)
    ms: list[float] = field(default_factory=list)

    def add(self, t: float, op: int, caller: int, task: int) -> int:
        """Add a call and return its number."""
        self.seq.append(len(self.seq) + 1)
        for column, value in ((self.t, round(t, 3)), (self.ms, 4.2)):
            column.append(value)
        for names, number in ((self.op, op), (self.caller, caller), (self.task, task)):
            names.append(number)
        self.answer.append(0)
        self.origin.append(0)
        return len(self.seq)


def value(leases: int = 12, beats: int = 20, *, live: bool = False, every: float = 55.0) -> dict[str, Any]:
    """Return a page's value with so many leases, and so many beats each; each tenth lease has a gap."""
    chance, calls = random.Random(7), Calls()
    runners = [f"etl-{number}" for number in range(max(1, leases // 40 + 1))]
    rows = [
        _lease(number, chance, calls, _Shape(len(runners), beats, every, leases)) for number in range(leases)
    ]
    findings = [
        found for number, row in enumerate(rows) if number % 10 == 3 for found in _late(number, row, calls)
    ]
    now = max(row["t1"] for row in rows) + 1
    if live:
        for row in rows[-5:]:
            row.update(t1=None, deadline=row["dots"]["t"][-1] + 900.0, outcome=None, standing="held", to=None)
    return {
        **head(now, live=live),
        "leases": rows,
        "findings": findings,
        "callers": [_caller(name) for name in runners],
        "calls": {
            **vars(calls),
            "ops": OPS,
            "callers": runners,
            "tasks": ["", *(row["task"] for row in rows)],
            "answers": ANSWERS,
            "origins": ORIGINS,
        },
        "summary": {"error": len(findings), "warning": 0, "note": 0, "calls": len(calls.seq), "lost": 0},
    }


def head(now: float, *, live: bool = False) -> dict[str, Any]:
    """Return what a page says of the recording as a whole, with nothing in it."""
    return {
        "version": 1,
        "live": live,
        "title": "sample.yaml",
        "recording": "5f0c9c1e",
        "by": "holter",
        "zero": ZERO,
        "now": now,
        "scale": 1.0,
        "profile": {"name": "documented", "scale": 1.0, "limits": LIMITS},
        "blind": [{"from": round(now * 0.46, 3), "to": round(now * 0.49, 3), "why": "paused"}],
        "leases": [],
        "findings": [],
        "callers": [],
        "calls": {},
        "summary": {},
        "faults": {"seed": 7, "rules": [{"name": "flaky", "state": "armed", "met": 2, "left": None}]},
        "after": 0,
        "state": {"mode": "record", "paused": False},
    }


@dataclass(frozen=True)
class _Shape:
    runners: int
    beats: int
    every: float
    leases: int


def _lease(number: int, chance: random.Random, calls: Calls, shape: _Shape) -> dict[str, Any]:
    start = chance.uniform(0, 0.3) * shape.beats * shape.every
    dots = list(_dots(number, start, chance, shape))
    runner = number % shape.runners
    numbers = [calls.add(t, {"h": 0, "s": 2}.get(kind, 1), runner, number + 1) for t, kind in dots]
    task, ended = f"task-{number + 1}", dots[-1][0]
    return {
        "id": number,
        "task": task,
        "attempt": f"@Copy{number}_2026-11-21T00:00:00_Attempt=1",
        "pipeline": "df-00000000000000000000",
        "activity": f"Copy{number}",
        "caller": f"etl-{runner}",
        "outcome": "finished",
        "standing": "ended",
        "redelivery_of": None,
        "redelivered_as": None,
        "ack": 0.4,
        "beats": {"ok": shape.beats, "failed": 0},
        "interval": {"min": 50.0, "p50": 55.0, "p95": 60.0, "p99": 60.0, "max": 60.0},
        "worst_share": 0.07,
        "headroom": 0.93,
        "limits": {"ack": 120.0, "progress": 900.0},
        "progress": [{"key": "percentComplete", "stringValue": "90"}],
        "t0": round(start, 3),
        "t1": ended,
        "deadline": None,
        "span": 900.0,
        "marks": [0.5, 0.8],
        "dots": {"t": [t for t, _ in dots], "kind": "".join(kind for _, kind in dots), "seq": numbers},
    }


def _dots(number: int, start: float, chance: random.Random, shape: _Shape) -> Iterator[tuple[float, str]]:
    t = start
    yield round(t, 3), "h"
    for beat in range(shape.beats):
        late = number % 10 == 3 and beat == shape.beats // 2
        t += 1000.0 if late else shape.every * chance.uniform(0.9, 1.1) if beat else 0.4
        kind = "a" if not beat else "e" if chance.random() < 0.01 else "o"
        yield round(t, 3), kind
    yield round(t + 2, 3), "s"


def _late(number: int, row: dict[str, Any], calls: Calls) -> Iterator[dict[str, Any]]:
    moments = row["dots"]["t"]
    for before, after in pairwise(moments):
        if after - before > 900:
            yield {
                "id": number,
                "rule": "gap-over-limit",
                "severity": "error",
                "certainty": "certain",
                "state": "closed",
                "cause": None,
                "task": row["task"],
                "attempt": row["attempt"],
                "caller": row["caller"],
                "at": ZERO,
                "gap": {"certain": after - before, "possible": after - before + 30},
                "limit": {"name": "progress", "seconds": 900.0, "source": "AWS API reference"},
                "interactions": [calls.seq[calls.t.index(before)], calls.seq[calls.t.index(after)]],
                "message": f"{row['task']} had no beat for {after - before:.0f} s; the limit is 900 s",
                "suppressed": None,
                "t": before + 900,
                "t0": before,
                "certain_to": after,
                "possible_to": after + 30,
            }


def _caller(name: str) -> dict[str, Any]:
    return {
        "caller": name,
        "calls": 100,
        "tasks": 4,
        "beats": {"ok": 90, "failed": 1},
        "worst_share": 0.3,
        "polls": 5,
        "unpolled": {"seconds": 2.0, "longest": 1.0},
        "alive": {"beats": 3},
        "heartbeats": {"t": [10.0, 300.0, 600.0], "terminate": []},
    }
