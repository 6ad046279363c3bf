"""gzipped, as a plan asks for it."""

from __future__ import annotations

from .scenes import after, given


def test_the_answer_is_to_be_sent_compressed() -> None:
    reply = given(after("then: {gzip: true}"))

    assert reply.body == {"canceled": False}
    assert dict(reply.headers)["Content-Encoding"] == "gzip"
    assert "Content-Length" not in dict(reply.headers)
