"""The page's value: what it says of leases, findings, runners and calls."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.lease.history import ZERO, History

from holter.cassette.reader import open_cassette
from holter.lease.audit import Audit
from holter.lease.finding import State
from holter.lease.order import passed
from holter.lease.profile import DOCUMENTED
from holter.lease.profilefile import recorded
from holter.report import json as report
from holter.report import page
from holter.report.page import About
from holter.report.strip import Strip
from holter.report.words import iso


def judged(made: History, *, close: bool = True) -> tuple[Audit, Strip]:
    audit = Audit(DOCUMENTED)
    strip = Strip(audit.timeline)
    for edge in strip.overheard(passed(made.entries, audit.timeline)):
        audit.feed(edge)
    if close:
        audit.close()
    return audit, strip


def value(made: History, about: About | None = None, *, close: bool = True) -> Any:
    audit, strip = judged(made, close=close)
    return json.loads(json.dumps(page.value(audit, strip, about or About("run.yaml", "abc"))))


TWO = History(latency=0.5).handed(0).beat(1, 100).finished(110).handed(120, "task-2").beat(121, task="task-2")


def test_a_lease_has_all_that_the_json_report_has_its_span_and_its_dots() -> None:
    found = value(TWO)
    first, second = found["leases"]

    plain = json.loads(json.dumps(report.lease(judged(TWO)[0].leases[0], judged(TWO)[0])))
    assert plain.items() <= first.items()
    assert (first["id"], first["t0"], first["t1"], first["deadline"]) == (0, 0.5, 110.5, None)
    assert (first["span"], first["marks"]) == (900.0, [0.5, 0.8])
    assert first["dots"] == {"t": [0.0, 1.0, 100.0, 110.0], "kind": "haos", "seq": [1, 2, 3, 4]}
    assert second["dots"] == {"t": [120.0, 121.0], "kind": "ha", "seq": [5, 6]}


def test_a_finding_says_where_its_gap_lies() -> None:
    (one,) = value(TWO)["findings"]

    assert (one["rule"], one["t"], one["t0"]) == ("gap-over-advice", 76.5, 1.5)
    assert (one["certain_to"], one["possible_to"]) == (100.0, 101.0)


def test_what_its_rules_mean_is_told_beside_the_findings() -> None:
    rules = value(TWO)["rules"]

    assert set(rules) == {"gap-over-advice"}
    assert set(rules["gap-over-advice"]) == {"meaning", "action", "source"}


def test_calls_are_columns_with_their_names_apart() -> None:
    calls = value(TWO)["calls"]

    assert [calls["ops"][one] for one in calls["op"]][:2] == ["PollForTask", "ReportTaskProgress"]
    assert [calls["tasks"][one] for one in calls["task"]] == ["task-1"] * 4 + ["task-2"] * 2
    assert calls["ms"] == [500.0] * 6
    lengths = {len(calls[name]) for name in ("seq", "t", "op", "caller", "task", "answer", "origin", "ms")}
    assert lengths == {6}


def test_a_live_page_has_deadlines_and_open_findings_without_an_end() -> None:
    (closed, *_) = History().handed(0).beat(1, 1000).findings()
    about = About("x", now=ZERO + 50.25, open=[replace(closed, state=State.OPEN)])
    found = value(History().handed(0).beat(1), about, close=False)
    (lease,) = found["leases"]

    assert (found["live"], found["now"], found["zero"]) == (True, 50.25, iso(ZERO))
    assert (lease["t1"], lease["deadline"], lease["outcome"]) == (None, 901.0, None)
    assert [(one["state"], one["certain_to"]) for one in found["findings"]] == [("open", None)]
    assert found["summary"]["error"] == 1


def test_before_the_first_beat_a_lease_ends_when_it_is_not_acknowledged() -> None:
    (lease,) = value(History().handed(0), About("x", now=ZERO), close=False)["leases"]

    assert (lease["deadline"], lease["span"]) == (120.0, 120.0)


def test_leases_of_one_task_share_its_calls_by_time() -> None:
    made = History().handed(0).beat(1).finished(2).beat(3).handed(10).beat(11)
    first, second = value(made)["leases"]

    assert (first["dots"]["kind"], second["dots"]["kind"]) == ("haso", "ha")


def test_a_runner_has_its_own_heartbeats() -> None:
    made = History().call("ReportTaskRunnerHeartbeat", 1, response={"terminate": False})
    made.call("ReportTaskRunnerHeartbeat", 2, response={"terminate": True})
    (caller,) = value(made)["callers"]

    assert caller["heartbeats"] == {"t": [1.0, 2.0], "terminate": [2]}


def test_what_changes_with_a_call_is_a_part_of_the_lease() -> None:
    audit, _ = judged(History().handed(0).beat(1, 20), close=False)
    clock = page.Clock(audit, ZERO + 30)
    whole, part = page.lease(0, audit, clock), page.moved(0, audit, clock)

    assert part.items() <= whole.items()
    assert (part["deadline"], part["beats"]) == (920.0, {"ok": 2, "failed": 0})


def test_old_leases_are_left_out_but_open_ones_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "MOST_LEASES", 2)
    made = History().handed(0, "task-0", "A").beat(1, task="task-0")
    for number in range(1, 5):
        made.handed(number, f"task-{number}", f"B{number}").finished(number + 0.5, f"task-{number}")
    found = value(made, About("x", now=ZERO + 9), close=False)

    assert [lease["id"] for lease in found["leases"]] == [0, 3, 4]
    assert found["dropped"] == {"calls": 0, "leases": 2, "untimed": 0}


def test_it_is_made_in_steps() -> None:
    audit, strip = judged(TWO)
    steps = page.gradual(audit, strip, About("x"))

    assert len([*steps]) > 3


def test_the_example_in_the_docs_is_what_a_recording_comes_to() -> None:
    reader = open_cassette("cassettes/lease-lost.yaml")
    audit = Audit(recorded(reader.header.profile or {}))
    strip = Strip(audit.timeline)
    for edge in strip.overheard(passed((said for _, said in reader.heard()), audit.timeline)):
        audit.feed(edge)
    audit.close()
    found = page.value(audit, strip, About(reader.path, reader.header.recording))

    assert found == json.loads(Path("docs/examples/page.json").read_text(encoding="utf-8"))
