"""The demo's own judgement: it notices whatever did not happen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from holter.cassette.reader import open_cassette
from holter.cli import story
from holter.lease.audit import Audit, audited
from holter.lease.finding import Finding
from holter.lease.profilefile import recorded
from holter.wire.message import Interaction

DEMO = Path(__file__).parents[2] / "cassettes" / "demo.yaml"


class Case:
    """What a good demo leaves behind, taken from the recording of one; tests spoil parts of it."""

    def __init__(self) -> None:
        reader = open_cassette(str(DEMO))
        entries = [entry.value for entry in reader]
        assert reader.header.profile is not None
        self.audit: Audit = audited(entries, recorded(reader.header.profile))
        self.seen = story.Seen()
        for entry in entries:
            if isinstance(entry, Interaction):
                self.seen.called(entry)
        for finding in self.audit.findings:
            self.seen.found(finding, finding.at + 0.01)
        whys = {task.id: task.expired for task in story.TASKS}
        firsts: dict[str, str] = {}
        for lease in self.audit.leases:
            firsts.setdefault(lease.handout.activity or "", lease.task)
        self.truth: list[dict[str, Any]] = [
            {"what": "expired", "why": why, "print": self.seen.prints[firsts[name]]}
            for name, why in whys.items()
            if why
        ]

    def missing(self) -> list[str]:
        return story.missing(self.audit, self.seen, self.truth)

    def finding(self, rule: str) -> Finding:
        return next(finding for finding in self.audit.findings if finding.rule == rule)


def test_a_demo_that_went_well_misses_nothing() -> None:
    assert Case().missing() == []


@pytest.mark.parametrize("rule", ["ack-missing", "gap-over-limit"])
def test_a_finding_that_is_not_there_is_missed(rule: str) -> None:
    case = Case()
    case.audit.findings.remove(case.finding(rule))

    assert any("took" in problem and "has no error for it" in problem for problem in case.missing())


def test_a_finding_that_the_sandbox_denies_is_missed() -> None:
    case = Case()
    case.truth = [row for row in case.truth if row["why"] != "ack"]

    said = " ".join(case.missing())
    assert "the sandbox did not take it away" in said
    assert "Forgotten: the sandbox took its lease away for None, not ack" in said


def test_a_finding_that_came_late_is_missed() -> None:
    case = Case()
    case.seen.told = [(wall + 5, finding) for wall, finding in case.seen.told]

    assert [problem for problem in case.missing() if "was not flagged within" in problem] != []


def test_a_task_that_ended_otherwise_is_missed() -> None:
    case = Case()
    case.audit.leases[0].outcome = "failed"

    assert [problem for problem in case.missing() if "ended as failed" in problem] != []


def test_a_task_that_was_never_handed_out_is_missed() -> None:
    case = Case()
    for lease in case.audit.leases:
        lease.handout = replace(lease.handout, activity="Other")

    assert "Healthy was never handed out" in case.missing()


def test_the_comparison_has_a_line_for_each_lease() -> None:
    case = Case()
    lines = story.comparison(case.audit, case.seen, case.truth)

    assert len(lines) == 1 + len(case.audit.leases)
    assert any("yes: not acknowledged" in line and "ack-missing" in line for line in lines)


def test_the_definition_holds_every_task() -> None:
    objects = story.definition()["objects"]
    assert isinstance(objects, list)

    assert [entry["id"] for entry in objects if isinstance(entry, dict)] == [
        "Default",
        *(task.id for task in story.TASKS),
    ]
