"""What-ifs side by side."""

from __future__ import annotations

import json

from tests.lease.history import History

from holter.lease.profile import DOCUMENTED
from holter.lease.whatif import changed, what_if
from holter.report.comparison import Row, render, text


def rows(*asked: str, fail_on: str = "error") -> list[Row]:
    history = History().handed(0).beat(1, 400).finished(401)
    history.handed(500, "task-2", "B", reportProgressTimeout="#{x}").beat(501, 1500, task="task-2")
    history.finished(1501, "task-2")
    profiles = [what_if(one).apply(DOCUMENTED) for one in asked]
    made = [Row(None, {}, history.audit(), fail_on)]
    return made + [
        Row(one, {**changed(profile)}, history.audit(profile), fail_on)
        for one, profile in zip(asked, profiles, strict=True)
    ]


def test_each_what_if_is_a_row_that_counts_what_is_certain() -> None:
    told = text(rows("reportProgressTimeout=5m", "silence=10m,advice=10m", "ack=0.5s"), title="run.yaml")

    assert told.splitlines() == [
        "run.yaml, judged by other limits:",
        "",
        "what if                                       errors  warnings  notes tasks fail",
        "as it is                                           0         1      0          0",
        "reportProgressTimeout=5m                           2         0      0          2",
        "silence=10m,advice=10m                             0         0      0          0",
        "ack=0.5s                                           2         1      0          2",
    ]


def test_the_tasks_that_fail_are_those_of_fail_on() -> None:
    assert [row.counts()["failing_tasks"] for row in rows("silence=10m", fail_on="warning")] == [
        ["task-1"], [],
    ]  # fmt: skip


def test_programs_get_the_limits_in_seconds() -> None:
    told = json.loads(render(rows("reportProgressTimeout=5m"), recording="r1"))

    assert told == {
        "version": 1,
        "recording": "r1",
        "what_if": [
            {"what_if": None, "limits": {}, "error": 0, "warning": 1, "note": 0, "failing_tasks": []},
            {
                "what_if": "reportProgressTimeout=5m",
                "limits": {"reportProgressTimeout": 300.0},
                "error": 2,
                "warning": 0,
                "note": 0,
                "failing_tasks": ["task-1", "task-2"],
            },
        ],
    }
