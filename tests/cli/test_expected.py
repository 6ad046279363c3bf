"""Missed expectations at the end of a run."""

from __future__ import annotations

import pytest
from tests.faults.test_reactions import FAULT

from holter.cli.expected import told
from holter.faults.expect import Expectation
from holter.faults.reactions import Reactions


@pytest.mark.parametrize(("fail_on", "fails"), [("error", True), ("note", True), ("never", False)])
def test_each_is_told_and_fails_the_run_unless_nothing_does(fail_on: str, *, fails: bool) -> None:
    reactions, lines = Reactions([Expectation("r", "sends", "FAILED")]), list[str]()
    reactions.feed(FAULT)

    assert told(reactions, lines.append, fail_on=fail_on) is fails
    assert lines == [
        "holter: expectation missed: task-1: after 'r', no status followed; expected FAILED (calls 10)"
    ]


def test_what_was_met_is_not_told() -> None:
    lines: list[str] = []

    assert told(Reactions(()), lines.append, fail_on="error") is False
    assert lines == []
