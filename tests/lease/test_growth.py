from __future__ import annotations

from tests.lease.history import History

from holter.lease.audit import Audit
from holter.lease.finding import Finding
from holter.lease.growth import OpenFindings
from holter.lease.profile import DOCUMENTED


def silent(*tasks: str) -> Audit:
    """Return the audit of tasks that were handed out, acknowledged, and never heard of again."""
    history = History()
    for task in tasks:
        history.handed(0, task).beat(1, task=task)
    audit = Audit(DOCUMENTED)
    audit.read(history.entries)
    return audit


def test_a_finding_takes_the_place_of_the_one_that_it_grew_out_of() -> None:
    audit, kept, seen = silent("task-1"), OpenFindings(), list[list[str]]()
    for at in (100.0, 310.0, 910.0):
        for finding in audit.due(at):
            kept.told(finding)
        seen.append([one.rule for one in kept])

    assert seen == [["gap-over-advice"], ["gap-over-5min"], ["gap-over-limit"]]


def test_a_closed_finding_ends_the_open_ones_of_its_gap() -> None:
    open_ones = silent("task-1").due(310.0)
    (closed,) = History().handed(0).beat(1, 1200).findings()
    kept = OpenFindings()
    for finding in (*open_ones, closed):
        kept.told(finding)

    assert (len(open_ones) > 1, closed.rule, list(kept)) == (True, "gap-over-limit", [])


def test_the_gaps_of_other_tasks_go_on() -> None:
    kept = OpenFindings()
    found: list[Finding] = silent("task-1", "task-2").due(100.0)
    for finding in found:
        kept.told(finding)
    (closed,) = History().handed(0).beat(1, 200).findings()
    kept.told(closed)

    assert len(found) == 2
    assert [one.task for one in kept] == ["task-2"]
