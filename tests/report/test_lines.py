"""A run told line by line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from holter.lease.countdown import Ebb
from holter.lease.finding import Certainty, Finding, Gap, State
from holter.lease.rules import Severity
from holter.receivers import Listener
from holter.report.lines import Findings, Lines
from holter.wire.message import NOTHING, Broken, Interaction

NEW_YEAR = 1_767_225_600.0

BEAT = Interaction(
    "ReportTaskProgress",
    {"taskId": "task-1", "fields": [{"key": "done", "stringValue": "50"}]},
    {"canceled": True},
    at=NEW_YEAR,
    mono=(5.0, 5.25, 5.5),
    task="task-1",
    status=200,
)
POLL = Interaction("PollForTask", {"workerGroup": "wg"}, {}, at=NEW_YEAR, mono=(5.0, 6.0, 6.0), status=200)

FOUND = Finding(
    rule="gap-over-limit",
    severity=Severity.ERROR,
    certainty=Certainty.CERTAIN,
    state=State.CLOSED,
    cause=None,
    task="task-1",
    attempt=None,
    caller="runner-1",
    at=NEW_YEAR + 900,
    gap=Gap(901.0, 902.0),
    limit=None,
    interactions=(2, 3),
    message="task-1 had no beat",
)


@pytest.mark.parametrize(
    ("call", "age", "line"),
    [
        (
            BEAT,
            3.123,
            "00:00:00.500  ReportTaskProgress  task-1  done=50  lease 3.12 s  -> canceled: true",
        ),
        (
            replace(BEAT, fault="cancel on beat 1"),
            None,
            "00:00:00.500  ReportTaskProgress  task-1  done=50  -> canceled: true  [fault: cancel on beat 1]",
        ),
        (POLL, None, "00:00:01.000  PollForTask  -  wg  -> no task"),
        (
            replace(POLL, mono=(5.0, None, 95.0), response=NOTHING, status=None, broken=Broken.CLIENT),
            None,
            "00:01:30.000  PollForTask  -  wg  -> no answer (client)",
        ),
        (Interaction("X\n", {}, {}, status=200), 0.0, "00:00:00.000  X   -  lease 0.00 s  -> 200"),
    ],
)
def test_a_call_is_one_line_at_the_time_when_it_ended(
    call: Interaction, age: float | None, line: str
) -> None:
    told: list[str] = []
    Lines(told.append).called(call, age)

    assert told == [line]


@pytest.mark.parametrize(
    ("finding", "line"),
    [
        (FOUND, "00:15:00.000  ERROR gap-over-limit: task-1 had no beat"),
        (
            replace(FOUND, state=State.OPEN, severity=Severity.NOTE),
            "00:15:00.000  NOTE gap-over-limit: task-1 had no beat  (still open)",
        ),
        (
            replace(FOUND, state=State.WITHDRAWN),
            "00:15:00.000  ERROR gap-over-limit: task-1 had no beat  (withdrawn)",
        ),
        (
            replace(FOUND, certainty=Certainty.POSSIBLE, message="a\nb"),
            "00:15:00.000  ERROR possible gap-over-limit: a b",
        ),
    ],
)
def test_a_finding_is_one_line_to_the_alert(finding: Finding, line: str) -> None:
    told: list[str] = []
    alerts: list[str] = []
    Lines(told.append, alerts.append).found(finding)

    assert (told, alerts) == ([], [line])


def test_a_suppressed_finding_is_told_with_its_reason_and_alerts_nobody() -> None:
    told: list[str] = []
    alerts: list[str] = []
    Lines(told.append, alerts.append).found(replace(FOUND, suppressed="fixed in 4.2"))

    assert alerts == []
    assert told == ["00:15:00.000  ERROR gap-over-limit: task-1 had no beat  (suppressed: fixed in 4.2)"]


def test_a_lease_that_goes_down_is_one_line_and_no_alert() -> None:
    told: list[str] = []
    alerts: list[str] = []
    Lines(told.append, alerts.append).ebbing(Ebb(NEW_YEAR + 720, "task-1", 0.8, 180.0))

    assert alerts == []
    assert told == ["00:12:00.000  task-1: 80% of its lease used up, 180.00 s left without a beat"]


def test_trouble_is_one_line_to_the_alert_else_to_the_only_place_there_is() -> None:
    told: list[str] = []
    alerts: list[str] = []
    both: Listener = Lines(told.append, alerts.append)
    both.trouble("a\r\nb")
    Lines(told.append).trouble("c")

    assert (told, alerts) == (["holter: c"], ["holter: a  b"])


def test_whoever_wants_quiet_is_told_of_findings_and_trouble() -> None:
    told: list[str] = []
    quiet = Findings(told.append)
    quiet.called(BEAT, 1.0)
    quiet.ebbing(Ebb(NEW_YEAR, "task-1", 0.5, 450.0))
    assert told == []
    quiet.found(FOUND)
    quiet.trouble("the disk is full")
    assert [line.partition("  ")[2][:26] or line for line in told] == [
        "ERROR gap-over-limit: task",
        "holter: the disk is full",
    ]
