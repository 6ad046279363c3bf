"""A plan counts each task's calls; the first rule that applies decides."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holter.faults.plan import Plan, cancel_on
from holter.faults.rule import Rule, When
from holter.wire.decision import Answer, Break, Decision
from holter.wire.message import Call, Moment, Try

BEAT, END = "ReportTaskProgress", "SetTaskStatus"


@dataclass(frozen=True, slots=True)
class Cut:
    """A fault to tell rules apart by."""

    def before(self, call: Call, rule: str) -> Decision:
        return Break(rule)


def call(op: str = BEAT, *, tried: Try | None = None) -> Call:
    return Call(op, {"taskId": "t"}, Moment(0.0, 0.0), tried=tried)


def decided(plan: Plan, *calls: tuple[str, str | None]) -> list[bool]:
    return [plan.before(call(op), task) is not None for op, task in calls]


def test_a_plan_without_rules_leaves_every_call_alone() -> None:
    assert decided(Plan(), (BEAT, "a"), (END, "a"), ("PollForTask", None)) == [False] * 3


def test_the_nth_beat_of_each_task_is_cancelled_and_no_other() -> None:
    plan = Plan((cancel_on(2),))

    calls = [(BEAT, "a"), (BEAT, "b"), (BEAT, "a"), (BEAT, "a"), (BEAT, "b")]
    assert decided(plan, *calls) == [False, False, True, False, True]


def test_other_operations_do_not_count_as_beats() -> None:
    assert decided(Plan((cancel_on(2),)), (BEAT, "a"), (END, "a"), (BEAT, "a")) == [False, False, True]


def test_a_call_of_no_task_is_never_the_nth_but_meant_by_a_rule_without_a_number() -> None:
    plan = Plan((cancel_on(1), Rule("cut", When("PollForTask"), Cut())))

    assert decided(plan, (BEAT, None), ("PollForTask", None)) == [False, True]


def test_an_sdks_further_tries_get_the_same_fault_and_do_not_count() -> None:
    plan = Plan((Rule("cut", When(BEAT, nth_of_task=2), Cut()),))
    tries = [Try("1", 1), Try("2", 1), Try("2", 2), Try("2", 3), Try("3", 1)]

    found = [plan.before(call(tried=tried), "a") is not None for tried in tries]
    assert found == [False, True, True, True, False]


def test_the_first_rule_that_applies_decides() -> None:
    plan = Plan(
        (
            Rule("first", When(BEAT, nth_of_task=1), Cut()),
            Rule("second", When(BEAT), Cut()),
            cancel_on(1),
        )
    )
    found = [plan.before(call(), "a") for _ in range(3)]

    assert found == [Break("first"), Break("second"), Break("second")]


def test_the_rule_of_the_option_goes_by_a_name_that_says_what_it_does() -> None:
    decision = Plan((cancel_on(1),)).before(call(), "a")

    assert isinstance(decision, Answer)
    assert decision.by == "cancel on beat 1"


@pytest.mark.parametrize("nth", [1, 3, 7])
@given(tasks=st.lists(st.sampled_from("abc"), max_size=40))
def test_every_task_is_cancelled_exactly_at_its_nth_beat(nth: int, tasks: list[str]) -> None:
    plan, seen = Plan((cancel_on(nth),)), Counter[str]()
    for task in tasks:
        seen[task] += 1
        assert (plan.before(call(), task) is not None) == (seen[task] == nth)


@given(tasks=st.lists(st.tuples(st.sampled_from((BEAT, END)), st.sampled_from(("a", "b", None)))))
def test_the_same_calls_give_the_same_faults(tasks: list[tuple[str, str | None]]) -> None:
    rules = (cancel_on(2), Rule("cut", When(END, nth_of_task=1), Cut()))

    assert decided(Plan(rules), *tasks) == decided(Plan(rules), *tasks)
