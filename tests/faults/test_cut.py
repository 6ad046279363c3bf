"""An answer cut in the middle."""

from __future__ import annotations

from holter.wire.decision import Cut

from .scenes import after, before, cut, live


def test_an_answer_is_cut_in_the_middle() -> None:
    decision = cut(after("then: {cut: true}"))

    assert (decision.cut, decision.reply) == (Cut.MIDDLE, live())


def test_so_is_an_answer_of_ours() -> None:
    decision = cut(before("then: [{cancel: true}, {cut: true}]"))

    assert decision.cut is Cut.MIDDLE
    assert decision.reply is not None
    assert decision.reply.body == {"canceled": True}
