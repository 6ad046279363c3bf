"""Suppressions that have come to their end; the audit's side of it is in test_suppression."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from holter.lease.expiry import expired
from holter.lease.profile import DOCUMENTED
from holter.lease.suppression import RULE, Suppression

ENDED = Suppression("ack-late", "slow disk", date(2027, 3, 1), (("caller", "legacy-*"), ("task", "task-1")))


def test_each_is_a_finding_about_no_task_that_says_which_it_was() -> None:
    first, second = expired([ENDED, replace(ENDED, about=())], DOCUMENTED, 5.0)

    assert (first.rule, first.severity, first.at, first.task) == (RULE, "warning", 5.0, None)
    assert first.message == "expired: ack-late, caller legacy-*, task task-1, until 2027-03-01: slow disk"
    assert second.message == "expired: ack-late, until 2027-03-01: slow disk"
    assert first.fails("warning")


@pytest.mark.parametrize(("grade", "severities"), [("error", ["error"]), ("note", ["note"]), ("off", [])])
def test_the_profile_grades_it(grade: str, severities: list[str]) -> None:
    found = expired([ENDED], replace(DOCUMENTED, rules={RULE: grade}), 0.0)

    assert [one.severity for one in found] == severities
