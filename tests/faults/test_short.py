"""Faults on a command line."""

from __future__ import annotations

import pytest

from holter.faults.checks import check
from holter.faults.error import Error
from holter.faults.fault import Stage
from holter.faults.node import PlanError
from holter.faults.short import parse
from holter.faults.when import When

from .scenes import BEAT, POLL


@pytest.mark.parametrize(
    ("text", "when", "fault"),
    [
        ("ReportTaskProgress:InternalServiceError:p=0.1", When((BEAT,), probability=0.1), "Error"),
        ("ReportTaskProgress:cancel:nth_of_task=2", When((BEAT,), nth_of_task=2), "Cancel"),
        ("PollForTask:delay=2.5:every=3:at_most=4", When((POLL,), every=3, at_most=4), "Delay"),
        ("*:close", When(), "Close"),
        ("*:ThrottlingException:runner=legacy-*", When(patterns={"runner": "legacy-*"}), "Error"),
        ("PollForTask:reassign=another", When((POLL,)), "Reassign"),
    ],
)
def test_it_says_when_and_what(text: str, when: When, fault: str) -> None:
    rule = parse(text).rule

    assert (rule.name, rule.when) == (text, when)
    assert [type(step.fault).__name__ for step in rule.then] == [fault]


def test_options_of_the_fault_and_the_step_can_be_given() -> None:
    rule = parse("ReportTaskProgress:ExpiredTokenException:status=400:stage=after").rule

    (step,) = rule.then
    assert step.stage is Stage.AFTER
    assert isinstance(step.fault, Error)
    assert step.fault.reply.status == 400


def test_a_scale_scales_it() -> None:
    assert parse("*:delay=20", 0.1).rule.then[0].fault.middle == 2.0  # type: ignore[attr-defined]  # of Delay


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cancel", "must be OPERATION:FAULT[=VALUE][:KEY=VALUE]..."),
        (
            "ReportProgress:close",
            "op: 'ReportProgress' is an unknown operation (did you mean ReportTaskProgress? The",
        ),
        ("*:closed", "'closed' is no fault and no error (did you mean close? The whole list: docs/faults.md"),
        (
            "*:Cancle",
            "'Cancle' is no fault and no error (did you mean cancel? The whole list: docs/faults.md",
        ),
        (
            "*:blow",
            "'blow' is no fault and no error (known: cancel, terminate, lose_lease and 54 more; the",
        ),
        ("*:TaskNotFound", "did you mean TaskNotFoundException?"),
        ("*:close:probability=2", "probability: must be above 0 and at most 1, not 2"),
        (
            "*:close:atmost=2",
            "'atmost' is no condition and no option of close (did you mean at_most? The whole",
        ),
        ("*:delay=-1", "delay: must be above 0 seconds, not -1"),
        ("*:PollForTask", "PollForTask is an operation"),
        ("PollForTask:cancel", "op: cancel is for ReportTaskProgress"),
        ("*:close:p", "probability: must be a number"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(text: str, said: str) -> None:
    with pytest.raises(PlanError) as wrong:
        check([parse(text)])

    assert str(wrong.value).startswith(f"--fault {text!r}: ")
    assert said in str(wrong.value)
    assert len(str(wrong.value)) < 200
