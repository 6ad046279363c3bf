"""Rules at work."""

from __future__ import annotations

import pytest

from holter.faults.armed import Armed, Selection, by_operation, selections
from holter.faults.rule import Rule
from holter.faults.tally import Counts
from holter.faults.when import When

from .scenes import BEAT, END, POLL, asked


def armed(when: When, number: int = 0) -> Armed:
    return Armed(Rule(f"r{number}", when, ()), number)


def fitting(when: When, *tasks: str | None) -> list[bool]:
    rule = armed(when)
    selection, found = Selection([rule], Counts()), []
    for task in tasks:
        call = asked(task=task)
        of = selection.counted(call, task or "")
        found.append(of is not None and rule.fits(call, of))
    return found


@pytest.mark.parametrize(
    ("when", "tasks", "found"),
    [
        (When(patterns={"task": "b"}, nth=2), "abab", [0, 0, 0, 1]),
        (When(nth=2), "aba", [0, 1, 0]),
        (When(nth=2, per_task=True), "aba", [0, 0, 1]),
        (When(nth_of_task=2), "aba", [0, 0, 1]),
        (When(every=2), "abab", [0, 1, 0, 1]),
        (When(first=1, per_task=True), "abab", [1, 1, 0, 0]),
        (When(window=(2, 3)), "a", [0]),
        (When(lease_age=9), "a", [0]),
        (When(), "a", [1]),
    ],
)
def test_calls_that_a_rule_is_about_are_counted_and_some_fit(
    when: When, tasks: str, found: list[int]
) -> None:
    assert fitting(when, *tasks) == [bool(one) for one in found]


def test_a_call_of_no_task_is_never_a_tasks_nth() -> None:
    assert fitting(When(nth_of_task=1), None) == [False]


def test_a_rule_may_meet_so_many_and_so_many_at_once() -> None:
    rule = armed(When(at_most=2, at_most_at_once=1))
    found = [rule.allowed("a")]
    rule.met.add("a")
    found.append(rule.allowed("a"))
    rule.met.active = 0
    found.append(rule.allowed("a"))
    rule.met.add("b")
    rule.met.active = 0
    found.append(rule.allowed("a"))

    assert found == [True, False, True, False]


def test_per_task_the_limit_is_each_tasks_own() -> None:
    rule = armed(When(at_most=1, per_task=True))
    rule.met.add("a")

    assert [rule.allowed(key) for key in "ab"] == [False, True]
    assert (rule.count("b", per_task=True), rule.count("b", per_task=False)) == (0, 1)


def test_rules_about_the_same_calls_are_counted_together() -> None:
    whens = [When((BEAT,), nth=1), When((BEAT,), nth=2), When(), When((END,)), When(patterns={"task": "a"})]
    rules = [armed(when, number) for number, when in enumerate(whens)]

    about = by_operation(selections(rules, {}))
    grouped = {op: [[one.number for one, _ in each.rules] for each in about[op]] for op in (BEAT, POLL, "")}
    assert grouped == {BEAT: [[0, 1], [2], [4]], POLL: [[2], [4]], "": [[2], [4]]}
    assert about[BEAT][1] is about[POLL][0], "counted together over all operations"
