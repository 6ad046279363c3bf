"""Leases going down, told at half and at four fifths."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holter.lease.audit import Audit
from holter.lease.countdown import SHARES
from holter.lease.profile import DOCUMENTED
from holter.wire.message import Interaction

from .history import ZERO, History


def counting(history: History) -> Audit:
    audit = Audit(DOCUMENTED)
    audit.count_down()
    audit.read(history.entries)
    return audit


def told(audit: Audit, *moments: float) -> list[tuple[str, float, float]]:
    return [(ebb.task, ebb.share, ebb.left) for now in moments for ebb in audit.ebbing(now)]


def calls(history: History) -> list[Interaction]:
    return [entry for entry in history.entries if isinstance(entry, Interaction)]


def test_a_lease_is_told_once_at_each_share_with_the_seconds_left() -> None:
    audit = counting(History().handed(0).beat(1))

    assert told(audit, *range(2, 2000)) == [("task-1", 0.5, 450.0), ("task-1", 0.8, 180.0)]


def test_before_the_first_beat_the_time_to_acknowledge_goes_down() -> None:
    assert told(counting(History().handed(0)), *range(500)) == [
        ("task-1", 0.5, 60.0),
        ("task-1", 0.8, 24.0),
    ]


def test_the_pipelines_own_limit_counts() -> None:
    audit = counting(History().handed(0, reportProgressTimeout="20 minutes").beat(0))

    assert told(audit, *range(2000)) == [("task-1", 0.5, 600.0), ("task-1", 0.8, 240.0)]


def test_a_beat_begins_anew() -> None:
    audit = counting(History().handed(0).beat(1))
    assert told(audit, *range(1, 500)) == [("task-1", 0.5, 450.0)]
    for call in calls(History().beat(500)):
        audit.feed(audit.timeline.asked("x", call))
        audit.feed(audit.timeline.ended("x", call))

    assert told(audit, *range(500, 1300)) == [("task-1", 0.5, 450.0), ("task-1", 0.8, 180.0)]


def test_a_look_that_comes_late_tells_only_the_highest_share_and_nothing_after_the_end() -> None:
    assert told(counting(History().handed(0).beat(1)), 2, 800) == [("task-1", 0.8, 101.0)]
    assert told(counting(History().handed(0).beat(1)), 2, 902) == []


def test_while_a_beat_is_on_its_way_nothing_goes_down() -> None:
    audit = counting(History().handed(0).beat(1))
    (call,) = calls(History().beat(400))
    audit.feed(audit.timeline.asked("x", call))

    assert told(audit, *range(400, 3000)) == []


def test_a_lease_that_has_ended_is_looked_at_no_more() -> None:
    audit = counting(History().handed(0).beat(1).finished(2))

    assert told(audit, *range(3, 3000)) == []
    assert audit.next_due() == float("inf")


def test_a_lease_taken_up_from_a_file_is_watched_and_from_a_file_alone_nobody_is() -> None:
    audit = Audit(DOCUMENTED)
    audit.read(History().handed(0).beat(1).entries)
    assert told(audit, 500) == []
    audit.count_down()

    assert told(audit, 500) == [("task-1", 0.5, 401.0)]


def test_the_moment_is_the_wall_clocks_and_next_due_comes_no_later() -> None:
    audit = counting(History().handed(0).beat(1))
    list(audit.ebbing(1))
    assert audit.next_due() <= 451.0
    (ebb,) = audit.ebbing(452)

    assert ebb.at == ZERO + 452


def test_a_task_whose_hand_out_was_not_seen_goes_down_from_its_first_beat() -> None:
    audit = counting(History().beat(1))

    assert told(audit, *range(2000)) == [("task-1", 0.5, 450.0), ("task-1", 0.8, 180.0)]


@given(st.integers(0, 2**32))
def test_every_gap_is_told_at_each_share_that_it_reaches_whatever_the_beats(seed: int) -> None:
    chance, audit = random.Random(seed), counting(History().handed(0).beat(1))
    last, expected, found = 1.0, list[float](), list[float]()
    for _ in range(chance.randint(1, 8)):
        gap = chance.choice([10, 200, 500, 640, 800, 1500]) * chance.uniform(0.95, 1.05)
        expected += [share for share in SHARES if share * 900 < gap]
        for now in range(int(last), int(last + gap)):
            found += [ebb.share for ebb in audit.ebbing(now)]
        last += gap
        for call in calls(History().beat(last)):
            audit.feed(audit.timeline.asked(last, call))
            audit.feed(audit.timeline.ended(last, call))

    assert found == pytest.approx(expected)
