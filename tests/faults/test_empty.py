"""empty, as a plan asks for it."""

from __future__ import annotations

from .scenes import after, given, live


def test_the_answer_keeps_its_status_and_loses_its_body() -> None:
    reply = given(after("then: {empty: true}", live({"__type": "X"}, 400)))

    assert (reply.status, reply.body) == (400, b"")
    assert "Content-Length" not in dict(reply.headers)
