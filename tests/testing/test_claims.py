"""Claims about a run, as tables: what holds, and what is said where it does not."""

from __future__ import annotations

from typing import Any

import pytest
from tests.replay.tapes import BEAT, beat, empty, end, handout
from tests.testing.test_notebook import finding

from holter.errors import UsageError
from holter.lease.audit import audited
from holter.lease.finding import Certainty
from holter.lease.profile import DOCUMENTED
from holter.lease.rules import Severity
from holter.testing import claims
from holter.wire.message import Interaction, Try

RUN = [handout(asked=0.0), beat(asked=1.0), beat("task-2", asked=2.0), beat(asked=3.0), end(asked=4.0)]
TRIED = [beat(tried=Try("one", number, 3)) for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("calls", "op", "times", "task", "wrong"),
    [
        (RUN, BEAT, None, None, None),
        (RUN, BEAT, 3, None, None),
        (RUN, BEAT, 2, "task-1", None),
        (RUN, "ListPipelines", 0, None, None),
        (TRIED, BEAT, 1, None, None),
        (RUN, BEAT, 1, None, "ReportTaskProgress was called 3 times, not 1 time"),
        (RUN, BEAT, None, "task-3", "ReportTaskProgress was not called for task-3"),
        ([], BEAT, None, None, "ReportTaskProgress was not called"),
        ([], BEAT, 2, None, "ReportTaskProgress was not called, not 2 times"),
    ],
)
def test_how_often_something_was_called(
    calls: list[Interaction], op: str, times: int | None, task: str | None, wrong: str | None
) -> None:
    assert claims.called(calls, op, times, task) == wrong


@pytest.mark.parametrize(
    ("calls", "ops", "task", "wrong"),
    [
        (RUN, ["PollForTask", BEAT, BEAT, BEAT, "SetTaskStatus"], None, None),
        (RUN, ["PollForTask", "SetTaskStatus"], None, None),
        (RUN, [], None, None),
        (TRIED, [BEAT], None, None),
        (
            TRIED,
            [BEAT, BEAT],
            None,
            f"{BEAT} (number 2 of the order) does not come after the others in: {BEAT}",
        ),
        (
            RUN,
            ["SetTaskStatus", BEAT],
            "task-1",
            f"{BEAT} (number 2 of the order) does not come after the others for task-1 in: "
            f"PollForTask, {BEAT}, {BEAT}, SetTaskStatus",
        ),
        ([], [BEAT], None, f"{BEAT} (number 1 of the order) does not come after the others in: no call"),
    ],
)
def test_in_which_order(
    calls: list[Interaction], ops: list[str], task: str | None, wrong: str | None
) -> None:
    assert claims.in_order(calls, ops, task) == wrong


QUICK = [handout(asked=0.0), beat(asked=30.0)]
SLOW = [handout(asked=0.0), beat(asked=150.0)]
NEVER = [handout(asked=0.0), end(asked=1.0)]


@pytest.mark.parametrize(
    ("calls", "seconds", "scale", "task", "wrong"),
    [
        (QUICK, 30, 1.0, None, None),
        (QUICK, 30, 1.0, "task-1", None),
        (QUICK, 29, 1.0, None, "task-1 was acknowledged after 30.000 s, over 29 s"),
        (QUICK, 120, 0.1, None, "task-1 was acknowledged after 30.000 s, over 120 s (scaled by 0.1: 12 s)"),
        (QUICK, 30, 1.0, "task-2", "task-2 was not handed out"),
        (SLOW, 120, 1.0, None, "task-1 was acknowledged after 150.000 s, over 120 s"),
        (NEVER, 120, 1.0, None, "task-1 was not acknowledged"),
        ([], 120, 1.0, None, "no task was handed out"),
        ([beat(asked=1.0)], 120, 1.0, None, "no task was handed out"),
    ],
)
def test_how_soon_tasks_were_acknowledged(
    calls: list[Interaction], seconds: float, scale: float, task: str | None, wrong: str | None
) -> None:
    assert claims.acked(audited(calls, DOCUMENTED).leases, seconds, scale, task) == wrong


CANCELLED = [beat(asked=0.0), beat(asked=10.0, canceled=True)]


@pytest.mark.parametrize(
    ("after", "scale", "beats", "wrong"),
    [
        ([], 1.0, None, None),
        ([], 1.0, 0, None),
        ([beat(asked=70.0, canceled=True)], 1.0, 1, None),
        ([beat("task-2", asked=500.0)], 1.0, 0, None),
        ([end(asked=500.0)], 1.0, 0, None),
        ([beat(asked=71.0)], 1.0, None, "task-1 was cancelled, and beaten for 61.000 s after, over 60 s"),
        ([beat(asked=11.0)], 1.0, 0, "task-1 was cancelled, and got 1 beat after, over 0"),
        (
            [beat(asked=17.0)],
            0.1,
            None,
            "task-1 was cancelled, and beaten for 7.000 s after, over 60 s (scaled by 0.1: 6 s)",
        ),
    ],
)
def test_how_soon_a_cancelled_task_was_left(
    after: list[Interaction], scale: float, beats: int | None, wrong: str | None
) -> None:
    assert claims.stopped([*CANCELLED, *after], 60, scale, beats=beats, task=None) == wrong


@pytest.mark.parametrize(
    ("calls", "task", "wrong"),
    [
        ([beat(), empty()], None, "no beat was answered canceled: true"),
        (CANCELLED, "task-2", "no beat for task-2 was answered canceled: true"),
    ],
)
def test_a_task_that_was_not_cancelled_did_not_stop_after_it(
    calls: list[Interaction], task: str | None, wrong: str
) -> None:
    assert claims.stopped(calls, 60, 1.0, beats=None, task=task) == wrong


@pytest.mark.parametrize(
    ("found", "severity", "wrong"),
    [
        ([], "note", None),
        ([finding()], "error", "1 finding:\nerror ack-missing: ack-missing it is"),
        ([finding(severity=Severity.NOTE)], "warning", None),
        ([finding(severity=Severity.NOTE)], "note", "1 finding:\nnote ack-missing: ack-missing it is"),
        ([finding(certainty=Certainty.POSSIBLE)], "note", None),
        ([finding(cause="fault")], "note", None),
    ],
)
def test_what_was_found(found: list[Any], severity: str, wrong: str | None) -> None:
    assert claims.nothing_found(found, severity) == wrong


@pytest.mark.parametrize(
    ("op", "said"),
    [
        ("PollTask", r"^'PollTask' is no operation: did you mean PollForTask\?$"),
        ("x", "^'x' is no operation$"),
    ],
)
def test_an_operation_that_is_none_is_told(op: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        claims.called(RUN, op, None, None)
    with pytest.raises(UsageError, match=said):
        claims.in_order(RUN, [op], None)


def test_a_severity_that_is_none_is_told() -> None:
    with pytest.raises(UsageError, match=r"^'bad' is no severity: note, warning or error$"):
        claims.nothing_found([], "bad")
