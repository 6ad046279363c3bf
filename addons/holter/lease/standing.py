"""Where a lease stands at a moment, in one word for people and programs."""

from __future__ import annotations

import enum

from holter.lease.machine import Lease
from holter.lease.phase import Phase

AT_RISK = 0.8
"""Share of a lease from which on it is at risk: one more lost beat and it may be gone."""


class Standing(enum.StrEnum):
    """Where a lease stands; from `canceled` on it has ended."""

    HANDED_OUT = "handed out"
    ACKNOWLEDGED = "acknowledged"
    HELD = "held"
    AT_RISK = "at risk"
    EXPIRED = "expired"
    CANCELED = "canceled"
    ENDED = "ended"
    GONE = "gone"
    REASSIGNED = "reassigned"


def standing(lease: Lease, now: float) -> Standing:
    """Return where a lease stands at a moment on the audit's axis; when the recording ends, at its end."""
    if not lease.open and lease.phase is not Phase.UNFINISHED:
        return Standing(lease.phase.value)
    share = (lease.age(now if lease.until is None else lease.until) or 0.0) / lease.term
    if share >= AT_RISK:
        return Standing.AT_RISK if share <= 1 else Standing.EXPIRED
    if not lease.acknowledged:
        return Standing.HANDED_OUT
    return Standing.ACKNOWLEDGED if lease.beats.ok <= 1 else Standing.HELD
