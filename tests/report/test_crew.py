"""What a runner's tasks come to together."""

from __future__ import annotations

from tests.lease.history import History

from holter.report.crew import Crew, by_caller


def test_the_leases_of_each_caller_are_counted_together() -> None:
    history = History(caller="a").handed(0).beat(2, 50).failing(60, 500, "X").finished(61)
    history.handed(70, "task-2", "B").beat(71, task="task-2")
    history.caller = "b"
    audit = history.handed(80, "task-3", "C").call("X", 81).audit()
    found = by_caller([*audit.callers, "c"], audit.leases)

    assert list(found) == ["a", "b", "c"]
    assert (found["a"].tasks, found["a"].ok, found["a"].failed) == (2, 3, 1)
    assert (found["a"].acks, list(found["a"].intervals)) == ([2.0, 1.0], [48.0])
    assert (found["a"].longest, found["b"].longest) == (48.0, None)
    assert found["a"].worst_share == max(lease.worst_share for lease in audit.leases if lease.caller == "a")
    assert (found["b"].tasks, found["b"].ok, found["c"]) == (1, 0, Crew())
