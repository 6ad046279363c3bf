"""Findings that do not count for a while."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from holter.lease.audit import Audit, audited
from holter.lease.profile import DOCUMENTED, Profile
from holter.lease.suppression import RULE, Suppression, Suppressions

from .history import ZERO, History

TODAY = date(2027, 2, 1)
LATE = History().handed(0).beat(1, 400).finished(401).mark("stopped", 402)


def held(**about: str) -> Suppression:
    return Suppression("gap-over-5min", "fixed in 4.2", date(2027, 3, 1), tuple(about.items()))


def by(*suppressions: Suppression, **rules: str) -> Profile:
    return replace(DOCUMENTED, suppress=suppressions, rules=rules)


def judged(profile: Profile, today: date | None = TODAY) -> Audit:
    return audited(LATE.entries, profile, today)


@pytest.mark.parametrize(
    ("about", "takes"),
    [
        ({}, True),
        ({"caller": "runner-1"}, True),
        ({"caller": "runner-*"}, True),
        ({"caller": "Runner-*"}, False),
        ({"task": "task-?"}, True),
        ({"activity": "Co[op]y"}, True),
        ({"activity": "Other"}, False),
        ({"caller": "runner-*", "task": "task-2"}, False),
        ({"caller": "runner-*", "task": "task-1", "activity": "*"}, True),
    ],
)
def test_a_finding_must_match_everything_that_is_said(about: dict[str, str], takes: bool) -> None:
    (finding,) = judged(by(held(**about))).findings

    assert finding.suppressed == ("fixed in 4.2" if takes else None)
    assert finding.fails("note") is not takes
    assert (finding.rule, finding.severity, finding.certainty) == ("gap-over-5min", "warning", "certain")


def test_what_has_no_such_name_is_not_meant_by_a_pattern_of_it() -> None:
    assert not held(activity="*").takes("gap-over-5min", {"activity": None})
    assert not held(activity="*").takes("gap-over-5min", {})
    assert held().takes("gap-over-5min", {})
    assert not held().takes("gap-over-limit", {})


@pytest.mark.parametrize(
    ("today", "valid"),
    [(held().until, True), (held().until + timedelta(1), False), (date(1999, 1, 1), True), (None, True)],
)
def test_it_holds_up_to_its_last_day_and_then_is_a_finding_of_its_own(
    today: date | None, valid: bool
) -> None:
    rules = {finding.rule: finding.suppressed for finding in judged(by(held()), today).findings}

    assert rules == ({"gap-over-5min": "fixed in 4.2"} if valid else {"gap-over-5min": None, RULE: None})


def test_the_finding_of_an_expired_one_says_which_and_fails_by_its_grade() -> None:
    one = replace(held(caller="legacy-*"), place="ours.yaml:7")  # which no header keeps
    (*_, expired) = judged(by(one), date(2027, 3, 2)).findings

    assert expired.message == ("expired: gap-over-5min, caller legacy-*, until 2027-03-01: fixed in 4.2")
    assert (expired.task, expired.at, expired.interactions) == (None, ZERO + 402, ())
    assert (expired.fails("warning"), expired.fails("error")) == (True, False)


def test_the_rule_about_expired_ones_can_be_re_graded_and_switched_off() -> None:
    late = date(2028, 1, 1)

    assert judged(by(held(), **{RULE: "error"}), late).findings[-1].fails("error")
    assert [one.rule for one in judged(by(held(), **{RULE: "off"}), late).findings] == ["gap-over-5min"]


def test_those_that_hold_nothing_back_are_known() -> None:
    idle = Suppression("ack-late", "why not", date(2027, 3, 1))

    assert list(judged(by(held(), idle)).suppressions.unused) == [idle]
    assert list(judged(by(held(), idle), date(2028, 1, 1)).suppressions.unused) == []


def test_the_first_that_matches_gives_the_reason() -> None:
    found = Suppressions((held(caller="x"), held(), replace(held(), reason="later")))

    assert found.reason("gap-over-5min", caller="a", task="b", activity=None) == "fixed in 4.2"
    assert found.reason("ack-late", caller="a", task="b", activity=None) is None


def test_live_an_open_finding_is_suppressed_too() -> None:
    audit = Audit(by(held()), TODAY)
    audit.read(History().handed(0).beat(1).entries)

    assert [(one.rule, one.suppressed) for one in audit.due(302)][-1] == ("gap-over-5min", "fixed in 4.2")
