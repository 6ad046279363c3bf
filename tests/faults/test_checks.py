"""What is wrong with a plan as a whole."""

from __future__ import annotations

import pytest

from holter.faults.checks import check
from holter.faults.node import PlanError
from holter.faults.planfile import parse
from holter.faults.plans import Mode

from .scenes import refusal, text

CLOSE = "then: {close: true}"


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (
            ("when: {after: r2, first: 1}, " + CLOSE,),
            "plan.yaml:4: $.rules[0].when.after: names no rule",
        ),
        (("when: {after: r1}, " + CLOSE,), "is a circle, so none can ever meet a call: 'r1' after 'r1'"),
        (
            ("when: {after: r2}, " + CLOSE, "when: {after: r1}, " + CLOSE),
            "$.rules[0].when.after: is a circle, so none can ever meet a call: 'r1' after 'r2' after 'r1'",
        ),
        (("when: {nth: 3, first: 2}, " + CLOSE,), "$.rules[0].when.nth: 3 does not go with first: 2"),
        (("when: {nth: 3, every: 2}, " + CLOSE,), "$.rules[0].when.nth: 3 does not go with every: 2"),
        (
            ("when: {op: ReportTaskProgress, nth_of_task: 3, first: 2}, " + CLOSE,),
            "$.rules[0].when.nth_of_task: 3 does not go with first: 2",
        ),
        (
            ("when: {op: ReportTaskProgress, nth_of_task: 3, every: 2, per: task}, " + CLOSE,),
            "nth_of_task: 3 does not go with every: 2",
        ),
        (
            ("when: {op: ReportTaskProgress, nth_of_task: 3, nth: 2}, " + CLOSE,),
            "nth_of_task: 3 does not go with nth: 2",
        ),
        (
            ("when: {op: ReportTaskProgress, nth_of_task: 3, nth: 4, per: task}, " + CLOSE,),
            "nth_of_task: 3 does not go with nth: 4",
        ),
        (
            ("when: {op: PollForTask, request: {'$.workerGruop': x}}, " + CLOSE,),
            "$.rules[0].when.request: $.workerGruop is no member (did you mean workerGroup?)",
        ),
        (
            ("when: {op: ReportTaskProgress, answer: {'$.cancelled': true}}, then: {empty: true}",),
            "$.rules[0].when.answer: $.cancelled is no member (did you mean canceled?)",
        ),
        (
            ("when: {op: PollForTask, lease_age: 3}, " + CLOSE,),
            "$.rules[0].when.lease_age: PollForTask names no task when it is asked",
        ),
        (("when: {op: PollForTask, attempt: x}, " + CLOSE,), "PollForTask names no task"),
        (
            ("when: {op: SetTaskStatus, answer: {a: 1}}, " + CLOSE,),
            "$.rules[0].when.answer: the answer to SetTaskStatus has no members",
        ),
        (
            (CLOSE, "then: {cancel: true}"),
            "plan.yaml:5: $.rules[1]: 'r1' before it meets every such call, so this rule can never meet one",
        ),
        (
            ("when: {op: [PollForTask, SetTaskStatus]}, " + CLOSE, "when: {op: SetTaskStatus}, " + CLOSE),
            "'r1' before it meets every such call",
        ),
    ],
)
def test_rules_that_can_never_meet_a_call_are_refused(rules: tuple[str, ...], said: str) -> None:
    assert said in refusal(*rules)


@pytest.mark.parametrize(
    "rules",
    [
        ("when: {op: SetTaskStatus}, " + CLOSE, CLOSE),
        ("when: {probability: 0.5}, " + CLOSE, CLOSE),
        ("when: {every: 2, nth: 4}, " + CLOSE,),
        ("when: {op: [PollForTask, ReportTaskProgress], nth_of_task: 2}, " + CLOSE,),
        ("when: {first: 1}, " + CLOSE, "when: {after: r1}, " + CLOSE),
        ("when: {op: ReportTaskProgress, nth_of_task: 3, nth: 4}, " + CLOSE,),
        ("when: {op: ReportTaskProgress, nth_of_task: 3, every: 2}, " + CLOSE,),
        ("when: {op: ReportTaskProgress, nth_of_task: 4, every: 2, first: 4, per: task}, " + CLOSE,),
        ("when: {op: PollForTask, request: {'$.ours': x, '$.workerGroup': y}}, " + CLOSE,),
        ("when: {op: PollForTask, answer: {'$.__type': X, '$.message': y}}, then: {empty: true}",),
        ("when: {request: {'$.workerGruop': x}}, " + CLOSE,),
    ],
)
def test_rules_that_may_meet_one_are_not(rules: tuple[str, ...]) -> None:
    check(parse(text(*rules), "p").rules, Mode.PROXY)


def test_a_name_stands_once() -> None:
    twice = text(CLOSE, "then: {cancel: true}").replace("r2", "r1")

    with pytest.raises(PlanError, match=r"p:5: \$.rules\[1\]: the name 'r1' stands at p:4 too"):
        check(parse(twice, "p").rules)


@pytest.mark.parametrize(
    ("rule", "modes"),
    [
        ("then: {cancel: true}", set(Mode)),
        ("then: {delay: 3}", set(Mode)),
        ("then: {reset: true}", {Mode.PROXY, Mode.SANDBOX, Mode.REPLAY}),
        ("then: {swallow_ack: true}", {Mode.PROXY, Mode.SANDBOX}),
        ("then: {duplicate: 2}", {Mode.PROXY, Mode.SANDBOX, Mode.IN_PROCESS}),
    ],
)
def test_what_a_mode_cannot_do_is_refused_there(rule: str, modes: set[Mode]) -> None:
    rules, possible = parse(text(rule), "p").rules, set()
    for mode in Mode:
        try:
            check(rules, mode)
        except PlanError as wrong:
            assert f"which {mode} has not" in str(wrong)  # noqa: PT017 - either way is right, by the mode
        else:
            possible.add(mode)

    assert possible == modes
