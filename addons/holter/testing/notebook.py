"""A listener that keeps what it is told, and tells it as the log of a run does."""

from __future__ import annotations

from collections.abc import Callable

from holter.lease.countdown import Ebb
from holter.lease.finding import Finding, State
from holter.lease.growth import replaces
from holter.report.lines import Lines
from holter.wire.message import Interaction


class Notebook:
    """Keeps all that a session tells, in the order in which it was told."""

    def __init__(self) -> None:
        self._calls: list[Interaction] = []
        self._open: list[Finding] = []
        self.troubles: list[str] = []
        self._told: list[Callable[[Lines], None]] = []

    def called(self, interaction: Interaction, age: float | None) -> None:
        """Keep a call that ended."""
        self._calls.append(interaction)
        self._told.append(lambda lines: lines.called(interaction, age))

    def found(self, finding: Finding) -> None:
        """Keep a finding while it is open; the audit keeps those that are closed."""
        if finding.state is State.OPEN:
            self._open.append(finding)
        elif finding.state is State.WITHDRAWN:
            self._open = [one for one in self._open if not replaces(finding, one)]
        self._told.append(lambda lines: lines.found(finding))

    def ebbing(self, ebb: Ebb) -> None:
        """Keep that a lease goes down."""
        self._told.append(lambda lines: lines.ebbing(ebb))

    def trouble(self, text: str) -> None:
        """Keep what went wrong."""
        self.troubles.append(text)
        self._told.append(lambda lines: lines.trouble(text))

    @property
    def calls(self) -> list[Interaction]:
        """The calls that have ended, in the order in which they were asked."""
        return sorted(self._calls, key=lambda call: call.asked or 0.0)

    def findings(self, closed: list[Finding]) -> list[Finding]:
        """Return what was found: what is closed, and what is open still.

        A finding may change its name when it is closed: what was not acknowledged, was so late.
        """
        ended = {(finding.task, finding.at) for finding in closed}
        return [*closed, *(finding for finding in self._open if (finding.task, finding.at) not in ended)]

    @property
    def log(self) -> str:
        """All of it, a line each."""
        written = list[str]()
        lines = Lines(written.append)
        for tell in self._told:
            tell(lines)
        return "\n".join(written)
