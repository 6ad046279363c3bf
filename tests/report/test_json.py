"""The report for programs: its names are promised (interfaces, JSON report)."""

from __future__ import annotations

import json

import pytest
from tests.lease.history import ZERO, History

from holter.lease.profile import DOCUMENTED, Profile
from holter.report.json import VERSION, render, value
from holter.report.place import File, Place
from holter.wire.message import Json, Origin


def report(history: History, profile: Profile = DOCUMENTED, **asked: object) -> dict[str, Json]:
    return value(history.audit(profile), files=[File("run.yaml", "r1")], **asked)  # type: ignore[arg-type]  # a table's row


def stand(lines: dict[int, int] | None) -> dict[int, Place] | None:
    return None if lines is None else {seq: Place("run.yaml", line) for seq, line in lines.items()}


HEALTHY = History().handed(0, reportProgressTimeout="10 minutes").beat(1, 50).finished(60)
LATE = History(latency=0.5).handed(0).beat(1, 400).finished(401)


def test_the_names_at_the_top_are_those_that_were_promised() -> None:
    found = report(LATE)

    assert list(found) == [
        *(
            "version",
            "recording",
            "scale",
            "profile",
            "what_if",
            "blind",
            "findings",
            "leases",
            "callers",
            "summary",
        ),
        "files",
    ]
    assert (found["version"], found["recording"], found["scale"]) == (VERSION, "r1", 1.0)
    assert found["profile"] == {**DOCUMENTED.as_json(), "sources": dict(DOCUMENTED.sources)}


def test_a_finding_carries_its_proof() -> None:
    source = DOCUMENTED.sources["silence"]

    assert report(LATE, places=stand({1: 9, 2: 20, 3: 31}))["findings"] == [
        {
            "rule": "gap-over-5min",
            "severity": "warning",
            "certainty": "certain",
            "state": "closed",
            "cause": None,
            "task": "task-1",
            "attempt": "@Copy_2026-01-02T00:00:00_Attempt=1",
            "caller": "runner-1",
            "at": "2027-01-15T08:05:01.500000Z",
            "gap": {"certain": 398.5, "possible": 399.5},
            "limit": {"name": "silence", "seconds": 300.0, "source": source},
            "interactions": [2, 3],
            "message": "task-1 had no beat for 398.50 to 399.50 s; the limit is 300 s (silence)",
            "suppressed": None,
            "line": 31,
            "places": ["run.yaml:20", "run.yaml:31"],
        }
    ]


@pytest.mark.parametrize(("lines", "line"), [(None, None), ({}, None), ({2: 20}, 20), ({7: 70}, None)])
def test_the_line_is_that_of_the_latest_call_that_is_known(
    lines: dict[int, int] | None, line: int | None
) -> None:
    found = report(LATE, places=stand(lines))["findings"]

    assert isinstance(found, list)
    assert [finding["line"] for finding in found if isinstance(finding, dict)] == [line]


def test_a_lease_tells_its_whole_life() -> None:
    assert report(HEALTHY)["leases"] == [
        {
            "task": "task-1",
            "attempt": "@Copy_2026-01-02T00:00:00_Attempt=1",
            "pipeline": "df-1",
            "activity": "Copy",
            "caller": "runner-1",
            "from": "2027-01-15T08:00:00.000000Z",
            "to": "2027-01-15T08:01:00.000000Z",
            "outcome": "finished",
            "standing": "ended",
            "redelivery_of": None,
            "redelivered_as": None,
            "ack": 1.0,
            "beats": {"ok": 2, "failed": 0},
            "interval": {"min": 49.0, "p50": 49.0, "p95": 49.0, "p99": 49.0, "max": 49.0},
            "worst_share": 0.081667,
            "headroom": 0.918333,
            "limits": {"ack": 120.0, "reportProgressTimeout": 600.0},
            "unread": {},
            "progress": [],
        }
    ]


