"""starve, as a plan asks for it."""

from __future__ import annotations

from holter.wire.decision import Answer

from .scenes import BEAT, POLL, before, given


def test_a_poll_is_answered_with_nothing() -> None:
    assert (given(before("then: {starve: true}", POLL)).body, before("then: {starve: true}", BEAT)) == (
        {},
        None,
    )


def test_after_a_delay_it_is_a_long_poll_that_ends_empty() -> None:
    decision = before("then: [{delay: 20}, {starve: true}]", POLL)

    assert isinstance(decision, Answer)
    assert (decision.reply.body, decision.delay) == ({}, 20.0)
