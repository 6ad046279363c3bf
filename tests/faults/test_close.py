"""close, as a plan asks for it."""

from __future__ import annotations

from holter.wire.decision import Cut

from .scenes import after, before, cut


def test_the_connection_closes_before_or_after_the_service() -> None:
    assert cut(before("then: {close: true}")).cut is Cut.CLOSE
    assert cut(after("then: {close: true, stage: after}")).cut is Cut.CLOSE


def test_it_waits_as_long_as_the_call_was_to_wait() -> None:
    assert cut(before("then: [{delay: 3}, {close: true}]")).delay == 3.0
