"""Which calls are meant."""

from __future__ import annotations

from dataclasses import fields

import pytest

from holter.faults.when import CONDITIONS, When

from .scenes import BEAT, asked


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ({"runner": "legacy-1"}, True),
        ({"runner": "legacy-*"}, True),
        ({"runner": "legacy-[23]"}, False),
        ({"runner": "LEGACY-1"}, False),
        ({"task": "task-1", "activity": "Shell*"}, True),
        ({"task": "task-1", "activity": "Copy*"}, False),
        ({"attempt": "@Copy_*_Attempt=1"}, True),
        ({"worker_group": "wg"}, True),
        ({"worker_group": ""}, False),
        ({}, True),
    ],
)
def test_patterns_are_held_against_what_is_known(pattern: dict[str, str], found: bool) -> None:
    call = asked(
        BEAT,
        runner="legacy-1",
        attempt="@Copy_2026-01-02T00:00:00_Attempt=1",
        activity="ShellCommandActivity",
        group="wg",
    )

    assert all(selector(call) for selector in When(patterns=pattern).selectors()) is found


def test_what_is_not_known_fits_no_pattern_but_any() -> None:
    unknown = asked(BEAT, runner=None)

    found = [When(patterns={"runner": one}).selectors()[0](unknown) for one in ("x", "x*", "*")]
    assert found == [False, False, True]


@pytest.mark.parametrize(
    ("when", "numbers"),
    [
        (When(), [1, 2, 3, 4, 5, 6]),
        (When(nth=3), [3]),
        (When(every=2), [2, 4, 6]),
        (When(first=2), [1, 2]),
        (When(every=2, first=4), [2, 4]),
    ],
)
def test_calls_are_meant_by_their_number(when: When, numbers: list[int]) -> None:
    assert [number for number in range(1, 7) if when.numbered(number)] == numbers


@pytest.mark.parametrize(
    ("when", "at", "age", "timely"),
    [
        (When(window=(5, 10)), 4.9, None, False),
        (When(window=(5, 10)), 5.0, None, True),
        (When(window=(5, 10)), 10.0, None, False),
        (When(lease_age=60), 1.0, 59.9, False),
        (When(lease_age=60), 1.0, 60.0, True),
        (When(lease_age=60), 1.0, None, False),
    ],
)
def test_calls_are_meant_by_their_time(when: When, at: float, age: float | None, timely: bool) -> None:
    assert when.timely(asked(at=at, age=age)) is timely


def test_every_condition_has_its_place_and_its_words() -> None:
    others = {"ops": "op", "per_task": "per"}
    own = {others.get(field.name, field.name) for field in fields(When)} - {"patterns"}

    assert own | {"task", "attempt", "runner", "worker_group", "activity"} == set(CONDITIONS)
    assert all(takes and means for takes, means in CONDITIONS.values())
