"""What faults share."""

from __future__ import annotations

from holter.faults.fault import answered, broken, ops_of
from holter.wire.decision import Answer, Break, Cut, Forward
from holter.wire.message import Origin, Reply
from holter.wire.operations import Role


def test_operations_are_found_by_their_role() -> None:
    assert ops_of(Role.BEAT, Role.FINISH) == ("ReportTaskProgress", "SetTaskStatus")
    assert ops_of() == ()


def test_answers_and_breaks_wait_as_long_as_the_call_was_to_wait() -> None:
    reply = Reply(200, {})

    assert answered(Forward(2.0), reply) == Answer(reply, Origin.FAULT, delay=2.0)
    assert broken(Forward(2.0), "why", Cut.RESET, 3.0) == Break("why", delay=5.0, cut=Cut.RESET)
