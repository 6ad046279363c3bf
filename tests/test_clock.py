from __future__ import annotations

import time

import pytest

from holter.clock import Clock


def test_the_monotonic_clock_counts_from_the_clocks_making_and_the_wall_is_as_it_is() -> None:
    walls, monos = iter([50.0, 40.0]), iter([1000.0] * 7 + [1000.0, 1002.5])
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


def test_a_host_that_sleeps_lets_only_one_of_two_clocks_go_on() -> None:
    mono, boot = [100.0], [100.0]
    clock = Clock(lambda: 0.0, lambda: mono[0], lambda: boot[0])
    mono[0], boot[0] = 110.0, 170.0

    assert (clock.now().mono, clock.slept()) == (10.0, 60.0)


def test_a_process_that_is_put_aside_between_two_readings_has_not_slept() -> None:
    boots = iter([100.0, 100.0, 100.0, 100.7, 100.5, 100.0])
    clock = Clock(lambda: 0.0, lambda: 100.0, lambda: next(boots))

    assert clock.slept() == 0.0


def test_this_machine_has_not_slept_during_this_test() -> None:
    assert Clock().slept() < 1.0
    assert Clock(boot=None).slept() < 1.0


def test_time_that_is_skipped_has_passed_on_both_clocks() -> None:
    clock = Clock(lambda: 50.0, lambda: 1000.0)
    clock.skip(30.0)
    clock.skip(600.0)
    assert (clock.now().wall, clock.now().mono) == (680.0, 630.0)
    assert clock.slept() == 0.0


def test_the_monotonic_clock_can_be_asked_alone() -> None:
    mono = [1000.0]
    clock = Clock(lambda: 50.0, lambda: mono[0])
    mono[0] = 1004.0
    clock.skip(30.0)
    assert clock.mono() == clock.now().mono == 34.0


def test_a_moment_that_is_over_is_as_long_ago_on_both_clocks() -> None:
    clock = Clock(lambda: 1000.0, lambda: 7.0)
    clock.skip(2.0)

    assert clock.before(0.0) == clock.now() == (1002.0, 2.0)
    assert clock.before(0.5) == (1001.5, 1.5)
