from __future__ import annotations

import pytest

from holter.replay.cursor import Cursor
from holter.wire.decision import Answer
from holter.wire.message import Call, Moment, Origin, Reply, Try


def call(at: float = 0.0, tried: Try | None = None) -> Call:
    return Call("PollForTask", {}, Moment(at, at), tried=tried)


@pytest.mark.parametrize(
    ("status", "first", "further", "delay"),
    [
        (200, Try("a", 1), Try("a", 2), 20.0),
        (400, Try("a", 1), Try("a", 2), 20.0),
        (500, Try("a", 1), Try("a", 2), None),
        (200, Try("a", 1), Try("b", 1), None),
        (200, Try("a", 1), None, None),
        (200, None, None, None),
        (200, None, Try("a", 2), None),
    ],
)
def test_only_a_further_try_of_the_same_call_gets_an_answer_again(
    status: int, first: Try | None, further: Try | None, delay: float | None
) -> None:
    cursor = Cursor()
    assert cursor.again(call(tried=first)) is None
    given = Answer(Reply(status, {}), Origin.CASSETTE, delay=80.0)
    cursor.gave(given, call(tried=first))
    found = cursor.again(call(60.0, further))
    assert (found and (found.reply, found.delay)) == (delay and (given.reply, delay))


def test_a_delay_never_grows_and_never_falls_below_nothing() -> None:
    cursor = Cursor()
    cursor.gave(Answer(Reply(200, {}), Origin.CASSETTE, delay=5.0), call(10.0, Try("a", 1)))
    delays = [found.delay for at in (9.0, 10.0, 15.0, 99.0) if (found := cursor.again(call(at, Try("a", 2))))]
    assert delays == [5.0, 5.0, 0.0, 0.0]
