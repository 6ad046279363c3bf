"""All observers together: what an ordinary call costs, and that every rule can be seen and switched off."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from holter.lease import suppression
from holter.lease.audit import Audit, audited
from holter.lease.conduct import panel
from holter.lease.conduct.evidence import Heard, Observer
from holter.lease.finding import State
from holter.lease.profile import DOCUMENTED, PROFILES
from holter.lease.rules import RULES
from holter.wire.message import Interaction

from .stories import GAPS, Story

OTHERS = [rule for rule in RULES if rule not in GAPS | {suppression.RULE, "expectation-missed"}]


def busy() -> Story:
    story = Story().began().beat(*range(30, 600, 30))
    return story.ended(601)


def test_an_ordinary_beat_reaches_no_observer(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def noted(call: Interaction, *rest: object) -> Heard:
        seen.append(call.op)
        return Heard(call, *rest)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr("holter.lease.conduct.panel.Heard", noted)

    assert busy().shows()
    assert set(seen) == {"PollForTask", "SetTaskStatus"}


def test_a_beat_is_looked_at_again_only_while_an_observer_waits_for_it() -> None:
    story = Story().began()
    story.failing(60, 500, "InternalServiceError")
    story.beat(61, 62)
    audit = Audit(DOCUMENTED)
    audit.read(story.entries[:4])
    assert audit._panel._odd == {"task-1"}

    audit = Audit(DOCUMENTED)
    audit.read(story.entries)
    assert audit._panel._odd == set()


@pytest.mark.parametrize("rule", OTHERS)
def test_every_rule_has_a_case_where_it_fires(rule: str) -> None:
    cases = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))

    assert re.search(rf'"{rule}[?!"]', cases), "no test shows it"


def test_live_a_finding_opens_when_it_is_first_seen_and_closes_at_the_end() -> None:
    story = Story().began()
    story.beat(60, canceled=True).beat(130, 190)
    audit, told = Audit(DOCUMENTED), []
    for entry in story.entries:
        if isinstance(entry, Interaction):
            audit.feed(audit.timeline.asked(entry.seq, entry))
            told += audit.feed(audit.timeline.ended(entry.seq, entry))
        else:
            audit.mark(entry)
    closed = audit.close()

    assert [(one.rule, one.state) for one in told] == [("cancel-ignored", State.OPEN)]
    assert ("cancel-ignored", State.CLOSED) in [(one.rule, one.state) for one in closed]
    assert audit.findings == audited(story.entries, DOCUMENTED).findings


def test_a_rule_that_is_off_is_not_told_and_a_grade_is_the_profile_s() -> None:
    story = Story().began().beat(60, canceled=True).beat(130)
    off = replace(DOCUMENTED, rules={"cancel-ignored": "off", "cancel-latency": "warning"})

    assert [
        (one.rule, one.severity) for one in audited(story.entries, off).findings if one.rule not in GAPS
    ] == [("cancel-latency", "warning")]


def test_relaxed_keeps_the_errors() -> None:
    story = Story().began()
    story.beat(60, canceled=True).beat(130)

    assert story.shows("cancel-ignored", profile=PROFILES["relaxed"])


def test_an_honest_day_gives_nothing_certain() -> None:
    story = Story().alive(0)
    for hour in range(6):
        at = hour * 3600.0
        story.poll(at + 0.1).poll(at + 90.2).began(at + 181)
        story.beat(*(at + 182 + beat for beat in range(60, 2400, 60)))
        story.ended(at + 2590)
        story.alive(*(at + 600 * number for number in range(1, 7)))
        for number in range(11):
            story.poll(at + 2591 + number * 91)

    assert [one for one in story.found() if one.certainty == "certain"] == []


def test_every_observer_is_asked_for_what_it_holds() -> None:
    found = panel.Panel(DOCUMENTED, lambda _: None)

    assert {type(one).__name__ for one in found._holding} == {
        *("Cancelled", "Gone", "Repeats", "Retries", "Expired", "Attempts"),
    }
    assert all(isinstance(one, Observer) for one in found._observers)
