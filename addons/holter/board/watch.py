"""What happened lately in a run, kept for whoever asks."""

from __future__ import annotations

from collections import deque

from holter.lease.countdown import Ebb
from holter.lease.finding import Finding, State
from holter.session import Listener
from holter.wire.message import Interaction

KEPT = 1000
"""Calls that are kept; who wants more reads the recording."""


class Watch:
    """A listener that remembers, and passes everything on to another."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._calls: deque[Interaction] = deque(maxlen=KEPT)
        self._open: dict[tuple[str, str | None, str | None], Finding] = {}

    def calls(self, after: int = 0) -> list[Interaction]:
        """Return the calls with a number above `after` that are still kept."""
        return [call for call in self._calls if call.seq > after]

    @property
    def open(self) -> list[Finding]:
        """The findings whose gap goes on."""
        return list(self._open.values())

    def called(self, interaction: Interaction, age: float | None) -> None:
        """Keep a call."""
        self._calls.append(interaction)
        self._listener.called(interaction, age)

    def found(self, finding: Finding) -> None:
        """Keep a finding until it is closed: then the audit has it."""
        key = (finding.rule, finding.task, finding.caller)
        if finding.state is State.OPEN:
            self._open[key] = finding
        else:
            self._open.pop(key, None)
        self._listener.found(finding)

    def ebbing(self, ebb: Ebb) -> None:
        """Pass it on."""
        self._listener.ebbing(ebb)

    def trouble(self, text: str) -> None:
        """Pass it on."""
        self._listener.trouble(text)
