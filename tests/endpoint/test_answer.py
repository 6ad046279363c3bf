"""Answers as HTTP responses."""

from __future__ import annotations

import gzip

from holter.endpoint.answer import response
from holter.endpoint.http import encode
from holter.wire.message import Reply


def test_an_answers_own_headers_go_before_ours() -> None:
    made = response(Reply(400, {"a": 1}, (("content-type", "text/html"), ("X", "1"))), "id")

    assert (made.status, made.body) == (400, b'{"a":1}')
    assert made.headers == (("x-amzn-RequestId", "id"), ("content-type", "text/html"), ("X", "1"))


def test_what_is_to_be_compressed_is_and_always_the_same() -> None:
    reply = Reply(200, {"a": 1}, (("Content-Encoding", "gzip"),))

    assert gzip.decompress(response(reply, "id").body) == b'{"a":1}'
    assert response(reply, "id") == response(reply, "id")


def test_a_date_of_its_own_is_the_only_one() -> None:
    made = response(Reply(200, {}, (("date", "Thu, 15 Jan 2026 08:00:00 GMT"),)), "id")
    lines = encode(made, 1_800_000_000.0, keep=True).split(b"\r\n")

    assert [line for line in lines if line.lower().startswith(b"date:")] == [
        b"date: Thu, 15 Jan 2026 08:00:00 GMT"
    ]
