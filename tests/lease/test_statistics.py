from __future__ import annotations

import itertools
import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holter.lease.statistics import Beats, median, spread
from holter.wire.message import Json


def beats(*moments: float, since: float | None = 0.0) -> Beats:
    found = Beats()
    for at in moments:
        found.count(at, taken=True, since=since)
    return found


def test_without_two_beats_there_is_no_spacing() -> None:
    assert beats().spread() == beats(5).spread() == {}


@pytest.mark.parametrize(("since", "ack"), [(0.0, 5.5), (5.25, 0.25), (None, None)])
def test_the_ack_is_the_first_taken_beat_after_the_hand_out(since: float | None, ack: float | None) -> None:
    assert beats(5.5, 9, since=since).ack == ack


def test_a_beat_that_was_not_taken_counts_as_failed_and_spaces_nothing() -> None:
    found = Beats()
    found.count(1, taken=False, since=0.0, request={"fields": ["lost"]})
    found.count(2, taken=True, since=0.0, request={"fields": ["kept"]})
    found.count(7, taken=False, since=0.0, request={"fields": ["lost"]})
    found.count(12, taken=True, since=0.0, request={"fields": {"no": "list"}})

    assert (found.ok, found.failed, found.ack, list(found.intervals)) == (2, 2, 2, [10])
    assert found.progress == ["kept"]


@pytest.mark.parametrize(
    ("count", "p50", "p95", "p99"),
    [(1, 1, 1, 1), (2, 1, 2, 2), (3, 2, 3, 3), (4, 2, 4, 4), (20, 10, 19, 20), (100, 50, 95, 99)],
)
def test_quantiles_are_by_nearest_rank(count: int, p50: int, p95: int, p99: int) -> None:
    found = spread(float(number) for number in range(count, 0, -1))

    assert found == {"min": 1.0, "p50": p50, "p95": p95, "p99": p99, "max": count}


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=300))
def test_a_quantile_is_the_smallest_interval_that_so_many_do_not_exceed(intervals: list[float]) -> None:
    found = spread(intervals)

    assert list(found) == ["min", "p50", "p95", "p99", "max"]
    for share in (50, 95, 99):
        needed = math.ceil(share * len(intervals) / 100 - 1e-9)
        exact = min(x for x in intervals if sum(other <= x for other in intervals) >= needed)
        assert found[f"p{share}"] == round(exact, 6)


def test_a_spread_can_be_taken_of_anything() -> None:
    assert spread([]) == {}
    assert spread(iter([3.0, 1.0])) == {"min": 1.0, "p50": 1.0, "p95": 3.0, "p99": 3.0, "max": 3.0}


def test_what_the_last_beat_said_is_kept_when_no_more_will_come() -> None:
    found = beats(1, 2)
    found.rest()
    assert found.progress == []
    said: list[Json] = [{"key": "a", "stringValue": "\u00e9"}]
    found.count(3, taken=True, since=0.0, request={"fields": said})
    found.rest()
    found.rest()
    assert found.progress == said


@given(st.lists(st.floats(0, 1e7), max_size=60))
def test_at_rest_the_beats_are_the_same(moments: list[float]) -> None:
    going, resting = beats(*moments), beats(*moments)
    resting.rest()
    assert resting == going
    assert list(resting.taken) == moments
    assert list(resting.intervals) == [after - before for before, after in itertools.pairwise(moments)]


def test_a_beat_that_comes_at_rest_is_counted_too() -> None:
    found = beats(1.0, 3.5)
    found.rest()
    found.count(4.75, taken=True, since=0.0)
    assert (list(found.intervals), found.ok) == ([2.5, 1.25], 3)


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=40))
def test_the_median_is_the_one_of_the_standard_library(values: list[float]) -> None:
    assert median(values) == statistics.median(values)


def test_the_median_of_nothing_is_nothing() -> None:
    assert median([]) == 0.0


def test_the_longest_interval_is_known_at_any_time() -> None:
    found = Beats()
    assert found.longest is None
    for at, longest in ((1.0, None), (3.0, 2.0), (4.0, 2.0), (9.0, 5.0)):
        found.count(at, taken=True, since=0.0)
        assert found.longest == longest
        assert found.longest == max(found.intervals, default=None)
    found.rest()
    assert found.longest == 5.0
