"""The leases that are open, and which of them has something to say next."""

from __future__ import annotations

from holter.lease.edges import Timeline
from holter.lease.handout import read
from holter.lease.machine import Lease
from holter.lease.ongoing import Ongoing
from holter.lease.order import passed
from holter.lease.profile import DOCUMENTED
from holter.wire.message import Interaction

from .history import History

INFINITE = float("inf")
HANDED = History(latency=0.0).handed(0).beat(10).finished(20)


def begun() -> tuple[Lease, list[Interaction]]:
    """A lease as it was handed out, and the calls about it that follow."""
    edges = list(passed(HANDED.entries, Timeline()))
    poll, *rest = [edge for edge in edges if edge.interaction]
    given = read(poll.call, DOCUMENTED)
    lease = Lease("task-1", "runner", given, DOCUMENTED)
    lease.begin(poll, 0.0)
    return lease, [edge.call for edge in rest]


def test_without_leases_nothing_is_ever_due() -> None:
    ongoing = Ongoing()
    ongoing.count_down(0.0)
    assert ongoing.leases == []
    assert ongoing.next() == INFINITE
    assert ongoing.due(1e9) == []
    assert list(ongoing.ebbing(1e9)) == []


def test_a_lease_is_due_when_its_acknowledgement_is() -> None:
    ongoing, (lease, _) = Ongoing(), begun()
    ongoing.add(lease, 0.0)
    assert ongoing.leases == [lease]
    assert ongoing.next() == lease.next_due() < 120
    assert ongoing.due(1.0) == []
    assert [(one.task, broken.bar.rule) for one, broken in ongoing.due(200.0)] == [("task-1", "ack-missing")]
    assert ongoing.due(200.0) == []


def test_a_lease_that_is_over_is_let_go() -> None:
    ongoing, (lease, calls) = Ongoing(), begun()
    ongoing.add(lease, 0.0)
    for edge in passed([HANDED.entries[0], *calls], Timeline()):
        if edge.interaction:
            asked, ended = edge.both()
            lease.asked(asked)
            assert list(lease.ended(ended)) == []
            ongoing.heard(lease)
    assert not lease.open
    assert ongoing.leases == []
    assert ongoing.next() == INFINITE


def test_only_who_asks_for_it_hears_how_leases_ebb() -> None:
    ongoing, (lease, _) = Ongoing(), begun()
    ongoing.add(lease, 0.0)
    assert list(ongoing.ebbing(60.0)) == []
    ongoing.count_down(0.0)
    assert [(ebb.task, ebb.share) for ebb in ongoing.ebbing(60.0)] == [("task-1", 0.5)]
