"""duplicate, as a plan asks for it."""

from __future__ import annotations

from holter.wire.decision import Forward

from .scenes import before, refusal


def test_the_service_is_to_get_copies() -> None:
    assert before("then: {duplicate: 3}") == Forward(copies=3, by="r1")
    assert before("then: [{delay: 1}, {duplicate: 2}]") == Forward(1.0, 2, "r1")


def test_copies_are_two_to_ten() -> None:
    assert "must be a whole number from 2 up" in refusal("then: {duplicate: 1}")
    assert "must be at most 10 copies" in refusal("then: {duplicate: 11}")
