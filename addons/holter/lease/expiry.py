"""Suppressions that have come to their end, as findings of their own."""

from __future__ import annotations

from collections.abc import Iterable

from holter.lease.finding import Certainty, Finding, State
from holter.lease.profile import Profile
from holter.lease.rules import RULES, Severity
from holter.lease.suppression import RULE, Suppression


def expired(suppressions: Iterable[Suppression], profile: Profile, at: float) -> list[Finding]:
    """Return a finding for each of them, at a wall clock; they are about the profile and about no task."""
    grade = profile.rules.get(RULE, RULES[RULE].severity)
    if grade == "off":
        return []
    return [
        Finding(
            rule=RULE,
            severity=Severity(grade),
            certainty=Certainty.CERTAIN,
            state=State.CLOSED,
            cause=None,
            task=None,
            attempt=None,
            caller=None,
            at=at,
            gap=None,
            limit=None,
            interactions=(),
            message=f"expired: {one}",
        )
        for one in suppressions
    ]
