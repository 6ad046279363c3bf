from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from holter.lease.audit import Audit
from holter.lease.profile import DOCUMENTED
from holter.wire.message import Interaction, Mark

from .history import History
from .test_audit import random_history

INFINITE = float("inf")


@given(st.integers(0, 2**32))
@settings(max_examples=100, deadline=None)
def test_the_next_deadline_is_the_earliest_of_all_open_leases(seed: int) -> None:
    audit = Audit(DOCUMENTED)
    edges: list[tuple[float, int, bool, Interaction]] = []
    for number, entry in enumerate(random_history(seed)):
        if not isinstance(entry, Mark):
            edges += [(entry.asked or 0.0, number, False, entry), (entry.ended or 0.0, number, True, entry)]
    for at, number, ended, call in sorted(edges, key=lambda edge: edge[:3]):
        audit.due(at)
        audit.feed(audit.timeline.ended(number, call) if ended else audit.timeline.asked(number, call))
        expected = min((lease.next_due() for lease in audit.open_leases), default=INFINITE)

        assert audit.next_due() == expected
        audit.due(at + 70.0)
        assert all(lease.next_due() >= at + 70.0 - 1e-6 for lease in audit.open_leases)


def test_before_it_is_first_asked_nothing_is_listed() -> None:
    audit = Audit(DOCUMENTED)
    history = History().handed(0).beat(10, 20).handed(30, "task-2", "B_2026-01-02T00:00:00_Attempt=1")
    audit.read(history.entries)
    assert audit.next_due() == 20 + 75
    assert [finding.task for finding in audit.due(20 + 76)] == ["task-1"]
    assert audit.next_due() == 30 + 75
