"""How a lease stands at a moment, in one line."""

from __future__ import annotations

from holter.lease.machine import Lease
from holter.lease.standing import standing


def stands(lease: Lease, now: float) -> str:
    """Return how a lease stands at a moment on the audit's axis, and how much of it is used up."""
    word = standing(lease, now)
    if not lease.open:
        return word if lease.outcome in (None, word) else f"{word}: {lease.outcome}"
    spent = lease.spent(now)[1]
    left = max(0.0, lease.term - spent)
    return f"{word}: {spent:.2f} s of {lease.term:g} s used up, {left:.2f} s left"
