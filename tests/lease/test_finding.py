from __future__ import annotations

import itertools

import pytest

from holter.lease.finding import Certainty, Finding, State
from holter.lease.rules import Severity
from holter.settings import FAIL_ON


def finding(severity: str, certainty: str = "certain", cause: str | None = None) -> Finding:
    return Finding(
        rule="gap-over-limit",
        severity=Severity(severity),
        certainty=Certainty(certainty),
        state=State.CLOSED,
        cause=cause,
        task="task-1",
        attempt=None,
        caller=None,
        at=0.0,
        gap=None,
        limit=None,
        interactions=(),
        message="",
    )


FAILING = {
    ("error", "error"), ("error", "warning"), ("error", "note"),
    ("warning", "warning"), ("warning", "note"), ("note", "note"),
}  # fmt: skip


@pytest.mark.parametrize(("severity", "floor"), itertools.product(("error", "warning", "note"), FAIL_ON))
def test_a_certain_finding_fails_a_run_from_its_severity_up(severity: str, floor: str) -> None:
    assert finding(severity).fails(floor) is ((severity, floor) in FAILING)


@pytest.mark.parametrize(("severity", "floor"), itertools.product(("error", "warning", "note"), FAIL_ON))
def test_what_is_only_possible_or_caused_by_a_fault_of_ours_fails_no_run(severity: str, floor: str) -> None:
    assert not finding(severity, "possible").fails(floor)
    assert not finding(severity, cause="fault").fails(floor)


def test_an_unknown_floor_is_refused_instead_of_passing_everything() -> None:
    with pytest.raises(ValueError, match="loud"):
        finding("error").fails("loud")
