"""throttle, as a plan asks for it."""

from __future__ import annotations

from holter.wire.codec import error_code
from holter.wire.message import Try

from .scenes import BEAT, END, asked, given, plan, refusal


def test_so_many_tries_in_a_row_are_turned_down_whatever_the_sdk_calls_them() -> None:
    made = plan("when: {op: ReportTaskProgress, nth: 1}, then: {throttle: 3}")
    tries = [Try("1", 1), Try("1", 2), Try("2", 1), Try("2", 2)]
    found = [made.before(asked(tried=tried)) for tried in tries]

    assert [decision is not None for decision in found] == [True, True, True, False]
    assert {(error_code(given(one)), given(one).status) for one in found[:3]} == {
        ("ThrottlingException", 400)
    }


def test_a_call_that_is_tried_again_after_that_is_not_turned_down_anew() -> None:
    made = plan("when: {op: ReportTaskProgress, nth: 1}, then: {throttle: 2}")
    found = [made.before(asked(tried=Try("1", n))) for n in (1, 2, 3, 4)]

    assert [decision is not None for decision in found] == [True, True, False, False]


def test_other_tasks_and_operations_are_not_turned_down() -> None:
    made = plan("when: {op: ReportTaskProgress, nth: 1}, then: {throttle: 3, status: 429}")
    found = [made.before(asked(op, task)) for op, task in [(BEAT, "a"), (BEAT, "b"), (END, "a"), (BEAT, "a")]]

    assert [decision is not None for decision in found] == [True, False, False, True]
    assert given(found[0]).status == 429


def test_one_try_is_the_least() -> None:
    assert "throttle: must be a whole number from 1 up" in refusal("then: {throttle: 0}")
