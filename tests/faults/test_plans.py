from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.processes import environment

from holter.faults.plan import Plan
from holter.faults.planfile import parse
from holter.faults.plans import Plans

TEXT = """\
holter-plan: 1
seed: 7
rules:
  - name: one
    when: {op: ReportTaskProgress}
    then: {cancel: true}
    expect: [{no_status: true}]
  - name: two
    when: {op: PollForTask}
    then: {error: InternalServiceError}
    expect: [{polls_again: true}, {stops_within: 60}]
"""


def test_a_seed_is_given_only_where_there_is_none() -> None:
    assert Plans().seeded(5).seed == 5
    assert Plans(seed="kept").seeded(5).seed == "kept"


def test_what_is_expected_is_that_of_all_rules_in_order() -> None:
    assert Plans().expectations == ()
    found = [(one.rule, one.name) for one in parse(TEXT, "plan").expectations]
    assert found == [("one", "no_status"), ("two", "polls_again"), ("two", "stops_within")]


def test_a_plan_is_made_of_the_rules_and_the_seed() -> None:
    plan = parse(TEXT, "plan").plan()
    assert isinstance(plan, Plan)
    assert (plan.seed, [row.name for row in plan.roster.rows(0.0)]) == (7, ["one", "two"])
    assert Plans().plan().seed == 0


def test_what_was_asked_needs_nothing_of_what_carries_it_out(tmp_path: Path) -> None:
    code = "import sys, holter.faults.plans; print(*(name for name in sys.modules if name[:7] == 'holter.'))"
    command = [sys.executable, "-c", code]
    found = subprocess.run(command, env=environment(tmp_path), check=True, capture_output=True, text=True)
    values = {"holter.wire", "holter.wire.value"}
    assert {*found.stdout.split()} - values == {"holter.faults", "holter.faults.plans"}
