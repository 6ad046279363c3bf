"""Rules that are armed and taken out while calls go on."""

from __future__ import annotations

import pytest

from holter.faults.plan import Plan
from holter.faults.planfile import parse
from holter.faults.roster import Row
from holter.faults.rule import Rule
from holter.wire.decision import Forward

from .scenes import BEAT, asked, live, plan, text

NTH = "when: {op: ReportTaskProgress, nth: 3}, then: {cancel: true}"


def rule(said: str, name: str = "new") -> Rule:
    return parse(text(said).replace("r1", name), "p").rules[0].rule


def met(made: Plan, count: int, *, at: float = 1.0) -> list[bool]:
    """Whether each of some beats met a rule."""
    found = []
    for _ in range(count):
        call = asked(BEAT, at=at)
        before = made.before(call)
        after = made.after(call, live()) if before is None or isinstance(before, Forward) else None
        made.ended(call)
        found.append(before is not None or after is not None)
    return found


def test_what_is_off_is_absent_and_meets_nothing() -> None:
    made = plan("when: {op: ReportTaskProgress}, then: {cancel: true}")
    made.roster.disarm("r1")
    assert made.roster.early(BEAT, 0.0) == ()
    assert met(made, 2) == [False, False]
    made.roster.arm("r1")

    assert met(made, 1) == [True]


def test_what_a_rule_has_counted_stays_with_it_while_others_come_and_go() -> None:
    made = plan(NTH, "when: {op: PollForTask}, then: {starve: true}")
    assert met(made, 1) == [False]
    made.roster.disarm("r2")
    made.roster.add(rule("when: {op: ReportTaskProgress, nth: 900}, then: {close: true}"))

    assert met(made, 3) == [False, True, False]


def test_a_rule_that_is_new_counts_from_now_on_whatever_rules_stand_beside_it() -> None:
    made = plan("when: {op: ReportTaskProgress, nth: 900}, then: {close: true}")
    met(made, 5)
    made.roster.add(rule("when: {op: ReportTaskProgress, nth: 2}, then: {cancel: true}"))

    assert met(made, 3) == [False, True, False]


@pytest.mark.parametrize("beside", ["nth: 900", "nth: 901, runner: nobody"])
def test_a_rule_counts_nothing_while_it_is_off(beside: str) -> None:
    made = plan(NTH, f"when: {{op: ReportTaskProgress, {beside}}}, then: {{close: true}}")
    met(made, 1)
    made.roster.disarm("r1")
    met(made, 5)
    made.roster.arm("r1")

    assert met(made, 3) == [False, True, False]


@pytest.mark.parametrize(
    "said",
    [
        "when: {op: ReportTaskProgress, nth: 900}, then: {cancel: true}",
        "when: {op: ReportTaskProgress, probability: 0.0001}, then: {cancel: true}",
        "when: {op: ReportTaskProgress, window: [500, 600]}, then: {cancel: true}",
        "when: {op: ReportTaskProgress, lease_age: 900}, then: {cancel: true}",
        "when: {op: ReportTaskProgress, answer: {$.canceled: {is: false}}, nth: 900}, then: {empty: true}",
    ],
)
def test_a_rule_that_is_fired_meets_the_next_call_that_it_is_about_and_no_other(said: str) -> None:
    made = plan(said)
    made.roster.fire("r1")

    assert met(made, 3) == [True, False, False]


def test_a_rule_that_is_off_can_be_fired_and_is_off_again() -> None:
    made = plan("when: {op: ReportTaskProgress, at_most: 1}, then: {cancel: true}")
    assert met(made, 2) == [True, False]
    made.roster.disarm("r1")
    made.roster.fire("r1")
    made.roster.fire("r1")

    assert met(made, 3) == [True, True, False]


def test_a_rule_expires_by_itself() -> None:
    made = plan(
        "when: {op: ReportTaskProgress, at_most: 1}, then: {cancel: true}",
        "when: {op: PollForTask, window: [0, 10]}, then: {starve: true}",
    )
    made.roster.add(rule("when: {op: SetTaskStatus}, then: {close: true}"), until=20.0)
    assert met(made, 1) == [True]

    assert made.roster.rows(5.0) == [
        Row("r1", "over", 1, None),
        Row("r2", "armed", 0, 5.0),
        Row("new", "armed", 0, 15.0),
    ]
    assert [made.roster.early(op, 25.0) for op in (BEAT, "PollForTask", "SetTaskStatus")] == [(), (), ()]
    assert {row.state for row in made.roster.rows(25.0)} == {"over"}
    made.roster.arm("new")
    assert made.roster.rows(25.0)[2] == Row("new", "armed", 0, None)


def test_rules_are_known_by_name() -> None:
    made = plan(NTH)

    assert ("r1" in made.roster, "r2" in made.roster, bool(Plan().roster)) == (True, False, False)
    with pytest.raises(KeyError):
        made.roster.arm("r2")
