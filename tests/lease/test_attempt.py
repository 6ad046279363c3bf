"""An attempt against the time that its pipeline gives it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from holter.lease.attempt import RULE
from holter.lease.audit import Audit
from holter.lease.finding import Finding, State
from holter.lease.profile import DOCUMENTED, Profile
from holter.wire.message import Mark

from .history import ZERO, History


def hour() -> History:
    """A task that may take an hour, with a beat a minute."""
    return History().handed(0, attemptTimeout="1 hour")


def about(history: History, profile: Profile = DOCUMENTED) -> list[Finding]:
    return [one for one in history.findings(profile) if one.rule == RULE]


MINUTES = [60.0 * number for number in range(60)]


def test_an_attempt_that_is_done_in_time_breaks_nothing() -> None:
    assert hour().beat(*MINUTES).finished(3600).rules() == []


def test_an_attempt_that_goes_on_is_told_once_with_the_first_call_after_its_time() -> None:
    history = hour().beat(*MINUTES, 3599, 3601, 3660, 3720).finished(3780)
    (finding,) = about(history)

    assert (finding.rule, finding.severity, finding.certainty) == (RULE, "warning", "certain")
    assert (finding.at, finding.interactions) == (ZERO + 3600, (1, 63))
    assert finding.gap is not None
    assert finding.gap.certain == finding.gap.possible == 3601.0
    assert finding.message == (
        "task-1 was not done 3601.00 s after it was handed out; the limit is 3600 s (attemptTimeout)"
    )
    assert finding.limit is not None
    assert finding.limit.source == "attemptTimeout in the pipeline's definition"


@pytest.mark.parametrize(
    ("end", "broken"),
    [
        (lambda history: history.finished(3610), True),
        (lambda history: history.failing(3610, 400, "TaskNotFoundException"), True),
        (lambda history: history.failing(3610, 500, "InternalServiceError").mark("stopped", 3611), True),
        (lambda history: history.mark("stopped", 3610), True),
        (lambda history: history.mark("stopped", 3600), False),
        (lambda history: history.handed(3610, "task-2").beat(3611, task="task-2"), True),
        (lambda history: history.beat(3590, canceled=True).mark("stopped", 5000), False),
    ],
)
def test_whatever_comes_after_its_time_tells(end: object, broken: bool) -> None:
    history = hour().beat(*MINUTES)
    end(history)  # type: ignore[operator]  # a row of the table

    assert (RULE in history.rules()) is broken


def test_live_it_is_told_when_the_time_has_passed() -> None:
    audit = Audit(DOCUMENTED)
    audit.read(hour().beat(*MINUTES, 3590).entries)
    assert audit.due(3600) == []
    (told,) = audit.due(3601)

    assert (told.rule, told.state, told.at) == (RULE, State.OPEN, ZERO + 3600)
    assert audit.due(3602) == []
    assert audit.next_due() == 3590 + 75


@pytest.mark.parametrize("what", ["stall", "clock"])
def test_over_blind_time_it_is_possible_at_most(what: str) -> None:
    history = hour().beat(*MINUTES)
    history.entries.append(Mark(what, ZERO + 3550, 3550.0, {"since": 3545.0, "by": 9.0}))

    assert history.beat(3560, 3610).finished(3611).rules() == [f"{RULE}?"]


def test_without_a_timeout_or_where_it_can_not_be_read_there_is_no_limit() -> None:
    for limits in ({}, {"attemptTimeout": "#{x}"}):
        assert History().handed(0, **limits).beat(*(MINUTES * 1), 3610).finished(3611).rules() == []


def test_it_can_be_re_graded_and_switched_off() -> None:
    history = hour().beat(*MINUTES, 3610).finished(3611)
    (finding,) = about(history, replace(DOCUMENTED, rules={RULE: "error"}))

    assert finding.severity == "error"
    assert history.rules(replace(DOCUMENTED, rules={RULE: "off"})) == []
