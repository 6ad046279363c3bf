"""How a lease stands, in a line."""

from __future__ import annotations

import pytest
from tests.lease.history import History

from holter.lease.audit import Audit
from holter.lease.profile import DOCUMENTED
from holter.report.held import stands


@pytest.mark.parametrize(
    ("history", "now", "line"),
    [
        (History().handed(0), 30, "handed out: 30.00 s of 120 s used up, 90.00 s left"),
        (History().handed(0).beat(1, 61), 91, "held: 30.00 s of 900 s used up, 870.00 s left"),
        (History().handed(0).beat(1, 61), 1061, "expired: 1000.00 s of 900 s used up, 0.00 s left"),
        (History().handed(0).beat(1).finished(2), 99, "ended: finished"),
        (History().handed(0).beat(1, canceled=True), 99, "canceled"),
    ],
)
def test_what_is_used_up_and_what_is_left(history: History, now: float, line: str) -> None:
    audit = Audit(DOCUMENTED)
    audit.read(history.entries)

    assert stands(audit.leases[0], now) == line
