from __future__ import annotations

from holter.lease.edges import Edge, Kind
from holter.lease.pending import Pending
from holter.wire.message import Interaction
from holter.wire.operations import TASK_NOT_FOUND

CALL = Interaction("ReportTaskProgress", {}, {}, status=200)
GONE = Interaction("ReportTaskProgress", {}, {}, status=400, error=TASK_NOT_FOUND)


def on_their_way(*moments: float) -> Pending:
    """Calls asked at moments, each known by its number."""
    pending = Pending()
    for key, at in enumerate(moments):
        pending.asked(Edge(at, Kind.ASKED, key, CALL))
    return pending


def ended(pending: Pending, key: int, at: float, call: Interaction = CALL) -> None:
    pending.ended(Edge(at, Kind.ENDED, key, call, first=at))


def taken(pending: Pending) -> list[float]:
    found = []
    while call := pending.take():
        found.append(call[0])
    return found


def test_a_call_counts_once_it_has_ended() -> None:
    pending = on_their_way(1.0)
    assert pending
    assert taken(pending) == []
    ended(pending, 0, 2.0)
    assert taken(pending) == [1.0]
    assert not pending


def test_a_call_waits_for_those_that_were_asked_before_it() -> None:
    pending = on_their_way(1.0, 2.0)
    ended(pending, 1, 3.0)
    assert taken(pending) == []
    ended(pending, 0, 4.0)
    assert taken(pending) == [1.0, 2.0]


def test_of_calls_asked_at_one_moment_the_first_to_end_comes_first() -> None:
    pending = on_their_way(1.0, 1.0)
    ended(pending, 1, 2.0)
    found = pending.take()
    assert found is not None
    assert found[1].key == 1


def test_an_answer_that_the_task_is_gone_counts_when_it_came() -> None:
    pending = on_their_way(1.0, 2.0)
    ended(pending, 0, 3.0, GONE)
    assert taken(pending) == []
    ended(pending, 1, 4.0)
    assert taken(pending) == [2.0, 1.0]


def test_what_never_began_is_not_waited_for() -> None:
    pending = on_their_way(1.0)
    ended(pending, 7, 2.0)
    assert taken(pending) == []


def test_the_oldest_call_tells_since_when_something_may_have_happened() -> None:
    pending = on_their_way(3.0, 2.0)
    assert pending.since(5.0) == 2.0
    ended(pending, 1, 4.0)
    pending.forget()
    assert taken(pending) == [2.0]
    assert pending.since(5.0) == 5.0
