"""Missed expectations as findings: from a file, by every way out of the audit."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.cli.test_audit import tape
from tests.lease.history import ZERO, History
from tests.processes import holter_run

from holter import expected
from holter.cli.recording import Recording
from holter.faults.expect import Expectation
from holter.faults.log import expecting
from holter.faults.reactions import Reactions
from holter.lease.profile import DOCUMENTED, Profile
from holter.lease.suppression import Suppression
from holter.wire.message import Interaction, Mark

RULE = "expectation-missed"
SAID = "task-1: after 'cut', it was reported FINISHED; expected FAILED"


def history(status: str = "FAILED") -> History:
    """A task whose first beat a rule met, ended as FINISHED; by the plan it should have ended otherwise."""
    expect = expecting([Expectation("cut", "sends", status)])
    armed = Mark("fault", ZERO, 0.0, {"did": "armed", "rules": ["cut"], "seed": 7, **expect})
    made = History().mark("started", 0).handed(1).beat(2).finished(3).mark("stopped", 4)
    met = [
        replace(one, fault="cut") if isinstance(one, Interaction) and one.op == "ReportTaskProgress" else one
        for one in made.entries
    ]
    made.entries[:] = [met[0], armed, *met[1:]]
    return made


def found(made: History, profile: Profile = DOCUMENTED) -> list[tuple[str, str | None]]:
    """What is told of a history, with the reason for which it does not count."""
    audit, reactions = made.audit(profile), Reactions()
    reactions.read(made.entries)
    own = expected.judged(audit, reactions)

    assert own == [finding for finding in audit.findings if finding.rule == RULE]
    assert audit.findings == sorted(audit.findings, key=lambda finding: finding.place)
    return [(finding.severity, finding.suppressed) for finding in own]


def test_what_was_missed_is_a_finding_as_the_profile_grades_it() -> None:
    held_back = Suppression(RULE, "known", date.max)

    assert found(history()) == [("error", None)]
    assert found(history("FINISHED")) == []
    assert found(history(), replace(DOCUMENTED, rules={RULE: "note"})) == [("note", None)]
    assert found(history(), replace(DOCUMENTED, rules={RULE: "off"})) == []
    assert found(history(), replace(DOCUMENTED, suppress=(held_back,))) == [("error", "known")]


@pytest.mark.parametrize(("fail_on", "code"), [("error", 1), ("never", 0)])
def test_an_audit_tells_it_and_fails(tmp_path: Path, fail_on: str, code: int) -> None:
    path = str(tape(tmp_path, history()))
    ended = holter_run("audit", path, "--fail-on", fail_on, home=tmp_path)

    assert (ended.returncode, ended.stderr) == (code, "")
    assert RULE in ended.stdout
    assert SAID in " ".join(ended.stdout.split())


@pytest.mark.parametrize(("code", "ends"), [(0, 0), (3, 1)])
def test_a_runner_that_leaves_in_good_order_instead_of_polling_fails_no_audit(
    tmp_path: Path, code: int, ends: int
) -> None:
    made = history()
    for index, one in enumerate(made.entries):
        if isinstance(one, Mark) and one.what == "fault":
            again = expecting([Expectation("cut", "polls_again", True)])
            made.entries[index] = replace(one, more={**one.more, **again})
    made.entries.insert(-1, Mark("note", ZERO + 3.5, 3.5, {"exited": code}))
    ended = holter_run("audit", str(tape(tmp_path, made)), home=tmp_path)

    assert (ended.returncode, ended.stderr) == (ends, "")
    said = " ".join(ended.stdout.split())
    assert f"no poll followed before the command ended with exit code {code}; expected a poll" in said
    assert (f"{RULE}: After" in said, "[possible]" in said) == (True, code == 0)


def test_programs_and_build_servers_read_the_same(tmp_path: Path) -> None:
    path = str(tape(tmp_path, history()))
    report = json.loads(holter_run("audit", path, "--format", "json", home=tmp_path).stdout)
    junit = holter_run("audit", path, "--format", "junit", home=tmp_path).stdout

    (finding,) = (one for one in report["findings"] if one["rule"] == RULE)
    assert (finding["task"], finding["message"], finding["severity"]) == ("task-1", SAID, "error")
    assert len(finding["places"]) == len(finding["interactions"]) == 2
    (failure,) = ElementTree.fromstring(junit).iter("failure")
    assert (failure.get("type"), failure.get("message")) == (RULE, SAID)


def test_over_two_files_the_task_is_named_as_in_the_whole(tmp_path: Path) -> None:
    later = History().mark("started", 0, at=ZERO + 60).call("PollForTask", 61.0)
    paths = [tape(tmp_path, history(), "a.yaml"), tape(tmp_path, later, "b.yaml")]
    recording = Recording(paths)

    for _ in range(2):  # judged anew, nothing is told twice
        told = [one.task for one in recording.audit().findings if one.rule == RULE]
        assert told == ["task-1"]
