from __future__ import annotations

from typing import Any

import pytest
from tests.replay.tapes import BEAT, POLL, TAPE, beat, empty, end, handout, recorded, takes

from holter.replay.take import member, take_of
from holter.wire.message import NOTHING, Broken, Interaction, Origin


@pytest.mark.parametrize(
    ("call", "handed_out", "about"),
    [
        (handout("task-7"), "task-7", None),
        (empty(), None, None),
        (beat("task-7"), None, "task-7"),
        (recorded(BEAT, {"taskId": 7}, {"taskObject": {"taskId": "task-7"}}), None, None),
        (recorded(POLL, b"\0", b"\0"), None, None),
    ],
)
def test_a_take_knows_the_task_that_it_hands_out_and_the_one_that_it_is_about(
    call: Interaction, handed_out: str | None, about: str | None
) -> None:
    take = take_of(call, TAPE, 12)
    assert (take.handed_out, take.about, take.place) == (handed_out, about, "run.yaml:12")


def test_a_delay_ends_with_the_first_byte_of_the_answer() -> None:
    assert [
        take.delay for take in takes(beat(asked=5.0, took=0.25), beat(), recorded(BEAT, {}, asked=None))
    ] == [
        0.25,
        0.0,
        0.0,
    ]


def test_the_wall_clock_tells_when_because_mono_begins_anew_with_every_stretch() -> None:
    assert [take.asked_at for take in takes(beat(asked=5.0, at=1005.0), beat(asked=5.0), beat())] == [
        1005.0,
        5.0,
        None,
    ]


@pytest.mark.parametrize(
    ("more", "plays"),
    [
        ({}, True),
        ({"status": 500, "error": "InternalServiceError"}, True),
        ({"origin": Origin.LIVE}, True),
        ({"origin": Origin.SANDBOX}, True),
        ({"origin": Origin.FAULT}, True),
        ({"origin": Origin.REFUSED}, False),
        ({"broken": Broken.CLIENT}, False),
        ({"broken": Broken.UPSTREAM, "response": NOTHING}, False),
        ({"response": NOTHING}, False),
        ({"response": NOTHING, "status": None, "error": "TaskNotFoundException"}, True),
    ],
)
def test_an_answer_that_never_came_or_was_none_of_the_services_is_not_played(
    more: dict[str, Any], plays: bool
) -> None:
    response = more.pop("response", {"canceled": False})
    (take,) = takes(recorded(BEAT, {"taskId": "task-1"}, response, **more))
    assert take.plays is plays


def test_what_a_fault_had_a_hand_in_says_so() -> None:
    tape = takes(beat(), beat(fault="slow"), end(), beat(origin=Origin.FAULT))
    assert [take.fault for take in tape] == [None, "slow", None, "a fault"]


def test_bodies_are_those_of_the_call() -> None:
    (take,) = takes(beat("task-7"))
    assert take.source.request() == take.call.request == {"taskId": "task-7"}


def test_a_member_is_only_found_in_an_object() -> None:
    values: list[Any] = [{}, [], "a", b"a", None, NOTHING]
    assert member({"a": 1}, "a") == 1
    assert [member(value, "a") for value in values] == [None] * 6
