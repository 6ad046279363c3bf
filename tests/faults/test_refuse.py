"""refuse, as a plan asks for it."""

from __future__ import annotations

from holter.wire.decision import Cut

from .scenes import BEAT, POLL, asked, cut, plan


def test_for_a_while_calls_are_reset_and_connections_turned_away() -> None:
    made = plan("when: {op: ReportTaskProgress, at_most: 1}, then: {refuse: 10}")
    assert made.refusing(5.0) is None
    assert cut(made.before(asked(at=5.0))).cut is Cut.RESET

    assert [made.refusing(at) for at in (4.0, 5.0, 14.9, 15.0)] == [None, "r1", "r1", None]
    assert cut(made.before(asked(POLL, at=9.0))).by == "r1"
    assert made.before(asked(BEAT, at=15.0)) is None
    assert made.before(asked(POLL, at=16.0)) is None
