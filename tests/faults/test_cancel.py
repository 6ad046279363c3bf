"""A cancelled beat."""

from __future__ import annotations

from holter.faults.cancel import Cancel
from holter.wire.check import check
from holter.wire.decision import Answer
from holter.wire.message import Call, Moment, Origin
from holter.wire.operations import OPERATIONS


def test_a_beat_is_answered_as_the_service_does_when_it_cancels() -> None:
    decision = Cancel().before(Call("ReportTaskProgress", {"taskId": "t"}, Moment(0, 0)), "the rule")

    assert isinstance(decision, Answer)
    assert (decision.origin, decision.by) == (Origin.FAULT, "the rule")
    assert (decision.reply.status, decision.reply.body) == (200, {"canceled": True})
    shape = OPERATIONS["ReportTaskProgress"].response
    assert shape is not None
    assert list(check(decision.reply.body, shape)) == []
