"""terminate, as a plan asks for it."""

from __future__ import annotations

from holter.wire.check import check
from holter.wire.operations import OPERATIONS

from .scenes import ALIVE, BEAT, before, given, refusal


def test_a_runners_heartbeat_is_answered_that_it_must_end() -> None:
    reply = given(before("then: {terminate: true}", ALIVE))

    assert (reply.status, reply.body) == (200, {"terminate": True})
    assert check(reply.body, OPERATIONS[ALIVE].response) == ()
    assert before("then: {terminate: true}", BEAT) is None


def test_it_is_for_no_other_operation() -> None:
    assert "terminate is for ReportTaskRunnerHeartbeat" in refusal(
        "when: {op: PollForTask}, then: {terminate: true}"
    )
