"""One rule of the audit, and how bad it is to break it."""

from __future__ import annotations

import enum

from holter.wire.value import value


class Severity(enum.StrEnum):
    """How bad a finding is."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """A number that grows with the severity."""
        return _RANKS.index(self)


_RANKS = tuple(Severity)


@value
class Rule:
    """One rule: what it means, when exactly it is told, why that matters, what to do, and who says so."""

    id: str
    severity: Severity
    meaning: str
    when: str
    why: str
    action: str
    source: str
