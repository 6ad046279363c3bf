"""A cancelled beat."""

from __future__ import annotations

import pytest

from holter.wire.check import check
from holter.wire.decision import Answer
from holter.wire.message import Origin
from holter.wire.operations import OPERATIONS

from .scenes import BEAT, END, after, before, refusal


def test_a_beat_is_answered_as_the_service_does_when_it_cancels() -> None:
    decision = before("then: {cancel: true}")

    assert isinstance(decision, Answer)
    assert (decision.origin, decision.by) == (Origin.FAULT, "r1")
    assert (decision.reply.status, decision.reply.body) == (200, {"canceled": True})
    assert check(decision.reply.body, OPERATIONS[BEAT].response) == ()


def test_it_can_also_be_told_once_the_service_has_taken_the_beat() -> None:
    decision = after("then: {cancel: true, stage: after}")

    assert isinstance(decision, Answer)
    assert decision.reply.body == {"canceled": True}


def test_other_calls_are_left_alone() -> None:
    assert before("then: {cancel: true}", END) is None


@pytest.mark.parametrize("rule", ["when: {op: PollForTask}, then: {cancel: true}", "then: {cancel: false}"])
def test_it_is_for_beats_and_nothing_but_true(rule: str) -> None:
    assert "cancel" in refusal(rule)
