"""Faults on a command line."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holter.faults.checks import check
from holter.faults.error import Error
from holter.faults.fault import Stage
from holter.faults.node import PlanError
from holter.faults.planfile import parse as parse_plan
from holter.faults.short import parse
from holter.faults.when import When
from holter.wire.message import Json

from .scenes import BEAT, POLL, text
from .values import JSONS


@pytest.mark.parametrize(
    ("text", "when", "fault"),
    [
        ("ReportTaskProgress:InternalServiceError:p=0.1", When((BEAT,), probability=0.1), "Error"),
        ("ReportTaskProgress:cancel:nth_of_task=2", When((BEAT,), nth_of_task=2), "Cancel"),
        ("PollForTask:delay=2.5:every=3:at_most=4", When((POLL,), every=3, at_most=4), "Delay"),
        ("*:close", When(), "Close"),
        ("*:ThrottlingException:runner=legacy-*", When(patterns={"runner": "legacy-*"}), "Error"),
        ("PollForTask:reassign=another", When((POLL,)), "Reassign"),
        ('ReportTaskProgress:answer={"canceled": true}:p=0.5', When((BEAT,), probability=0.5), "Canned"),
        ("*:close:window=[10,20]:runner=[ab]*", When(patterns={"runner": "[ab]*"}, window=(10, 20)), "Close"),
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


@pytest.mark.parametrize("value", ["20", '{"uniform": [10, 30]}'])
def test_a_scale_scales_it(value: str) -> None:
    fault = parse(f"*:delay={value}", 0.1).rule.then[0].fault

    assert fault.middle == 2.0  # type: ignore[attr-defined]  # of Delay


@given(JSONS, st.sampled_from(("answer", "patch")), st.integers(1, 9))
def test_json_means_what_it_means_in_a_plan_file(value: Json, fault: str, nth: int) -> None:
    said = json.dumps(value if fault == "answer" else {"canceled": value}, ensure_ascii=False)
    short = parse(f"ReportTaskProgress:{fault}={said}:force:nth={nth}").rule
    file = text(f"when: {{op: ReportTaskProgress, nth: {nth}}}, then: {{{fault}: {said}, force: true}}")
    (plan,) = parse_plan(file, "p").rules

    assert (short.when, short.then) == (plan.rule.when, plan.rule.then)


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
        ('ReportTaskProgress:answer={"cancelled": true}', "answer: is no answer to ReportTaskProgress"),
        (
            "ReportTaskProgress:answer={canceled: true}",
            'is no JSON, which {, [ and " begin: expecting property name',
        ),
        ('*:delay={"uniform": [0.5, "x"]}', "delay.uniform[1]: must be a number, not 'x'"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(text: str, said: str) -> None:
    with pytest.raises(PlanError) as wrong:
        check([parse(text)])

    assert str(wrong.value).startswith(f"--fault {text!r}: ")
    assert said in str(wrong.value)
    assert len(str(wrong.value)) < 200
