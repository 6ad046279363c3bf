"""Whether a recorder sees what passes; the runs of tests/test_blind.py show what the audit makes of it."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from holter.lease.presence import ALIVE_EVERY, Presence
from holter.wire.message import Mark, Moment

WALL = 1_800_000_000.0


def at(mono: float) -> Moment:
    return Moment(WALL + mono, mono)


def said(marks: Iterable[Mark]) -> list[tuple[str, float | None, dict[str, object]]]:
    return [(mark.what, mark.mono, dict(mark.more)) for mark in marks]


def test_a_call_arrives_until_it_is_whole() -> None:
    presence = Presence()
    presence.arrives("a", 2.0000004)
    presence.arrives("b", 1.0)
    assert presence.arrived == 1.0
    assert presence.takes("b", 1.0)
    assert presence.arrived == 2.0
    assert presence.takes("a", 2.0)
    assert presence.takes("never seen arriving", 3.0)

    assert presence.arrived == float("inf")


def test_what_arrives_before_or_during_a_pause_is_not_taken() -> None:
    presence = Presence()
    presence.arrives("a", 4.0)
    assert said(presence.pause(at(5.0), 3.0)) == [("paused", 5.0, {"since": 4.0, "oldest": 3.0})]
    assert said(presence.pause(at(6.0), 6.0)) == []
    assert not presence.takes("a", 4.0)
    presence.arrives("b", 7.0)
    assert presence.arrived == float("inf")
    assert said(presence.resume(at(8.0))) == [("resumed", 8.0, {})]
    assert said(presence.resume(at(9.0))) == []

    assert not presence.takes("b", 7.0)
    assert presence.takes("c", 8.0)


def test_a_stall_is_told_once_and_before_the_look() -> None:
    presence = Presence()
    assert said(presence.late(99.0)) == []
    assert said(presence.look(at(1.0), 0.0, 0.2)) == []
    assert said(presence.late(3.2)) == []
    presence.arrives("a", 0.5)

    assert said(presence.late(3.3)) == [("stall", 3.3, {"since": 0.5})]
    assert said(presence.look(at(3.4), 0.0, 0.2)) == []
    assert said(presence.look(at(9.0), 0.0, 0.2)) == [("stall", 9.0, {"since": 0.5})]


def test_a_sign_of_life_comes_now_and_then() -> None:
    presence, found = Presence(), list[tuple[str, float | None, dict[str, object]]]()
    for number in range(250):
        found += said(presence.alive(at(number / 10), number / 20))

    assert [mono for _, mono, _ in found] == [ALIVE_EVERY, 2 * ALIVE_EVERY]
    assert found[0] == ("alive", 10.0, {"oldest": 5.0})


@pytest.mark.parametrize("what", ["slept", "clock"])
def test_what_the_clocks_tell_reaches_back_to_what_was_arriving(what: str) -> None:
    presence = Presence()
    jump = 60.0 if what == "slept" else 0.0
    list(presence.look(at(1.0), 0.0, 0.2))
    presence.arrives("a", 0.5)
    marks = []
    for mono in (1.2, 1.4):
        marks += said(presence.look(Moment(WALL + mono + 60, mono), jump, 0.2))

    assert [(name, more["since"]) for name, _, more in marks] == [(what, 0.5)]


def test_somebody_watches_up_to_now_save_while_it_is_paused_or_a_look_is_overdue() -> None:
    presence = Presence()
    list(presence.look(at(1.0), 0.0, 0.2))
    assert [presence.watched(mono) for mono in (1.1, 3.2, 3.3, 9.0)] == [1.1, 3.2, 1.0, 1.0]
    list(presence.look(at(9.0), 0.0, 0.2))
    presence.arrives("a", 8.5)
    list(presence.pause(at(9.5), 9.5))
    assert [presence.watched(mono) for mono in (9.5, 40.0)] == [8.5, 8.5]
    list(presence.look(at(40.0), 0.0, 0.2))
    list(presence.resume(at(40.1)))

    assert presence.watched(40.5) == 40.5
