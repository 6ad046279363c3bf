"""reset, as a plan asks for it."""

from __future__ import annotations

from holter.faults.plans import Mode
from holter.wire.decision import Cut

from .scenes import after, before, cut, refusal


def test_the_connection_is_reset_before_or_after_the_service() -> None:
    assert cut(before("then: {reset: true}")).cut is Cut.RESET
    assert cut(after("then: {reset: true, stage: after}")).cut is Cut.RESET


def test_without_a_connection_it_cannot_be_done() -> None:
    said = refusal("then: {reset: true}", mode=Mode.IN_PROCESS)

    assert said == (
        "plan.yaml:4: $.rules[0].then: reset needs a connection of its own to break, "
        "which a client's own process has not"
    )
