"""What the board remembers of what a run has told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.lease.history import History

from holter.lease.countdown import Ebb
from holter.lease.finding import Certainty, Finding, State
from holter.lease.rules import Severity
from holter.screen.news import KEPT, News
from holter.wire.message import Interaction


def told(*, trouble: list[str] | None = None) -> News:
    kept: list[str] = [] if trouble is None else trouble
    return News(kept.append)


@pytest.fixture
def error() -> Finding:
    (found,) = [one for one in History().handed(0).beat(1, 1000).findings() if one.severity is Severity.ERROR]
    return found


def test_calls_are_counted_and_the_last_of_each_task_is_kept() -> None:
    news = told()
    for seq, op in enumerate(("PollForTask", "ReportTaskProgress", "ReportTaskProgress"), 1):
        news.called(Interaction(op, {}, seq=seq, task="task-1"), 1.0)
    news.called(Interaction("PollForTask", {}, seq=4), None)
    news.ebbing(Ebb(0.0, "task-1", 0.5, 1.0))

    assert news.operations == {"PollForTask": 2, "ReportTaskProgress": 2}
    last = news.answer("task-1")
    assert last is not None
    assert last.seq == 3
    assert news.answer("task-2") is None


def test_tasks_that_are_over_are_forgotten_once_they_are_many() -> None:
    news = told()
    for number in range(2000):
        news.called(Interaction("ReportTaskProgress", {}, task=f"task-{number}"), None)
    news.keep([f"task-{number}" for number in range(1000)])
    assert news.answer("task-1999")
    news.keep(["task-7"])

    assert [bool(news.answer(task)) for task in ("task-7", "task-8", "task-1999")] == [True, False, False]


def test_a_finding_counts_once_open_and_closed(error: Finding) -> None:
    news = told()
    news.found(replace(error, state=State.OPEN))
    assert news.totals() == ({Severity.ERROR: 1}, 0)
    assert news.latest(5) == [replace(error, state=State.OPEN)]
    news.found(error)

    assert news.totals() == ({Severity.ERROR: 1}, 0)
    assert news.latest(5) == [error]


def test_a_finding_that_is_withdrawn_counts_no_more(error: Finding) -> None:
    news = told()
    for state in (State.OPEN, State.WITHDRAWN):
        news.found(replace(error, state=state))

    assert (news.totals(), news.latest(5)) == (({}, 0), [])


@pytest.mark.parametrize("state", [State.OPEN, State.CLOSED])
def test_what_fails_no_run_is_counted_apart(error: Finding, state: State) -> None:
    news = told()
    news.found(replace(error, state=state, cause="fault"))
    news.found(replace(error, state=state, task="task-2", suppressed="known"))
    news.found(replace(error, state=state, task="task-3", certainty=Certainty.POSSIBLE))
    counts, excused = news.totals()

    assert (counts.total(), excused) == (0, 3)


def test_the_newest_are_shown_and_notes_only_where_there_is_room(error: Finding) -> None:
    news = told()
    found = [
        replace(error, task=f"task-{number}", at=float(number), severity=severity)
        for number, severity in enumerate((Severity.ERROR, Severity.NOTE, Severity.WARNING, Severity.NOTE))
    ]
    for one in found:
        news.found(one)

    assert news.latest(2) == [found[2], found[0]]
    assert news.latest(3) == [found[3], found[2], found[0]]
    assert news.latest(9) == found[::-1]


def test_a_long_run_keeps_only_the_latest(error: Finding) -> None:
    news = told()
    for number in range(KEPT * 2):
        news.found(replace(error, task=f"task-{number}", at=float(number)))

    assert news.totals()[0][Severity.ERROR] == KEPT * 2
    assert len(news.latest(KEPT * 2)) == KEPT


def test_trouble_is_passed_on() -> None:
    troubles: list[str] = []
    told(trouble=troubles).trouble("disk full")

    assert troubles == ["holter: disk full"]
