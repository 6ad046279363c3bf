"""hold, as a plan asks for it."""

from __future__ import annotations

from holter.faults.plans import Mode

from .scenes import after, before, cut, refusal


def test_nothing_comes_for_a_time_that_is_bounded() -> None:
    assert cut(before("then: {hold: 95}")).delay == 95.0
    assert cut(after("then: {hold: 95, stage: after}")).delay == 95.0


def test_a_bound_is_needed_and_so_is_a_connection() -> None:
    assert "must be a number, not true" in refusal("then: {hold: true}")
    assert "$.rules[0].then.hold: must be at most 86400 seconds, a day" in refusal("then: {hold: 1e9}")
    assert "needs a connection of its own to break" in refusal("then: {hold: 5}", mode=Mode.IN_PROCESS)
