"""What the clocks tell, look by look."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holter.lease.vigil import STALL, STEP, Vigil
from holter.wire.message import Mark, Moment

WALL = 1_800_000_000.0


def looked(*looks: tuple[float, float, float]) -> list[Mark]:
    """Look at these moments: the monotonic clock, what the wall clock is ahead by, what was slept."""
    vigil = Vigil()
    return [
        mark
        for mono, ahead, slept in looks
        for mark in vigil.look(Moment(WALL + ahead + mono, mono), slept, 0.2)
    ]


def test_clocks_that_run_together_say_nothing() -> None:
    assert looked(*((tenth / 10, 0.0, 0.0) for tenth in range(100))) == []


@given(st.lists(st.floats(-STEP / 3, STEP / 3), max_size=30))
def test_a_clock_that_is_slewed_is_never_taken_for_one_that_was_set(drifts: list[float]) -> None:
    ahead, looks = 0.0, []
    for number, drift in enumerate(drifts):
        ahead += drift
        looks.append((number / 5, ahead, 0.0))

    assert looked(*looks) == []


@pytest.mark.parametrize("by", [3600.0, -3600.0, STEP, -STEP])
def test_a_wall_clock_that_was_set_is_told_with_how_much_and_since_when(by: float) -> None:
    marks = looked((0.0, 0.0, 0.0), (0.2, 0.0, 0.0), (0.4, by, 0.0), (0.6, by, 0.0), (0.8, by, 0.0))

    assert marks == [Mark("clock", WALL + 0.6 + by, 0.6, {"since": 0.2, "by": by})]


def test_a_look_that_was_interrupted_between_the_clocks_is_not_believed() -> None:
    assert looked((0.0, 0.0, 0.0), (0.2, -1.5, 0.0), (0.4, 0.0, 0.0), (0.6, 0.0, 1.5), (0.8, 0.0, 0.0)) == []


def test_a_host_that_slept_has_not_set_its_clock() -> None:
    marks = looked((0.0, 0.0, 0.0), (0.2, 60.0, 60.0), (0.4, 60.0, 60.0), (0.6, 60.0, 60.0))

    assert marks == [Mark("slept", WALL + 60.4, 0.4, {"since": 0.0, "seconds": 60.0})]


def test_a_clock_may_be_set_while_the_host_sleeps() -> None:
    marks = looked((0.0, 0.0, 0.0), (0.2, 50.0, 60.0), (0.4, 50.0, 60.0))

    assert [(mark.what, dict(mark.more)) for mark in marks] == [
        ("slept", {"since": 0.0, "seconds": 60.0}),
        ("clock", {"since": 0.0, "by": -10.0}),
    ]


def test_a_second_jump_is_told_as_well_and_none_twice() -> None:
    aheads = [0.0, 5.0, 5.0, 5.0, 12.0, 12.0, 12.0]

    assert [mark.more["by"] for mark in looked(*((at, ahead, 0.0) for at, ahead in enumerate(aheads)))] == [
        5.0,
        7.0,
    ]


def test_who_looks_later_than_promised_has_missed_what_was_between() -> None:
    vigil = Vigil()
    assert vigil.until == float("inf")
    list(vigil.look(Moment(WALL, 1.0), 0.0, 0.2))
    assert vigil.until == 1.2 + STALL

    assert vigil.missed(5.0) == Mark("stall", WALL + 4.0, 5.0, {"since": 1.0})
    assert vigil.until == float("inf")


def test_a_call_that_was_arriving_makes_the_doubt_reach_further_back() -> None:
    vigil = Vigil()
    list(vigil.look(Moment(WALL, 1.0), 0.0, 0.2))

    assert vigil.missed(5.0, arrived=0.25).more == {"since": 0.25}
    marks = [
        mark for at in (6.0, 6.2) for mark in vigil.look(Moment(WALL + 100 + at, at), 0.0, 0.2, arrived=0.5)
    ]
    assert [dict(mark.more) for mark in marks] == [{"since": 0.5, "by": 101.0}]
