"""What an audit says: a rule that was broken, by whom, when, and the proof."""

from __future__ import annotations

import enum

from holter.lease.rules import Severity
from holter.wire.value import value


class Certainty(enum.StrEnum):
    """Whether even the shortest reading of what was seen breaks the rule, or only the longest."""

    POSSIBLE = "possible"
    CERTAIN = "certain"


class State(enum.StrEnum):
    """Live, a finding is open from its deadline on, and closed once its gap has ended.

    It is withdrawn instead where its gap ended in a way that breaks no rule. A withdrawn one is only told,
    so that whoever counts the open ones lets go of it: no audit and no report holds it.
    """

    OPEN = "open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


@value
class Gap:
    """How long nothing renewed a lease, in seconds: the shortest and the longest consistent reading."""

    certain: float
    possible: float


@value
class Limit:
    """The limit that was broken: its name, its seconds, and who says so."""

    name: str
    seconds: float
    source: str


@value
class Finding:
    """One broken rule. `at` is the wall clock, seconds since 1970 UTC, at which the limit passed.

    `task` is None where it is about a runner or an operation and not about one task.
    `suppressed` is the reason for which the profile wants it not to count.
    """

    rule: str
    severity: Severity
    certainty: Certainty
    state: State
    cause: str | None
    task: str | None
    attempt: str | None
    caller: str | None
    at: float
    gap: Gap | None
    limit: Limit | None
    interactions: tuple[int, ...]
    message: str
    suppressed: str | None = None

    @property
    def place(self) -> tuple[float, str, str]:
        """Where it stands among all: by time, then by task and rule."""
        return self.at, self.task or "", self.rule

    def fails(self, floor: str) -> bool:
        """Tell whether this finding fails a run that fails on `floor`: error, warning, note or never."""
        if floor == "never" or self.cause == "fault" or self.suppressed:
            return False
        if self.certainty is Certainty.POSSIBLE:
            return False
        return self.severity.rank >= Severity(floor).rank
