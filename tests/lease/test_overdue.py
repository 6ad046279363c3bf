"""What became of findings that were told while their gap went on."""

from __future__ import annotations

import pytest

from holter.lease.audit import Audit
from holter.lease.finding import Finding, State
from holter.lease.growth import OpenFindings
from holter.lease.profile import DOCUMENTED
from holter.wire.message import Interaction, Mark

from .history import ZERO, History


class Live:
    """An audit of one task that was handed out, with what it told since; it is asked for what is due."""

    def __init__(self, *beats: float) -> None:
        self.audit = Audit(DOCUMENTED)
        self.audit.read(History().handed(0).beat(*beats).entries)
        self.told: list[Finding] = []

    def due(self, *moments: float) -> Live:
        self.told += [finding for at in moments for finding in self.audit.due(at)]
        return self

    def mark(self, what: str, mono: float, **more: float) -> Live:
        self.told += self.audit.mark(Mark(what, ZERO + mono, mono, dict(more)))
        return self

    def passed(self, history: History) -> Live:
        call = history.entries[-1]
        assert isinstance(call, Interaction)
        self.told += self.audit.feed(self.audit.timeline.passed(call.seq, call))
        return self

    def close(self) -> Live:
        self.told += self.audit.close()
        return self

    @property
    def said(self) -> list[str]:
        return [f"{one.rule} {one.state}" for one in self.told]


def test_a_gap_that_ends_as_what_it_was_told_is_closed_and_nothing_is_withdrawn() -> None:
    live = Live(1).due(100, 400).passed(History().beat(410))
    assert live.said == ["gap-over-advice open", "gap-over-5min open", "gap-over-5min closed"]


def test_a_gap_that_proves_to_be_blind_time_is_withdrawn_as_the_last_that_it_was_told_as() -> None:
    live = Live(1).due(100, 400).mark("stall", 401, since=50)
    assert live.said[2:] == ["gap-over-5min withdrawn"]
    opened, withdrawn = live.told[1:]
    assert withdrawn.message == f"{opened.message}; then it ended in a way that breaks no rule"
    assert (withdrawn.at, withdrawn.interactions) == (opened.at, opened.interactions)
    assert live.audit.findings == []


def test_a_gap_of_which_enough_was_seen_is_closed_by_blind_time() -> None:
    live = Live(1).due(100, 400).mark("stall", 401, since=90)
    assert live.said[2:] == ["gap-over-advice closed"]


def test_a_task_never_heard_of_again_is_at_the_end_no_longer_slow_to_be_acknowledged() -> None:
    live = Live().due(100).mark("stopped", 110).close()
    assert live.said == ["ack-slow open", "ack-slow withdrawn", "terminal-missing-at-exit closed"]
    assert [one.rule for one in live.audit.findings] == ["terminal-missing-at-exit"]


def test_a_task_that_was_taken_away_before_its_time_is_no_longer_slow() -> None:
    live = Live().due(100).passed(History().handed(110, "task-2"))
    assert live.said == ["ack-slow open", "ack-slow withdrawn", "redelivery open"]


def test_a_beat_that_was_asked_in_time_and_came_in_late_takes_back_what_was_told() -> None:
    live = Live(1).due(77).passed(History().beat(70))
    assert live.said == ["gap-over-advice open", "gap-over-advice withdrawn"]


def test_what_was_withdrawn_may_be_told_anew() -> None:
    live = Live(1).due(100).mark("stall", 110, since=50).due(200)
    assert live.said == ["gap-over-advice open", "gap-over-advice withdrawn", "gap-over-advice open"]


def test_many_leases_each_have_their_own_end() -> None:
    history = History()
    for number in range(20):
        history.handed(0, f"task-{number}", f"A{number}_Attempt=1").beat(number * 10, task=f"task-{number}")
    live = Live()
    live.audit = Audit(DOCUMENTED)
    live.audit.read(history.entries)
    live.due(270).mark("stall", 280, since=150)
    open_, ends = live.told[:20], live.told[20:]

    assert [one.state for one in open_] == [State.OPEN] * 20
    assert {one.task for one in ends if one.state is State.CLOSED} == {f"task-{n}" for n in range(8)}
    assert {one.task for one in ends if one.state is State.WITHDRAWN} == {f"task-{n}" for n in range(8, 20)}


@pytest.mark.parametrize("since", [None, 50.0])
def test_the_time_of_an_attempt_stays_passed_whatever_became_of_the_beats(since: float | None) -> None:
    live, kept = Live(), OpenFindings()
    live.audit = Audit(DOCUMENTED)
    live.audit.read(History().handed(0, attemptTimeout="1 minute").beat(10, 50).entries)
    live.due(130)
    if since:
        live.mark("stall", 131, since=since)
    live.passed(History().beat(132))
    for finding in live.told:
        kept.told(finding)

    (closed,) = [one for one in live.told if one.rule == "attempt-timeout-passed" and one.state != "open"]
    assert closed.state is State.CLOSED
    assert [*kept] == []
