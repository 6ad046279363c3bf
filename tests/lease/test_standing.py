"""Where a lease stands, moment by moment."""

from __future__ import annotations

import pytest

from holter.lease.audit import Audit
from holter.lease.profile import DOCUMENTED
from holter.lease.standing import AT_RISK, Standing, standing

from .history import History


def at(history: History, now: float) -> Standing:
    audit = Audit(DOCUMENTED)
    audit.read(history.entries)
    return standing(audit.leases[0], now)


@pytest.mark.parametrize(
    ("history", "now", "expected"),
    [
        (History().handed(0), 1, "handed out"),
        (History().handed(0), 120 * AT_RISK, "at risk"),
        (History().handed(0), 121, "expired"),
        (History().handed(0).beat(1), 2, "acknowledged"),
        (History().handed(0).beat(1, 61), 62, "held"),
        (History().handed(0).beat(1, 61), 61 + 900 * AT_RISK, "at risk"),
        (History().handed(0).beat(1, 61), 962, "expired"),
        (History().handed(0, reportProgressTimeout="1 hour").beat(1, 61), 962, "held"),
        (History().handed(0).beat(1, canceled=True), 962, "canceled"),
        (History().handed(0).beat(1).finished(2), 962, "ended"),
        (History().handed(0).failing(1, 400, "TaskNotFoundException"), 962, "gone"),
        (History().handed(0).handed(200, "task-2"), 962, "reassigned"),
        (History().beat(1), 2, "acknowledged"),
    ],
)
def test_a_lease_stands_where_its_calls_have_brought_it(history: History, now: float, expected: str) -> None:
    assert at(history, now) == expected


@pytest.mark.parametrize(
    ("end", "expected"), [(30.0, "acknowledged"), (800.0, "at risk"), (950.0, "expired")]
)
def test_at_the_end_of_the_recording_it_stands_where_it_stood_then(end: float, expected: str) -> None:
    audit = History().handed(0).beat(1).mark("stopped", end).audit()

    assert audit.leases[0].outcome == "unfinished"
    assert standing(audit.leases[0], 99_999) == expected


def test_a_task_that_was_never_acknowledged_is_judged_by_the_time_to_acknowledge_at_the_end_too() -> None:
    assert standing(History().handed(0).mark("stopped", 200).audit().leases[0], 0) == "expired"
