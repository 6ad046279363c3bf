"""What is said of suppressions that have come to their end."""

from __future__ import annotations

from collections.abc import Iterator

from holter.lease.finding import Certainty, Finding, State
from holter.lease.profile import Profile
from holter.lease.rules import RULES, Severity
from holter.lease.suppression import RULE, Suppressions


def expired(suppressions: Suppressions, profile: Profile, at: float) -> Iterator[Finding]:
    """Yield a finding for each, as of a wall clock in seconds since 1970 UTC."""
    grade = profile.rules.get(RULE, RULES[RULE].severity)
    for one in suppressions.expired if grade != "off" else ():
        yield Finding(
            rule=RULE,
            severity=Severity(grade),
            certainty=Certainty.CERTAIN,
            state=State.CLOSED,
            cause=None,
            task=None,
            attempt=None,
            caller=None,
            at=round(at, 6),
            gap=None,
            limit=None,
            interactions=(),
            message=f"expired: {one}",
        )
