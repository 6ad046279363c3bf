"""What faults share."""

from __future__ import annotations

import pytest

from holter.faults.close import Close
from holter.faults.fault import Making, answered, broken, ops_of, wanted
from holter.faults.node import Node, PlanError
from holter.wire.decision import Answer, Break, Cut, Deed, Forward, Order
from holter.wire.message import Origin, Reply
from holter.wire.operations import Role

from .scenes import BEAT, asked, live, plan


def test_operations_are_found_by_their_role() -> None:
    assert ops_of(Role.BEAT, Role.FINISH) == ("ReportTaskProgress", "SetTaskStatus")
    assert ops_of() == ()


def test_a_fault_that_is_only_wanted_has_the_value_true() -> None:
    fault = Close()

    assert wanted(fault)(Making(Node(True, "plan.yaml:3"))) is fault
    with pytest.raises(PlanError, match=r"^plan.yaml:3: \$: must be true, not 1; leave it out"):
        wanted(fault)(Making(Node(1, "plan.yaml:3")))


def test_answers_and_breaks_wait_as_long_as_the_call_was_to_wait() -> None:
    reply = Reply(200, {})

    assert answered(Forward(2.0), reply) == Answer(reply, Origin.FAULT, delay=2.0)
    assert broken(Forward(2.0), "why", Cut.RESET, 3.0) == Break("why", delay=5.0, cut=Cut.RESET)


def test_a_service_that_obeys_is_told_to_do_it_and_the_call_goes_there() -> None:
    for name, deed in (
        ("cancel", Deed.CANCEL), ("lose_lease", Deed.TAKE), ("pipeline_deleted", Deed.DELETE),
    ):  # fmt: skip
        made = plan(f"when: {{op: ReportTaskProgress}}, then: [{{delay: 2}}, {{{name}: true}}]", obeyed=True)
        assert made.before(asked(BEAT, "real-1")) == Forward(2.0, by="r1", order=Order(deed, "real-1"))


def test_what_does_not_go_there_any_more_is_answered_by_us() -> None:
    made, call = plan("then: {cancel: true, stage: after}", obeyed=True), asked(BEAT)
    assert made.before(call) is None or made.before(call) == Forward(by="r1")

    assert isinstance(made.after(call, live()), Answer)
