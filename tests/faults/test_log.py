"""Decisions in words."""

from __future__ import annotations

import pytest

from holter.faults.asked import Asked
from holter.faults.log import armed, logged, refused
from holter.faults.planfile import parse
from holter.wire.decision import Answer, Break, Cut, Decision, Deed, Forward, Order, Past
from holter.wire.guise import dated
from holter.wire.message import Call, Json, Moment, Origin, Reply

from .scenes import BEAT, text

WHEN = Moment(1_800_000_000.7, 5.0)


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        (Forward(1.5, 1, "r"), {"decision": "forward", "delay": 1.5}),
        (Forward(0.0, 3, "r"), {"decision": "forward", "copies": 3}),
        (Forward(0.0, 1, "r", Order(Deed.TAKE, "real")), {"decision": "forward", "order": "take"}),
        (Answer(Reply(400, {}), Origin.FAULT, "r"), {"decision": "answer", "status": 400}),
        (
            Break("gone", "r", 2.0, Cut.RESET),
            {"decision": "break", "cut": "reset", "why": "gone", "delay": 2.0},
        ),
    ],
)
def test_a_decision_is_told_without_what_is_as_usual(decision: Decision, said: dict[str, Json]) -> None:
    asked = call(BEAT, "task-1")
    always = {"did": "decided", "rule": "r", "op": BEAT, "task": "task-1"}

    assert logged(decision, asked) == [always | said]
    assert "task" not in logged(decision, call(BEAT, None))[0]
    assert logged(decision, asked, Reply(200, {})) == [always | said | {"stage": "after"}]


def test_headers_are_told_that_the_service_did_not_give() -> None:
    own = (("Date", dated(WHEN, 0)), ("Content-Type", "text/plain"), ("Server", "x"))
    served, asked = Reply(200, {}, own), call(BEAT, None)
    late = Answer(Reply(200, {}, (*own[1:], ("Date", dated(WHEN, 7200)))), Origin.FAULT, "r")
    page = Answer(Reply(502, b"", (("Content-Type", "text/html"),)), Origin.FAULT, "r")

    assert logged(late, asked, served)[0]["headers"] == {"Date": -7200}
    assert logged(page, asked)[0]["headers"] == {"Content-Type": "text/html"}
    assert "headers" not in logged(Answer(served, Origin.FAULT, "r"), asked, served)[0]


def call(op: str, task: str | None) -> Asked:
    return Asked(Call(op, {}, WHEN), task)


def test_what_is_played_from_a_recording_is_told_as_it_was_told_there() -> None:
    said: dict[str, Json] = {"did": "decided", "rule": "r"}
    marks = ({**said, "delay": 1.0, "task": "task-1"}, said)

    found = logged(Break("as recorded", "r", past=Past(marks)), call(BEAT, "task-9"))
    assert found == [{**mark, "task": "task-9"} for mark in marks]
    assert logged(Answer(Reply(200, {}), Origin.CASSETTE, "r", past=Past(marks)), call(BEAT, None)) == [
        *marks
    ]
    assert logged(Break("why", "r", past=Past()), call(BEAT, None))[0]["decision"] == "break"


def test_a_connection_that_was_turned_away_is_told_with_its_rule() -> None:
    assert refused("r1") == {"did": "refused", "rule": "r1"}


def test_what_is_armed_is_told_with_the_seed() -> None:
    found = parse(text("then: {close: true}", "when: {op: PollForTask}, then: {reset: true}"), "p")

    assert armed(found) == {"did": "armed", "rules": ["r1", "r2"], "seed": 7}
    assert found.seeded(9) is found
    wanted = parse(text("then: {cancel: true}, expect: [{stops_within: 60}, {no_status: true}]"), "p")
    assert armed(wanted)["expect"] == [
        {"rule": "r1", "stops_within": 60.0},
        {"rule": "r1", "no_status": True},
    ]
    assert parse(text("then: {close: true}").replace("seed: 7\n", ""), "p").seeded(9).seed == 9
