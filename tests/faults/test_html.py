"""html, as a plan asks for it."""

from __future__ import annotations

from holter.faults.html import page

from .scenes import before, given, refusal


def test_a_page_comes_instead_of_json() -> None:
    reply = given(before("then: {html: 502}"))

    assert (reply.status, dict(reply.headers)["Content-Type"]) == (502, "text/html")
    assert reply.body == page(502)
    assert b"<h1>502 Bad Gateway</h1>" in page(502)


def test_a_status_that_nobody_knows_has_a_page_too() -> None:
    assert b"<h1>599</h1>" in page(599)


def test_the_status_is_one() -> None:
    assert "must be a whole number" in refusal("then: {html: true}")
