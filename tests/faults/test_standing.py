"""Faults that go on."""

from __future__ import annotations

import pytest

from holter.faults.cancel import Cancel
from holter.faults.fault import Lasting, Scope, Stage, Step
from holter.faults.rule import Rule
from holter.faults.standing import StandingFaults
from holter.faults.when import When

from .scenes import BEAT, END, POLL, asked

RULE = Rule("r", When(), ())


def begun(lasting: Lasting | None, *, done: int = 1) -> StandingFaults:
    faults = StandingFaults()
    cause = asked(BEAT, "a", 10.0, pipeline="df-1")
    faults.begin(RULE, Step(Cancel(), Stage.BEFORE, lasting), cause, "key", done=done)
    return faults


@pytest.mark.parametrize(
    ("lasting", "meets"),
    [
        (Lasting(Scope.TASK), [True, True, False, False]),
        (Lasting(Scope.TASK, frozenset((END,))), [False, True, False, False]),
        (Lasting(Scope.PIPELINE), [True, True, True, False]),
        (Lasting(Scope.SAME), [True, False, True, False]),
        (Lasting(Scope.ALL), [True, True, True, True]),
    ],
)
def test_a_fault_goes_on_for_what_it_is_about(lasting: Lasting, meets: list[bool]) -> None:
    faults = begun(lasting)
    calls = [
        asked(BEAT, "a", 11, pipeline="df-1"),
        asked(END, "a", 11, pipeline="df-1"),
        asked(BEAT, "b", 11, pipeline="df-1"),
        asked(POLL, at=11),
    ]

    assert [bool(list(faults.of(call, "key"))) for call in calls] == meets


def test_it_ends_after_its_time_and_is_forgotten() -> None:
    faults = begun(Lasting(Scope.ALL, seconds=5.0))

    assert [bool(list(faults.of(asked(at=at), "key"))) for at in (14.9, 15.0)] == [True, False]
    assert not faults


def test_it_ends_after_so_many_calls() -> None:
    faults = begun(Lasting(Scope.ALL, times=3))
    (standing,) = faults.of(asked(at=11), "key")
    assert standing.left == 2
    standing.left = 0

    assert list(faults.of(asked(at=11), "key")) == []
    assert not faults


@pytest.mark.parametrize(("lasting", "done"), [(None, 0), (Lasting(Scope.ALL, times=1), 1)])
def test_what_does_not_last_does_not_go_on(lasting: Lasting | None, done: int) -> None:
    assert not begun(lasting, done=done)


def test_only_what_says_so_turns_connections_away() -> None:
    assert begun(Lasting(Scope.ALL)).refusing(11) is None
    faults = begun(Lasting(Scope.ALL, seconds=5.0, connections=True))
    assert [faults.refusing(at) for at in (9, 10, 15)] == [None, "r", None]
