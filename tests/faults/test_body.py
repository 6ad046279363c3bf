"""Answers with another body or header."""

from __future__ import annotations

from holter.faults.body import rewritten, with_header, without
from holter.wire.message import Reply


def test_what_was_said_of_the_old_body_is_left_out() -> None:
    headers = (("content-LENGTH", "2"), ("Content-Encoding", "gzip"), ("X-Amz-Crc32", "1"), ("Date", "d"))

    assert rewritten(Reply(201, {}, headers), {"a": 1}) == Reply(201, {"a": 1}, (("Date", "d"),))


def test_a_header_is_set_in_the_place_of_all_of_its_name() -> None:
    reply = Reply(200, {}, (("date", "1"), ("Date", "2"), ("A", "b")))

    assert with_header(reply, "Date", "3").headers == (("A", "b"), ("Date", "3"))
    assert without(reply.headers, "a") == (("date", "1"), ("Date", "2"))
