"""Findings as they are written; the audit's own tests show them whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from holter.lease.conduct.evidence import Evidence
from holter.lease.conduct.panel import News
from holter.lease.edges import Timeline
from holter.lease.finding import Certainty, State
from holter.lease.handout import unknown
from holter.lease.machine import Lease
from holter.lease.profile import DOCUMENTED, Profile
from holter.lease.scribe import Scribe
from holter.lease.suppression import Suppression, Suppressions
from holter.wire.message import Mark

from .history import ZERO

LIVED_WITH = Suppression("poll-storm", "fixed in 4.2", date(2027, 3, 1), (("caller", "legacy-*"),))


def scribe(profile: Profile = DOCUMENTED, *suppressions: Suppression) -> Scribe:
    timeline = Timeline()
    timeline.mark(Mark("started", ZERO, 0.0))
    return Scribe(profile, timeline, Suppressions(suppressions, date(2026, 11, 21)))


def test_evidence_becomes_a_finding_with_its_lease_and_its_time() -> None:
    lease = Lease("task-1", "runner-1", replace(unknown(DOCUMENTED), attempt="A"), DOCUMENTED)
    seen = Evidence("poll-storm", 7.0, "a storm", (3,), "task-1", "runner-1", certain=False, cause="fault")
    found = scribe().conduct(News(seen, lease), State.OPEN)

    assert (found.rule, found.severity, found.certainty) == ("poll-storm", "warning", Certainty.POSSIBLE)
    assert (found.at, found.attempt, found.message, found.interactions) == (ZERO + 7, "A", "a storm", (3,))
    assert (found.state, found.cause, found.suppressed) == (State.OPEN, "fault", None)


def test_a_grade_is_the_profile_s_and_a_suppression_counts_for_conduct_too() -> None:
    seen = News(Evidence("poll-storm", 7.0, "a storm", caller="legacy-1"), None)
    found = scribe(replace(DOCUMENTED, rules={"poll-storm": "error"}), LIVED_WITH).conduct(seen, State.CLOSED)

    assert (found.severity, found.suppressed, found.attempt) == ("error", "fixed in 4.2", None)
