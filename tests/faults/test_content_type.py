"""content type, as a plan asks for it."""

from __future__ import annotations

from .scenes import after, given, refusal


def test_the_answer_calls_itself_something_else() -> None:
    reply = given(after("then: {content_type: text/html}"))

    assert reply.body == {"canceled": False}
    assert [value for name, value in reply.headers if name == "Content-Type"] == ["text/html"]


def test_no_other_header_can_be_smuggled_in() -> None:
    assert "must be plain text" in refusal('then: {content_type: "text/html\\r\\nX: 1"}')
