from __future__ import annotations

from dataclasses import replace

from tests.lease.history import History

from holter.lease.audit import Audit
from holter.lease.finding import Finding, State
from holter.lease.growth import OpenFindings
from holter.lease.profile import DOCUMENTED


def silent(*tasks: str) -> Audit:
    """Return the audit of tasks that were handed out, acknowledged, and never heard of again."""
    history = History()
    for at, task in enumerate(tasks):
        history.handed(at, task, f"{task}_Attempt=1").beat(at + 0.5, task=task)
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
    (opened,) = silent("task-1").due(310.0)
    (closed,) = History().handed(0).beat(0.5, 1200).findings()
    kept = OpenFindings()
    for finding in (opened, closed):
        kept.told(finding)

    assert (opened.rule, closed.rule, [*kept]) == ("gap-over-5min", "gap-over-limit", [])


def test_a_withdrawn_finding_is_open_no_more_and_nothing_has_become_of_it() -> None:
    (opened,) = silent("task-1").due(310.0)
    kept = OpenFindings()
    for state in (State.OPEN, State.WITHDRAWN):
        kept.told(replace(opened, state=state))
    assert [*kept] == []


def test_what_is_told_once_for_a_task_is_the_same_whoever_did_it_and_else_each_runners_own() -> None:
    (opened,) = silent("task-1").due(310.0)
    conduct = replace(opened, rule="split-brain")
    alone = replace(opened, rule="poll-overlap", task=None)
    kept = OpenFindings()
    for finding in (conduct, alone):
        kept.told(finding)
        kept.told(replace(finding, state=State.CLOSED, caller="another"))
    assert [*kept] == [alone]


def test_the_gaps_of_other_tasks_go_on() -> None:
    kept = OpenFindings()
    found: list[Finding] = silent("task-1", "task-2").due(100.0)
    for finding in found:
        kept.told(finding)
    (closed,) = History().handed(0).beat(0.5, 200).findings()
    kept.told(closed)

    assert len(found) == 2
    assert [one.task for one in kept] == ["task-2"]
