from __future__ import annotations

import time

import pytest

from holter.clock import Clock


def test_the_monotonic_clock_counts_from_the_clocks_making_and_the_wall_is_as_it_is() -> None:
    walls, monos = iter([50.0, 40.0]), iter([1000.0, 1000.0, 1002.5])
    clock = Clock(lambda: next(walls), lambda: next(monos))

    first, second = clock.now(), clock.now()
    assert (first.wall, first.mono) == (50.0, 0.0)
    assert (second.wall, second.mono) == (40.0, 2.5)


def test_by_default_both_are_the_machines_own() -> None:
    before = time.time()
    clock = Clock()
    first, second = clock.now(), clock.now()

    assert 0.0 <= first.mono <= second.mono < 60.0
    assert second.wall == pytest.approx(before, abs=60.0)
