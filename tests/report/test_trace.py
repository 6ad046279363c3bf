"""The report as a picture."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.lease.history import History

from holter.report.trace import render, value


def events(history: History, kind: str) -> list[dict[str, Any]]:
    found: Any = value(history.audit())["traceEvents"]
    return [event for event in found if event["ph"] == kind]


def test_a_runner_is_a_process_and_a_task_is_a_track() -> None:
    history = History(caller="a").handed(0).beat(1).finished(2).handed(3, "task-2", "B")
    history.caller = "b"
    history.handed(4, "task-3", "C")

    assert [(one["name"], one["args"]["name"], one["pid"], one["tid"]) for one in events(history, "M")] == [
        ("process_name", "a", 1, 0),
        ("process_name", "b", 2, 0),
        ("thread_name", "task-1", 1, 1),
        ("thread_name", "task-2", 1, 2),
        ("thread_name", "task-3", 2, 3),
    ]


def test_a_lease_is_a_span_beats_are_instants_and_gaps_are_named_by_their_rule() -> None:
    history = History().handed(2).beat(3, 1003).finished(1004)

    assert [(one["name"], one["cat"], one["ts"], one["dur"]) for one in events(history, "X")] == [
        ("Copy", "lease", 2_000_000, 1_002_000_000),
        ("gap-over-limit", "finding,error", 3_000_000, 1_000_000_000),
    ]
    assert [(one["name"], one["ts"], one["s"]) for one in events(history, "i")] == [
        ("beat", 3_000_000, "t"),
        ("beat", 1_003_000_000, "t"),
    ]
    (about, _) = (one["args"] for one in events(history, "X"))
    assert about == {"outcome": "finished", "attempt": "@Copy_2026-01-02T00:00:00_Attempt=1"}


def test_a_tolerance_counts_to_the_gap() -> None:
    (_, gap) = events(History().handed(0).beat(1, 91).finished(92), "X")

    assert (gap["name"], gap["ts"], gap["dur"]) == ("gap-over-advice", 1_000_000, 90_000_000)


def test_a_lease_whose_hand_out_was_not_seen_begins_with_its_first_beat() -> None:
    assert [(one["ts"], one["dur"]) for one in events(History().beat(5, 9), "X")] == [(5_000_000, 4_000_000)]


def test_nothing_recorded_is_an_empty_trace() -> None:
    assert json.loads(render(History().audit()))["traceEvents"] == []
    assert value(History().audit())["otherData"] == {"started": "2027-01-15T08:00:00.000000Z"}


@given(
    st.lists(st.tuples(st.floats(0.1, 1000), st.sampled_from([200, 500, 400, None])), max_size=15),
    st.floats(0, 3),
)
def test_spans_of_one_track_never_cross(calls: list[tuple[float, int | None]], latency: float) -> None:
    history, at = History(latency=latency).handed(0), 3.0
    for gap, status in calls:
        at += gap
        history.call("ReportTaskProgress", at, task="task-1", status=status)
    found: Any = json.loads(render(history.audit()))["traceEvents"]
    spans = [(one["ts"], one["ts"] + one["dur"]) for one in found if one["ph"] == "X"]

    assert all(begin <= end for begin, end in spans)
    assert [(one, other) for one in spans for other in spans if one[0] < other[0] < one[1] < other[1]] == []
    assert all(isinstance(one[key], int) for one in found for key in ("pid", "tid"))
