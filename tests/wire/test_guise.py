"""Headers of an answer: told relative to its call, and given again to another."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from holter.wire.guise import again, dated, told
from holter.wire.message import Headers, Moment, Reply

THEN, NOW = Moment(1_800_000_000.9999999, 5.0), Moment(1_900_000_000.25, 7.0)
TYPE = ("Content-Type", "application/x-amz-json-1.1")


def reply(*headers: tuple[str, str]) -> Reply:
    return Reply(200, {}, headers)


@given(some.integers(1, 10**9), some.floats(1.5e9, 4e9), some.floats(1.5e9, 4e9))
def test_a_date_is_as_stale_as_it_was_whenever_it_is_given_again(age: int, then: float, now: float) -> None:
    first, second = Moment(then, 0.0), Moment(now, 0.0)
    said = told(reply(("Date", dated(first, age))), (), first)
    ((_, date),) = again(reply(), said, second).headers

    assert said == {"Date": -age}
    assert parsedate_to_datetime(date).timestamp() == int(now) - age


@pytest.mark.parametrize(
    ("headers", "was", "said"),
    [
        ((TYPE, ("Server", "x"), ("x-amzn-RequestId", "1")), (TYPE,), {}),
        ((("content-type", "text/html"),), (TYPE,), {"Content-Type": "text/html"}),
        ((TYPE, ("Content-Encoding", "gzip")), (TYPE,), {"Content-Encoding": "gzip"}),
        ((TYPE,), (), {"Content-Type": TYPE[1]}),
        ((), (TYPE,), {}),
    ],
)
def test_only_what_is_not_as_the_service_had_it_is_told(headers: Headers, was: Headers, said: Any) -> None:
    assert told(reply(*headers), was, THEN) == said
    assert {name for name, _ in again(reply(), said, NOW).headers} == set(said)


@pytest.mark.parametrize(
    "said",
    [
        {"Server": "x", "Set-Cookie": "a=b"},
        {"Content-Type": "text/html\r\nSet-Cookie: a=b"},
        {"Content-Type": "text/\u00e9"},
        {"Content-Type": 7},
        {"Content-Encoding": "br"},
        {"Date": "yesterday"},
        {"Date": -1e300},
        {"Date": -(10**12)},
        {"Date": None},
    ],
)
def test_what_somebody_wrote_and_cannot_be_sent_is_left_out(said: Any) -> None:
    assert again(reply(TYPE), said, NOW).headers == (TYPE,)
