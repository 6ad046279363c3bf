"""What a run has told so far, as much of it as the board shows."""

from __future__ import annotations

import heapq
from collections import Counter, deque
from collections.abc import Callable, Collection

from holter.lease.countdown import Ebb
from holter.lease.finding import Finding, State
from holter.lease.growth import OpenFindings
from holter.lease.rules import Severity
from holter.wire.message import Interaction

KEPT = 100
"""Findings that are kept once they are closed; the report has all of them."""

_SLACK = 1000
"""Last answers of leases that are over, before they are let go of."""


class News:
    """A listener that remembers instead of telling; `trouble` goes on to who tells it."""

    def __init__(self, trouble: Callable[[str], None]) -> None:
        self.operations: Counter[str] = Counter()
        self.counts: Counter[Severity] = Counter()
        self.excused = 0
        """How many closed findings fail no run."""
        self._trouble = trouble
        self._answers: dict[str, Interaction] = {}
        self._open = OpenFindings()
        self._closed: deque[Finding] = deque(maxlen=KEPT)

    def called(self, interaction: Interaction, age: float | None) -> None:
        """Count a call, and keep it as the last of its task."""
        del age
        self.operations[interaction.op] += 1
        if interaction.task:
            self._answers[interaction.task] = interaction

    def found(self, finding: Finding) -> None:
        """Keep a finding, once even if it is told again when its gap has ended; not one that is withdrawn."""
        self._open.told(finding)
        if finding.state is not State.CLOSED:
            return
        self._closed.append(finding)
        if excused(finding):
            self.excused += 1
        else:
            self.counts[finding.severity] += 1

    def ebbing(self, ebb: Ebb) -> None:
        """Keep nothing: the board has a bar for it."""

    def trouble(self, text: str) -> None:
        """Pass it on."""
        self._trouble(f"holter: {text}")

    def answer(self, task: str) -> Interaction | None:
        """Return the last call of a task."""
        return self._answers.get(task)

    def keep(self, tasks: Collection[str]) -> None:
        """Let go of the last calls of all other tasks, if they have become many."""
        if len(self._answers) > 2 * len(tasks) + _SLACK:
            self._answers = {task: self._answers[task] for task in tasks if task in self._answers}

    def latest(self, most: int) -> list[Finding]:
        """Return the findings that came last, the newest first; notes only where there is room for them."""
        kept = (*self._closed, *self._open)
        some = heapq.nlargest(most, kept, key=lambda one: (one.severity is not Severity.NOTE, one.at))
        return sorted(some, key=lambda one: one.at, reverse=True)

    def totals(self) -> tuple[Counter[Severity], int]:
        """Return how many findings there are of each severity, and how many that fail no run."""
        still = Counter(one.severity for one in self._open if not excused(one))
        return self.counts + still, self.excused + len(self._open) - still.total()


def excused(finding: Finding) -> bool:
    """Tell whether a finding fails no run: it is only possible, a fault of ours caused it, or suppressed."""
    return not finding.fails("note")
