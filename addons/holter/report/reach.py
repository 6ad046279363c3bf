"""From when to when a finding's gap reaches, as its bar and its two readings have it."""

from __future__ import annotations

from typing import NamedTuple

from holter.lease.finding import Finding
from holter.lease.profile import Profile


class Reach(NamedTuple):
    """When a gap began, and how far its shortest and its longest reading go: seconds since 1970 UTC."""

    begin: float
    certain: float
    possible: float


def reach(finding: Finding, profile: Profile) -> Reach | None:
    """Return where a finding's gap lies: it passed its limit, and the tolerance of that, at `finding.at`."""
    gap, limit = finding.gap, finding.limit
    if gap is None or limit is None:
        return None
    begin = finding.at - limit.seconds - profile.tolerance.get(limit.name, 0.0)
    return Reach(begin, begin + gap.certain, begin + max(gap.certain, gap.possible))
