"""Chance that can be had again."""

from __future__ import annotations

from statistics import mean

import pytest

from holter.faults.chance import Chance


def drawn(*names: object) -> list[float]:
    chance = Chance(*names)
    return [chance.draw() for _ in range(50)]


def test_the_same_names_give_the_same_numbers_here_and_everywhere() -> None:
    assert drawn(7, "rule", "task-1") == drawn(7, "rule", "task-1")
    assert drawn(7, "rule", "task-1")[:3] == [0.6714300813759266, 0.2333247503816841, 0.19665322768617433]


@pytest.mark.parametrize(
    "names", [(8, "r", "t"), (7, "q", "t"), (7, "r", "u"), (7, "rt", ""), ("7", "r", "t ")]
)
def test_other_names_give_others(names: tuple[object, ...]) -> None:
    assert drawn(*names) != drawn(7, "r", "t")


def test_numbers_are_spread_evenly_and_never_one() -> None:
    found = [number for seed in range(200) for number in drawn(seed)]

    assert 0 <= min(found) < 0.001
    assert 0.999 < max(found) < 1
    assert mean(found) == pytest.approx(0.5, abs=0.01)


def test_a_name_may_hold_half_a_surrogate_pair() -> None:
    assert 0 <= Chance("\ud800").draw() < 1
