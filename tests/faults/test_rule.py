"""When a fault applies."""

from __future__ import annotations

import pytest

from holter.faults.rule import When

BEAT = "ReportTaskProgress"


@pytest.mark.parametrize(
    ("when", "op", "nth", "applies"),
    [
        (When(BEAT), BEAT, 1, True),
        (When(BEAT), BEAT, 9, True),
        (When(BEAT), BEAT, None, True),
        (When(BEAT), "SetTaskStatus", 1, False),
        (When(BEAT), "reporttaskprogress", 1, False),
        (When(BEAT, nth_of_task=2), BEAT, 2, True),
        (When(BEAT, nth_of_task=2), BEAT, 1, False),
        (When(BEAT, nth_of_task=2), BEAT, 3, False),
        (When(BEAT, nth_of_task=2), BEAT, None, False),
        (When(BEAT, nth_of_task=2), "SetTaskStatus", 2, False),
    ],
)
def test_a_rule_applies_to_its_operation_and_its_number(
    when: When, op: str, nth: int | None, applies: bool
) -> None:
    assert when.applies(op, nth) is applies
