"""Rules about the profile itself."""

from __future__ import annotations

from holter.lease.rule import Rule, Severity

ROWS = (
    Rule(
        "suppression-expired",
        Severity.WARNING,
        "A suppression in the profile has come to its end, and what it held back counts again.",
        "A suppression of the profile has an `until` before today. It is about the profile, not a task.",
        "A suppression without an end would hide the next fault, too. Its end is the day to look again.",
        "Remove it if the runner has been mended; else look again, and give it a new end and a reason.",
        "The profile's own `until`",
    ),
)
