"""Reactions, as a plan spells them."""

from __future__ import annotations

import pytest

from holter.faults.expect import EXPECTATIONS, Expectation, read
from holter.faults.node import PlanError
from holter.faults.yamlnodes import load


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{stops_within: 60}", 30.0),
        ("{no_status: true}", True),
        ("{polls_again: true}", True),
        ("{polls_again: 90}", 45.0),
        ("{retries_with_growing_pauses: true}", True),
        ("{retries_within: 20}", 10.0),
        ("{sends: FAILED}", "FAILED"),
    ],
)
def test_an_expectation_has_a_name_and_a_value(text: str, found: float | str | bool) -> None:
    node = load(text, "p", 0.5)
    (name,) = node.mapping()

    assert read(node, "r") == Expectation("r", name, found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{stop_within: 60}", "unknown expectation (did you mean stops_within?)"),
        ("{stops_within: -1}", "must be above 0 seconds"),
        ("{no_status: false}", "must be true"),
        ("{sends: DONE}", "unknown status"),
        ("{stops_within: 1, no_status: true}", "must hold one expectation, not 2"),
    ],
)
def test_one_that_cannot_be_is_refused(text: str, said: str) -> None:
    with pytest.raises(PlanError) as wrong:
        read(load(text, "p"), "r")
    assert said in str(wrong.value)


def test_every_expectation_has_its_words() -> None:
    assert all(takes and means for takes, means in EXPECTATIONS.values())
