"""A plan's file: what it may say, and in what words it is refused."""

from __future__ import annotations

import pytest

from holter.faults.expect import Expectation
from holter.faults.fault import Stage
from holter.faults.node import PlanError
from holter.faults.planfile import parse
from holter.faults.when import When

from .scenes import BEAT, END, POLL, text

EXAMPLE = """\
holter-plan: 1
seed: 7
rules:
  - name: cancel the second beat
    when: {op: ReportTaskProgress, nth_of_task: 2}
    then: {cancel: true}
    expect: [{stops_within: 60}, {no_status: true}, {polls_again: true}]
  - name: flaky progress
    when: {op: ReportTaskProgress, probability: 0.1, at_most: 5}
    then:
      - delay: 2
      - error: InternalServiceError
        stage: after
"""


def test_the_example_of_the_interface_is_a_plan() -> None:
    found = parse(EXAMPLE, "plan.yaml")
    first, second = found.rules

    assert found.seed == 7
    assert (first.rule.name, first.rule.when) == ("cancel the second beat", When((BEAT,), nth_of_task=2))
    assert first.expect == tuple(
        Expectation("cancel the second beat", name, value)
        for name, value in (("stops_within", 60.0), ("no_status", True), ("polls_again", True))
    )
    assert second.rule.when == When((BEAT,), probability=0.1, at_most=5)
    assert [step.stage for step in second.rule.then] == [Stage.BEFORE, Stage.AFTER]


def test_without_a_seed_there_is_none() -> None:
    assert parse(EXAMPLE.replace("seed: 7\n", ""), "p").seed is None
    assert parse(EXAMPLE.replace("seed: 7", "seed: winter"), "p").seed == "winter"


@pytest.mark.parametrize(
    ("rule", "when"),
    [
        ("then: {cancel: true}", When((BEAT,))),
        ("then: {lose_lease: true}", When((BEAT, END))),
        ("then: {swallow_ack: true}", When((BEAT,), nth_of_task=1)),
        ("when: {every: 3}, then: {swallow_ack: true}", When((BEAT,), every=3)),
        ("then: {close: true}", When()),
        ("when: {op: [PollForTask, SetTaskStatus]}, then: {close: true}", When((POLL, END))),
        ("when: {per: task, first: 2, window: [1, 9]}, then: {close: true}",
         When(first=2, per_task=True, window=(1.0, 9.0))),
    ],
)  # fmt: skip
def test_what_a_rule_leaves_out_its_fault_knows(rule: str, when: When) -> None:
    assert parse(text(rule), "p").rules[0].rule.when == when


