"""A file's entries in the order of time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from holter.lease.edges import Edge, Kind, Timeline, Times, whole
from holter.lease.order import edges, passed
from holter.wire.message import Interaction, Mark

spans_of_calls = st.lists(
    st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda pair: (min(pair), max(pair)))
)


def recorded(spans: list[tuple[int, int]]) -> list[Interaction | Mark]:
    """Write calls down as a recorder does: in the order of their ends, each with the oldest still open."""
    entries: list[Interaction | Mark] = [Mark("started", 1000.0, 0.0)]
    by_end = sorted(range(len(spans)), key=lambda index: (spans[index][1], index))
    for seq, index in enumerate(by_end, 1):
        asked, ended = spans[index]
        waiting = [spans[other][0] for other in by_end[seq - 1 :] if spans[other][0] <= ended]
        mono = (float(asked), float(ended), float(ended))
        entries.append(Interaction("X", {}, {}, seq=seq, mono=mono, oldest=float(min(waiting))))
    return entries


@given(spans_of_calls)
def test_edges_come_in_the_order_of_time_and_each_call_twice(spans: list[tuple[int, int]]) -> None:
    found = list(edges(iter(recorded(spans)), Timeline()))

    assert [edge.at for edge in found] == sorted(edge.at for edge in found)
    assert sorted(edge.at for edge in found) == sorted(float(moment) for span in spans for moment in span)
    asked = [edge.key for edge in found if edge.kind is Kind.ASKED]
    assert asked.count(None) == 0
    assert sorted(map(str, asked)) == sorted(str(edge.key) for edge in found if edge.kind is Kind.ENDED)


def test_a_call_is_asked_before_it_ends_even_when_both_are_one_moment() -> None:
    kinds = [edge.kind for edge in edges(iter(recorded([(5, 5)])), Timeline())]

    assert kinds == [Kind.ASKED, Kind.ENDED]


def test_interactions_without_times_have_no_edges() -> None:
    assert list(edges(iter([Interaction("PollForTask", {}, {})]), Timeline())) == []


def one_after_the_other(count: int) -> list[Interaction | Mark]:
    return recorded([(3 * number, 3 * number + 1) for number in range(count)])


def test_calls_one_after_the_other_are_one_edge_each() -> None:
    found = list(passed(one_after_the_other(5), Timeline()))
    assert [(edge.kind, edge.since, edge.at) for edge in found] == [
        (Kind.PASSED, 3.0 * number, 3.0 * number + 1) for number in range(5)
    ]


def test_a_call_that_is_settled_has_no_edge() -> None:
    """All but the last, of which nobody knows before the end that nothing happened meanwhile."""
    seen: list[object] = []

    def settled(_number: int, _call: Interaction, times: Times) -> object:
        seen.append(times[0])
        return None if times[0] == 6.0 else True

    found = [edge.since for edge in passed(one_after_the_other(5), Timeline(), settled)]
    assert seen == [0.0, 3.0, 6.0, 9.0]
    assert found == [6.0, 12.0]


def test_after_calls_side_by_side_calls_one_after_the_other_are_settled_again() -> None:
    spans = [(0, 1), (3, 6), (4, 5), (8, 9), (10, 11), (12, 13)]
    settled: list[float] = []

    def settle(_number: int, _call: Interaction, times: Times) -> object:
        settled.append(times[0])
        return times

    found = [edge.since for edge in passed(recorded(spans), Timeline(), settle)]
    assert settled == [0.0, 8.0, 10.0]
    assert 12.0 in found


@given(spans_of_calls, st.sets(st.integers(0, 50)))
def test_what_is_settled_is_left_out_and_nothing_else_changes(
    spans: list[tuple[int, int]], chosen: set[int]
) -> None:
    settled: list[Edge] = []

    def choose(number: int, call: Interaction, times: Times) -> object:
        if times[2] not in chosen:
            return None
        settled.append(whole(number, call, times))
        return times

    left = list(passed(recorded(spans), Timeline(), choose))
    assert sorted([*settled, *left], key=str) == sorted(passed(recorded(spans), Timeline()), key=str)
    assert [edge for edge in passed(recorded(spans), Timeline()) if edge not in settled] == left
