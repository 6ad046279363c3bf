"""lose lease, as a plan asks for it."""

from __future__ import annotations

from holter.wire.codec import error_code

from .scenes import BEAT, END, POLL, asked, given, plan


def test_from_the_meant_beat_on_the_task_is_not_found_whatever_is_said_of_it() -> None:
    made = plan("when: {op: ReportTaskProgress, nth_of_task: 2}, then: {lose_lease: true}")
    calls = [(BEAT, "a"), (BEAT, "b"), (BEAT, "a"), (BEAT, "a"), (END, "b"), (END, "a"), (POLL, None)]
    found = [made.before(asked(op, task)) for op, task in calls]

    assert [decision is not None for decision in found] == [False, False, True, True, False, True, False]
    reply = given(found[5])
    assert (error_code(reply), reply.status) == ("TaskNotFoundException", 400)
    assert found[5] is not None
    assert found[5].by == "r1"


def test_without_a_number_every_task_loses_its_lease_at_once() -> None:
    made = plan("then: {lose_lease: true}")

    assert given(made.before(asked(END))).status == 400
    assert given(made.before(asked(BEAT, "other"))).status == 400