def test_times_are_scaled() -> None:
    rule = "when: {lease_age: 60, window: [10, 20]}, then: {delay: 5}, expect: {stops_within: 30}"
    (found,) = parse(text(rule), "p", 0.1).rules

    assert (found.rule.when.lease_age, found.rule.when.window) == (6.0, (1.0, 2.0))
    assert found.expect == (Expectation("r1", "stops_within", 3.0),)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("holter-plan: 1", "holter-plan: 2"), "plan.yaml:1: $: is no plan: it must begin"),
        (("holter-plan: 1\n", ""), "is no plan"),
        (("seed: 7", "sed: 7"), "plan.yaml:2: $.sed: is an unknown key (did you mean seed?)"),
        (("seed: 7", "seed: [7]"), "plan.yaml:2: $.seed: must be a whole number or a text"),
        (("nth_of_task: 2", "nth_of_tsk: 2"),
         "plan.yaml:5: $.rules[0].when.nth_of_tsk: is an unknown condition (did you mean nth_of_task?"),
        (("nth_of_task: 2", "nth_of_task: 0"), "when.nth_of_task: must be a whole number from 1 up"),
        (("cancel: true", "cancl: true"),
         "plan.yaml:6: $.rules[0].then.cancl: is an unknown fault (did you mean cancel? The whole"),
        (("cancel: true", "cancel: true, close: true"), "holds cancel and close: make it a list"),
        (("{cancel: true}", "{}"), "$.rules[0].then: names no fault"),
        (("{cancel: true}", "[]"), "$.rules[0].then: holds no fault"),
        (("{cancel: true}", "cancel"), "$.rules[0].then: must be a mapping, not 'cancel'"),
        (("probability: 0.1", "probability: 1.5"),
         "plan.yaml:9: $.rules[1].when.probability: must be above 0 and at most 1, not 1.5"),
        (("probability: 0.1", "probability: 0"), "must be above 0 and at most 1, not 0"),
        (("delay: 2", "delay: -2"), "plan.yaml:11: $.rules[1].then[0].delay: must be above 0 seconds"),
        (("stage: after", "stage: later"),
         "plan.yaml:13: $.rules[1].then[1].stage: 'later' is an unknown stage"),
        (("op: ReportTaskProgress, p", "op: ReportProgress, p"), "did you mean ReportTaskProgress?"),
        (("at_most: 5", "at_most: 0"), "$.rules[1].when.at_most: must be a whole number from 1 up"),
        (("at_most: 5", "window: [5, 5]"), "ends before it begins, so this rule can never meet a call"),
        (("at_most: 5", "per: runner"), "'runner' is an unknown word (known: task)"),
        (("at_most: 5", "op: []"), "plan.yaml:9: $.rules[1].when.op: stands twice"),
        (("  - name: flaky progress\n    when", "  - when"), "plan.yaml:8: $.rules[1]: has no `name`"),
        (("stops_within: 60", "stops_in: 60"), "$.rules[0].expect[0].stops_in: is an unknown expectation"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line_with_file_line_and_path(
    change: tuple[str, str], said: str
) -> None:
    assert change[0] in EXAMPLE
    with pytest.raises(PlanError) as wrong:
        parse(EXAMPLE.replace(*change), "plan.yaml")

    assert "\n" not in str(wrong.value)
    assert said in str(wrong.value)


@pytest.mark.parametrize("rules", ["", " 5", " []", " {a: 1}"])
def test_a_plan_without_rules_is_none(rules: str) -> None:
    with pytest.raises(PlanError, match="must hold a list of rules"):
        parse(f"holter-plan: 1\nrules:{rules}\n", "p")


def test_a_fault_that_comes_before_the_answer_cannot_go_by_it() -> None:
    with pytest.raises(PlanError, match=r"comes before the service answers, so `when.answer`"):
        parse(text("when: {answer: {canceled: false}}, then: {duplicate: 2}"), "p")
    (found,) = parse(text("when: {answer: {canceled: false}}, then: {cancel: true}"), "p").rules
    assert found.rule.then[0].stage is Stage.AFTER


@pytest.mark.parametrize(
    ("then", "at", "said"),
    [
        (
            "[{close: true}, {error: ThrottlingException}]",
            1,
            "error comes after close, which ends the connection",
        ),
        ("[{delay: 1}, {reset: true}, {delay: 2}]", 2, "delay comes after reset"),
        ("[{hold: 5}, {refuse: 9}]", 1, "refuse comes after hold"),
        ("[{refuse: 9}, {cut: true}]", 1, "cut comes after refuse"),
        ("[{malformed: true}, {close: true}]", 0, "malformed comes after close"),
        ("[{cut: true}, {swallow_ack: true}]", 1, "swallow_ack comes after cut"),
        ("[{swallow_ack: true}, {close: true, stage: after}]", 1, "close comes after swallow_ack"),
        ("[{swallow_ack: true}, {close: true}]", 0, "swallow_ack comes after close"),
    ],
)
def test_nothing_happens_after_the_end_of_the_connection(then: str, at: int, said: str) -> None:
    with pytest.raises(PlanError) as wrong:
        parse(text(f"when: {{op: ReportTaskProgress}}, then: {then}"), "p")

    assert str(wrong.value).startswith(f"p:4: $.rules[0].then[{at}]: {said}")
    assert str(wrong.value).endswith("so it can never happen")


@pytest.mark.parametrize(
    "then",
    [
        "[{delay: 1}, {close: true}]",
        "[{close: true, stage: after}, {delay: 1}]",
        "[{cut: true}, {error: InternalServiceError}]",
        "[{swallow_ack: true}, {duplicate: 2}]",
    ],
)
def test_what_comes_before_it_may_stand_behind_it(then: str) -> None:
    (found,) = parse(text(f"when: {{op: ReportTaskProgress}}, then: {then}"), "p").rules

    assert len(found.rule.then) == 2
