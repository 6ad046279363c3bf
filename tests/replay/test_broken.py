"""Calls that a rule left without their answer, broken again."""

from __future__ import annotations

import pytest

from holter.replay.broken import broken
from holter.replay.take import Take
from holter.wire.decision import Break, Cut, Past
from holter.wire.message import Broken, Json, Reply

from .tapes import beat, takes


def faulted(*marks: dict[str, Json], upstream: dict[str, Json] | None = None) -> Take:
    (take,) = takes(beat(fault="r", broken=Broken.US))
    take.past = Past(marks, upstream)
    return take


@pytest.mark.parametrize(
    ("marks", "found"),
    [
        ([], Break("as recorded", "r")),
        ([{"cut": "reset", "why": "torn"}], Break("torn", "r", cut=Cut.RESET)),
        ([{"delay": 2.0}, {"delay": 3, "cut": "close", "why": "held"}], Break("held", "r", 2.5)),
        ([{"cut": "sideways"}], Break("as recorded", "r")),
    ],
)
def test_it_is_broken_as_the_marks_tell(marks: list[dict[str, Json]], found: Break) -> None:
    take = faulted(*marks)

    assert broken(take, 0.5) == Break(found.why, "r", found.delay, found.cut, past=take.past)


@pytest.mark.parametrize(
    ("upstream", "body"),
    [
        ({"status": 200, "response": {"canceled": False}}, {"canceled": False}),
        ({"status": 200, "response_base64": "AAE="}, b"\0\1"),
    ],
)
def test_a_cut_in_the_middle_cuts_what_the_service_said(upstream: dict[str, Json], body: Json) -> None:
    found = broken(faulted({"cut": "middle"}, upstream=upstream), 1.0)

    assert (found.cut, found.reply) == (Cut.MIDDLE, Reply(200, body))


def test_an_answer_of_the_rules_own_is_cut_before_the_services() -> None:
    marks: list[dict[str, Json]] = [
        {"delay": 1.0},
        {"cut": "middle", "reply": {"status": 500, "response": {"message": "x"}}},
    ]
    found = broken(faulted(*marks, upstream={"status": 200, "response": {}}), 1.0)

    assert found.reply == Reply(500, {"message": "x"})


def test_without_a_take_of_the_past_it_is_closed() -> None:
    (take,) = takes(beat(fault="r", broken=Broken.US))

    assert broken(take, 1.0) == Break("as recorded", "r", past=Past())
