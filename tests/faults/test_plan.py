"""A plan decides: the first rule that applies, the same way twice."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from time import perf_counter

import pytest

from holter.faults.asked import Asked
from holter.faults.plan import Plan, cancel_on
from holter.wire.decision import Answer, Decision, Forward
from holter.wire.message import Origin, Try

from .scenes import ALIVE, BEAT, END, POLL, after, asked, cut, live, plan


def met(made: Plan, *calls: Asked) -> list[bool]:
    """Which of these calls, each ended before the next, are met."""
    found = []
    for call in calls:
        decision = made.before(call)
        found.append(decision is not None or made.after(call, live()) is not None)
        made.ended(call)
    return found


def test_a_plan_without_rules_leaves_every_call_alone() -> None:
    assert met(Plan(), asked(), asked(END), asked(POLL)) == [False] * 3


def test_the_nth_beat_of_each_task_is_cancelled_and_no_other() -> None:
    made = Plan((cancel_on(2),))

    calls = [asked(task=task) for task in "abaab"]
    assert met(made, *calls) == [False, False, True, False, True]


def test_the_rule_of_the_option_goes_by_a_name_that_says_what_it_does() -> None:
    decision = Plan((cancel_on(1),)).before(asked())

    assert isinstance(decision, Answer)
    assert (decision.by, decision.origin) == ("cancel on beat 1", Origin.FAULT)


def test_other_operations_do_not_count_as_beats() -> None:
    assert met(Plan((cancel_on(2),)), asked(), asked(END), asked()) == [False, False, True]


def test_an_sdks_further_tries_get_the_same_fault_and_do_not_count() -> None:
    made = plan("when: {op: ReportTaskProgress, nth_of_task: 2}, then: {close: true}")
    tries = [Try("1", 1), Try("2", 1), Try("2", 2), Try("2", 3), Try("3", 1)]

    assert met(made, *(asked(tried=tried) for tried in tries)) == [False, True, True, True, False]


def test_the_first_rule_that_applies_decides_and_all_count() -> None:
    made = plan(
        "when: {op: ReportTaskProgress, nth: 1}, then: {close: true}",
        "when: {op: ReportTaskProgress, first: 2}, then: {reset: true}",
        "then: {cancel: true}",
    )
    found = [made.before(asked()) for _ in range(3)]

    assert [decision.by if decision else None for decision in found] == ["r1", "r2", "r3"]


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("when: {op: [PollForTask, ReportTaskProgress], nth: 3}, then: {close: true}", [0, 0, 1, 0]),
        ("when: {every: 2}, then: {close: true}", [0, 1, 0, 1]),
        ("when: {first: 1}, then: {close: true}", [1, 0, 0, 0]),
        ("when: {first: 1, per: task}, then: {close: true}", [1, 1, 0, 0]),
        ("when: {at_most: 2}, then: {close: true}", [1, 1, 0, 0]),
        ("when: {at_most: 1, per: task}, then: {close: true}", [1, 1, 0, 0]),
        ("when: {window: [1.5, 3.5]}, then: {close: true}", [0, 1, 1, 0]),
        ("when: {task: b}, then: {close: true}", [0, 1, 0, 1]),
        ("when: {request: {taskId: a}}, then: {close: true}", [1, 0, 1, 0]),
        ("when: {answer: {canceled: false}}, then: {close: true}", [1, 1, 1, 1]),
        ("when: {answer: {canceled: true}}, then: {close: true}", [0, 0, 0, 0]),
        ("when: {answer: {canceled: false}, nth_of_task: 2}, then: {close: true}", [0, 0, 1, 1]),
    ],
)
def test_conditions_choose_calls(rule: str, found: list[int]) -> None:
    calls = [asked(BEAT, task, at) for task, at in [("a", 1.0), ("b", 2.0), ("a", 3.0), ("b", 4.0)]]

    assert met(plan(rule), *calls) == [bool(one) for one in found]


def test_a_rule_about_several_operations_counts_them_together() -> None:
    made = plan("when: {op: [PollForTask, SetTaskStatus], every: 2}, then: {close: true}")

    assert met(made, asked(POLL), asked(BEAT), asked(END), asked(END), asked(POLL)) == [
        False,
        False,
        True,
        False,
        True,
    ]


def test_a_rule_can_wait_for_another() -> None:
    made = plan(
        "when: {op: SetTaskStatus}, then: {close: true}",
        "when: {op: ReportTaskProgress, after: r1}, then: {reset: true}",
        "when: {op: ReportTaskProgress, after: r1, per: task, task: a}, then: {cancel: true}",
    )
    calls = [asked(), asked(END, "b"), asked(BEAT, "a"), asked(END, "a"), asked(BEAT, "a")]

    assert met(made, *calls) == [False, True, True, True, True]


def test_per_task_it_waits_for_the_same_tasks() -> None:
    made = plan(
        "when: {op: SetTaskStatus}, then: {close: true}",
        "when: {op: ReportTaskProgress, after: r1, per: task}, then: {reset: true}",
    )

    assert met(made, asked(END, "b"), asked(BEAT, "a"), asked(BEAT, "b")) == [True, False, True]


def test_at_most_so_many_are_met_at_once() -> None:
    made = plan("when: {at_most_at_once: 1}, then: {delay: 5}")
    first, second, third = asked(), asked(), asked()

    assert (made.before(first), made.before(second)) == (Forward(5.0, by="r1"), None)
    made.ended(second)
    made.ended(first)
    assert made.before(third) == Forward(5.0, by="r1")


def test_the_worker_group_of_a_beat_is_the_one_that_its_task_was_polled_from() -> None:
    made = plan("when: {op: ReportTaskProgress, worker_group: wg}, then: {cancel: true}")
    poll = asked(POLL, body={"workerGroup": "wg"})
    made.before(poll)
    made.after(poll, live({"taskObject": {"taskId": "a"}}))

    assert met(made, asked(BEAT, "a"), asked(BEAT, "b")) == [True, False]


def test_steps_before_and_after_the_service_are_one_fault() -> None:
    made, call = plan("then: [{delay: 1}, {truncate: 0.5}, {delay: 2, stage: after}]"), asked()

    assert made.before(call) == Forward(1.0, by="r1")
    decision = made.after(call, live())
    assert isinstance(decision, Answer)
    assert (decision.delay, decision.reply.body, decision.by) == (2.0, b'{"cancele', "r1")


def test_a_call_that_one_rule_met_is_left_alone_by_those_that_go_by_the_answer() -> None:
    made = plan("when: {nth: 1}, then: {delay: 1}", "when: {answer: {canceled: false}}, then: {close: true}")
    first, second = asked(), asked()
    for call in (first, second):
        made.before(call)

    assert made.after(first, live()) is None
    assert cut(made.after(second, live())).by == "r2"


def test_an_answer_that_no_fault_changed_is_the_services_own() -> None:
    assert after("when: {answer: {canceled: true}}, then: {cut: true}") is None
    assert after("then: {missing: [nothing]}") is None


def test_an_unknown_operation_meets_rules_for_all_operations() -> None:
    assert met(plan("then: {close: true}"), asked("Unheard"), asked(ALIVE)) == [True, True]
    assert met(plan("then: {cancel: true}"), asked("Unheard")) == [False]


FLAKY = (
    "when: {op: ReportTaskProgress, probability: 0.2}, then: {error: InternalServiceError}",
    "when: {op: ReportTaskProgress, probability: 0.3}, then: {delay: {normal: [5, 2]}}",
    "when: {op: SetTaskStatus, probability: 0.5}, then: {close: true}",
    "when: {op: ReportTaskProgress, nth_of_task: 7}, then: {throttle: 2}",
)


def lives(tasks: int, calls: int, order: random.Random) -> Iterable[Asked]:
    """Calls of several tasks at once, handed out in any order, so that aliases differ from run to run."""
    attempts = [f"@Copy_{number}" for number in range(tasks)]
    order.shuffle(attempts)
    left = dict.fromkeys(attempts, calls)
    while left:
        attempt = order.choice(sorted(left))
        left[attempt] -= 1
        op = BEAT if left[attempt] else END
        yield asked(op, f"task-{attempts.index(attempt) + 1}", attempt=attempt)
        if not left[attempt]:
            del left[attempt]


def log(seed: int, order: int) -> dict[str, list[Decision | None]]:
    made, found = plan(*FLAKY, seed=seed), defaultdict(list)
    for call in lives(8, 125, random.Random(order)):
        found[call.attempt or ""].append(made.before(call))
        made.ended(call)
    return dict(found)


def test_the_same_calls_per_task_give_the_same_faults_however_tasks_interleave() -> None:
    first, second = log(7, 1), log(7, 2)

    assert sum(len(one) for one in first.values()) == 1_000
    assert first == second
    assert first != log(8, 1)
    assert len({str(one) for one in first.values()}) == 8, "tasks draw on their own"


def test_probabilities_are_what_they_say() -> None:
    counts = Counter(decision.by if decision else None for one in log(7, 1).values() for decision in one)

    assert counts["r1"] == pytest.approx(200, abs=40)
    assert counts["r2"] == pytest.approx(240, abs=45)


def test_a_rule_draws_the_same_whatever_rules_stand_beside_it() -> None:
    rule = "when: {op: ReportTaskProgress, probability: 0.3}, then: {close: true}"
    alone, beside = plan(rule), plan(rule, "when: {op: ReportTaskProgress, every: 2}, then: {delay: 1}")

    def of_rule(made: Plan) -> list[bool]:
        found = [made.before(asked()) for _ in range(200)]
        return [decision is not None and decision.by == "r1" for decision in found]

    assert of_rule(alone) == of_rule(beside)


def test_a_try_may_fail_where_the_one_before_did_not() -> None:
    made = plan("when: {probability: 0.5}, then: {close: true}")

    assert set(met(made, *(asked(tried=Try("1", n)) for n in range(1, 30)))) == {True, False}


@pytest.mark.parametrize("when", ["op: SetTaskStatus", "op: ReportTaskProgress, runner: another"])
def test_twenty_rules_that_do_not_match_cost_next_to_nothing(when: str) -> None:
    made, calls = plan(*[f"when: {{{when}, nth: 1}}, then: {{close: true}}"] * 20), [asked()] * 2_000

    def once() -> float:
        began = perf_counter()
        for call in calls:
            made.before(call)
        return (perf_counter() - began) / len(calls)

    assert min(once() for _ in range(20)) < 5e-6


def test_what_ended_is_forgotten() -> None:
    made = plan("then: {delay: 1}")
    calls = [asked() for _ in range(10)]
    for call in calls:
        made.before(call)
        made.ended(call)

    assert [made.after(call, live()) for call in calls] == [None] * 10
