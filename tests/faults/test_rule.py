"""One rule of a plan."""

from __future__ import annotations

from holter.faults.cancel import Cancel
from holter.faults.cut import CutOff
from holter.faults.fault import Stage, Step
from holter.faults.predicate import Test as Condition
from holter.faults.rule import Rule
from holter.faults.when import When


def test_steps_have_their_say_at_their_stage_in_their_order() -> None:
    one, two, three = Step(Cancel()), Step(CutOff(), Stage.AFTER), Step(Cancel())
    rule = Rule("r", When(), (one, two, three))

    assert (rule.steps(Stage.BEFORE), rule.steps(Stage.AFTER)) == ((one, three), (two,))


def test_a_rule_that_goes_by_the_answer_is_late() -> None:
    assert Rule("r", When(answer=(Condition(("a",), "is", 1),)), ()).late
    assert not Rule("r", When(), ()).late
