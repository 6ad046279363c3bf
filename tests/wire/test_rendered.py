from __future__ import annotations

import gzip

from holter.wire.message import Reply
from holter.wire.rendered import MADE_UP, rendered


def test_an_answer_says_what_it_is() -> None:
    headers, body = rendered(Reply(200, {"canceled": False}))
    assert headers == (("x-amzn-RequestId", MADE_UP), ("Content-Type", "application/x-amz-json-1.1"))
    assert body == b'{"canceled":false}'


def test_an_answers_own_headers_go_before_ours() -> None:
    headers, _ = rendered(Reply(400, {}, (("content-type", "text/html"), ("X", "1"))), "id")
    assert headers == (("x-amzn-RequestId", "id"), ("content-type", "text/html"), ("X", "1"))


def test_what_is_to_be_compressed_is_and_always_the_same() -> None:
    reply = Reply(200, {"a": 1}, (("Content-Encoding", "gzip"),))
    assert gzip.decompress(rendered(reply)[1]) == b'{"a":1}'
    assert rendered(reply) == rendered(reply)
