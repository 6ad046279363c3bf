from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holter.cassette import plain
from holter.cassette.aliases import Aliases
from holter.cassette.plain import Parted, Plain, parted, sound
from holter.cassette.redaction import Redactor
from holter.wire.codec import print_of
from holter.wire.message import Call, Json, Moment, Reply
from holter.wire.redactor import Redacted

BEAT, REAL = "ReportTaskProgress", "QUFB+/=:" * 8


def beat(task: Json = REAL, text: str = "50", key: str = "percentComplete") -> dict[str, Json]:
    return {"taskId": task, "fields": [{"key": key, "stringValue": text}]}


def call(body: Any, op: str = BEAT) -> Call:
    return Call(op, body, Moment(0.0, 0.0))


class Slow(Redactor):
    """A redactor that goes through every message."""

    def call(self, call: Call) -> Redacted:
        self._plain = Plain()
        return super().call(call)

    def reply(self, op: str, reply: Reply) -> Redacted:
        self._plain = Plain()
        return super().reply(op, reply)


TEXTS = st.sampled_from(
    [
        *("50", "60", "", "task-1", "password", "AKIAABCDEFGHIJKLMNOP", "*secret", "\x00", "x" * 300),
        *(REAL, REAL[:-1], f"of {REAL}", "short-id", "ab:cd"),
    ]
)
IDS = st.sampled_from([REAL, REAL[::-1], "short-id", "task-1", "\x07", "", "x" * 3000, 7, None])
BODIES: st.SearchStrategy[Any] = st.one_of(
    st.builds(beat, IDS, TEXTS, TEXTS),
    st.just({}),
    st.builds(lambda text: {"fields": [{"key": text, "stringValue": "1"}]}, TEXTS),
    st.builds(lambda text, real: {"taskId": real, "more": {text: [1, True, 1.0]}}, TEXTS, IDS),
    st.builds(lambda real: {"taskId": REAL, "in": {"taskId": real}}, IDS),
    st.builds(lambda text: text.encode(), TEXTS),
)
REPLIES: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([{"canceled": False}, {"canceled": True}, {"canceled": 0}, {}, [], b""]),
    st.builds(
        lambda real, text: {"taskObject": {"taskId": real, "attemptId": text, "objects": {}}}, IDS, TEXTS
    ),
    st.builds(lambda real, text: {"taskObject": {"taskId": real}, "evaluatedExpression": text}, IDS, TEXTS),
    st.builds(lambda text: {"evaluatedExpression": text}, TEXTS),
)
OPS = st.sampled_from([BEAT, "PollForTask", "EvaluateExpression", "SetTaskStatus", "Unknown"])
STEPS = st.lists(
    st.tuples(OPS, st.one_of(st.tuples(st.just(0), BODIES), st.tuples(st.sampled_from([200, 400]), REPLIES))),
    max_size=30,
)


def told(found: Redacted) -> object:
    """Return all that a redactor said, numbers of other types told apart."""
    return repr(found.payload), found.task, found.print, found.paths, dict(found.notes)


@given(STEPS)
def test_what_was_said_before_is_redacted_as_if_it_was_new(steps: list[tuple[str, tuple[int, Any]]]) -> None:
    fast, slow = Redactor(keys=["More"]), Slow(keys=["More"])
    for op, (status, body) in [*steps, *steps]:
        if status:
            found = [one.reply(op, Reply(status, body)) for one in (fast, slow)]
        else:
            found = [one.call(call(body, op)) for one in (fast, slow)]
        assert told(found[0]) == told(found[1])


def test_a_beat_of_another_task_is_known() -> None:
    redactor = Redactor()
    redactor.call(call(beat()))
    redactor.call(call(beat(REAL[::-1], "60")))
    known, aliases = redactor._plain, redactor._aliases
    message = parted("request", beat(REAL[::-1], "50"))
    assert known.again(("request", BEAT, True), message, aliases)
    assert known.again(("response", BEAT, True), message, aliases) is None
    assert redactor.call(call(beat(REAL[::-1]))) == Redacted(beat("task-2"), "task-2")


def test_a_text_that_may_hold_a_known_task_is_looked_at_again() -> None:
    redactor = Redactor()
    assert redactor.call(call(beat(text="done with abcdef"))).paths == ()
    redactor.call(call(beat("abcdef")))
    again = redactor.call(call(beat(text="done with abcdef"))).payload
    assert again == beat("task-1", "done with task-2")


@pytest.mark.parametrize(
    ("real", "is_sound"), [(REAL, True), ("", False), ("\x07", False), ("x" * 2049, False)]
)
def test_a_task_id_that_breaks_the_protocol_is_noted_each_time(real: str, is_sound: bool) -> None:
    assert sound(real) is is_sound


def test_numbers_of_other_types_are_other_messages() -> None:
    others: tuple[Json, ...] = (
        1,
        1.0,
        -0.0,
        True,
        "1",
        None,
        "null",
        float("nan"),
        float("inf"),
        2**70,
        2**70 + 1,
    )
    assert len({Parted({"a": one}).text for one in others}) == len(others)


def test_it_begins_anew_when_it_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "MOST", 2)
    known, kind = Plain(), ("request", BEAT, True)
    messages = [Parted({"n": number}) for number in range(3)]
    for message in messages:
        known.add(kind, message)
    found = [known.again(kind, message, Aliases({})) for message in messages]
    assert found == [None, None, Redacted({"n": 2})]


def test_a_hand_out_that_was_gone_through_is_known_under_another_task_id() -> None:
    redactor = Redactor()
    handed: list[dict[str, Json]] = [
        {"taskObject": {"taskId": real, "attemptId": "one", "objects": {}}} for real in (REAL, REAL[::-1])
    ]
    message = parted("response", handed[1])
    redactor.reply("PollForTask", Reply(200, handed[0]))
    assert redactor._plain.again(("response", "PollForTask", True), message, redactor._aliases) == Redacted(
        {"taskObject": {"taskId": "task-2", "attemptId": "one", "objects": {}}},
        "task-2",
        print_of(REAL[::-1]),
    )