def test_an_attempt_that_was_handed_out_again_is_linked_both_ways() -> None:
    leases = report(History().handed(0).beat(1).handed(1000, "task-2").beat(1001, task="task-2"))["leases"]
    assert isinstance(leases, list)
    links = [(one["redelivery_of"], one["redelivered_as"]) for one in leases if isinstance(one, dict)]

    assert links == [(None, "task-2"), ("task-1", None)]


def test_limits_and_what_could_not_be_read_of_them_are_told() -> None:
    limits = {"attemptTimeout": "1 hour", "reportProgressTimeout": "#{x}"}
    leases = report(History().handed(0, **limits).beat(1).finished(2))["leases"]
    assert isinstance(leases, list)
    (lease,) = leases
    assert isinstance(lease, dict)

    assert lease["limits"] == {"ack": 120.0, "progress": 900.0, "attemptTimeout": 3600.0}
    assert lease["unread"] == {"reportProgressTimeout": "#{x}"}


def test_a_lease_whose_hand_out_was_not_seen_has_nulls() -> None:
    leases = report(History().beat(5, 9))["leases"]
    assert isinstance(leases, list)
    (lease,) = leases
    assert isinstance(lease, dict)

    assert [lease[key] for key in ("attempt", "pipeline", "activity", "from", "ack")] == [None] * 5
    assert (lease["outcome"], lease["beats"]) == ("unfinished", {"ok": 2, "failed": 0})


def test_the_summary_counts_findings_calls_tasks_and_losses() -> None:
    history = History(caller="a").handed(0).beat(1, 400).finished(401)
    history.caller = "b"
    history.handed(500, "task-2", "B").call("X", 501)
    found = report(history, lost=3)

    assert found["summary"] == {
        "error": 0,
        "warning": 1,
        "note": 0,
        "calls": 6,
        "tasks": 2,
        "unplayed": 0,
        "lost": 3,
        "suppressed": 0,
    }
    assert isinstance(callers := found["callers"], list)
    assert [(one["caller"], one["calls"]) for one in callers if isinstance(one, dict)] == [("a", 4), ("b", 2)]


def test_a_caller_tells_of_all_its_tasks_and_of_itself() -> None:
    history = History().handed(0).beat(1, 50, 99).failing(100, 500, "X").finished(101)
    history.call("PollForTask", 110, latency=20).call("ReportTaskRunnerHeartbeat", 112)
    history.handed(140, "task-2", "B").beat(142, task="task-2").call("ReportTaskRunnerHeartbeat", 412)

    assert report(history)["callers"] == [
        {
            "caller": "runner-1",
            "calls": 11,
            "tasks": 2,
            "ack": {"min": 1.0, "p50": 1.0, "p95": 2.0, "p99": 2.0, "max": 2.0},
            "beats": {"ok": 4, "failed": 1},
            "interval": {"min": 49.0, "p50": 49.0, "p95": 49.0, "p99": 49.0, "max": 49.0},
            "worst_share": 0.3,
            "headroom": 0.7,
            "polls": 3,
            "unpolled": {"seconds": 120.0, "longest": 110.0},
            "alive": {
                "beats": 2,
                "interval": {"min": 300.0, "p50": 300.0, "p95": 300.0, "p99": 300.0, "max": 300.0},
            },
        }
    ]


def test_blind_time_is_told_in_utc() -> None:
    history = History().mark("stopped", 50).mark("started", 0.0, ZERO + 80)

    assert report(history)["blind"] == [
        {
            "from": "2027-01-15T08:00:50.000000Z",
            "to": "2027-01-15T08:01:20.000000Z",
            "why": "Holter was stopped",
        }
    ]


@pytest.mark.parametrize(
    "history",
    [
        History(),
        HEALTHY,
        LATE,
        History().handed(0).call("ReportTaskProgress", 400, task="task-1", origin=Origin.FAULT).finished(500),
        History().handed(0).call("SetTaskStatus", 400, task="task-1", status=400, request=b"\xff"),
    ],
)
def test_the_text_is_strict_json_of_the_value(history: History) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    text = render(history.audit())

    assert text.endswith("}\n")
    assert json.loads(text, parse_constant=refuse) == value(history.audit())
