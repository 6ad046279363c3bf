from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from holter.lease.edges import Kind, Timeline, edges
from holter.wire.message import Interaction, Mark


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


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda pair: (min(pair), max(pair)))))
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


def test_a_second_start_is_placed_by_the_wall_clock_and_leaves_a_blind_stretch() -> None:
    timeline = Timeline()
    entries: list[Interaction | Mark] = [
        Mark("started", 1000.0, 0.0),
        Mark("stopped", 1010.0, 10.0),
        Mark("started", 1100.0, 0.0),
        Interaction("X", {}, {}, seq=1, mono=(1.0, 2.0, 2.0), oldest=1.0),
    ]
    found = list(edges(iter(entries), timeline))

    assert [(edge.kind, edge.since, edge.at) for edge in found] == [
        (Kind.SEEN, 0.0, 10.0),
        (Kind.BLIND, 10.0, 100.0),
        (Kind.ASKED, 0.0, 101.0),
        (Kind.ENDED, 0.0, 102.0),
    ]
    assert found[1].why == "Holter was stopped"
    assert timeline.wall(102.0) == 1102.0


def test_a_start_without_a_stop_is_blind_since_the_last_sign_of_life() -> None:
    entries: list[Interaction | Mark] = []
    entries += [Mark("started", 1000.0, 0.0), Mark("alive", 1010.0, 10.0), Mark("started", 1030.0, 0.0)]
    (_, blind) = edges(iter(entries), Timeline())

    assert (blind.since, blind.at, blind.why) == (10.0, 30.0, "Holter ended without stopping")


def test_a_wall_clock_that_went_back_never_makes_time_run_backwards() -> None:
    entries: list[Interaction | Mark] = []
    entries += [Mark("started", 1000.0, 0.0), Mark("alive", 1010.0, 10.0), Mark("started", 500.0, 0.0)]
    (_, blind) = edges(iter(entries), Timeline())

    assert (blind.since, blind.at) == (10.0, 10.0)


def test_interactions_without_times_have_no_edges() -> None:
    assert list(edges(iter([Interaction("PollForTask", {}, {})]), Timeline())) == []


def test_what_was_lost_while_recording_was_not_seen() -> None:
    lost = Mark("lost", 1040.0, 40.0, {"count": 2, "why": "disk full", "since": 12.0})
    (_, blind) = edges(iter([Mark("started", 1000.0, 0.0), Mark("alive", 1010.0, 10.0), lost]), Timeline())

    assert (blind.kind, blind.since, blind.at, blind.known) == (Kind.BLIND, 12.0, 40.0, 12.0)
