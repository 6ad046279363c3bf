from __future__ import annotations

import pytest
from tests.replay.tapes import beat, empty, handout, takes

from holter.replay.pacing import End, Pace, Pacing, at_age, held
from holter.settings import END, PACE


def test_the_words_are_those_of_the_settings() -> None:
    assert tuple(Pace) == PACE
    assert set(End) == set(END)


@pytest.mark.parametrize(("scale", "delay", "idle"), [(1.0, 2.0, 30.0), (0.5, 1.0, 15.0), (0.0, 0.0, 0.0)])
def test_delays_are_the_recorded_ones_times_the_scale(scale: float, delay: float, idle: float) -> None:
    pacing = Pacing(scale=scale)
    first, *_ = tape = takes(
        handout(asked=1.0, took=2.0), empty(asked=5.0, took=30.0), empty(asked=40.0, took=3.0)
    )
    assert pacing.delay(first) == delay
    assert pacing.idle(tape) == idle


def test_an_idle_poll_that_was_never_recorded_is_held_as_long_as_the_limit_says() -> None:
    assert Pacing(scale=0.1, hold=90.0).idle(takes(handout())) == 9.0


@pytest.mark.parametrize(("age", "index"), [(0.0, -1), (9.9, -1), (10.0, 0), (19.9, 0), (20.0, 1), (99.0, 2)])
def test_the_answer_at_an_age_is_the_last_that_was_given_by_then(age: float, index: int) -> None:
    tape = takes(beat(asked=110.0), beat(asked=120.0), beat(asked=130.0))
    assert at_age(tape, 100.0, age) == index


@pytest.mark.parametrize(
    ("statuses", "index"),
    [([200, 200], 1), ([200, 500], 0), ([200, 429, 503], 0), ([500, 500], 1), ([400, 500], 0)],
)
def test_passing_trouble_is_not_held(statuses: list[int], index: int) -> None:
    tape = takes(*(beat(status=status) for status in statuses))
    assert held(tape) is tape[index]
