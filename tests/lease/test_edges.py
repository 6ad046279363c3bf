from __future__ import annotations

from holter.lease.edges import Kind, Timeline
from holter.lease.order import edges
from holter.wire.message import Interaction, Mark


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


def test_what_was_lost_while_recording_was_not_seen() -> None:
    lost = Mark("lost", 1040.0, 40.0, {"count": 2, "why": "disk full", "since": 12.0})
    (_, blind) = edges(iter([Mark("started", 1000.0, 0.0), Mark("alive", 1010.0, 10.0), lost]), Timeline())

    assert (blind.kind, blind.since, blind.at, blind.known) == (Kind.BLIND, 12.0, 40.0, 12.0)
