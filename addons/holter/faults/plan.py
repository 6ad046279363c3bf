"""A plan: rules in order, the first that applies decides; the same calls give the same faults."""

from __future__ import annotations

from collections import Counter

from holter.faults.cancel import Cancel
from holter.faults.rule import Rule, When
from holter.wire.decision import Decision
from holter.wire.message import Call


class Plan:
    """Counts the calls of each task and lets the first rule that applies decide."""

    def __init__(self, rules: tuple[Rule, ...] = ()) -> None:
        self.rules = rules
        self._counts: Counter[tuple[str, str]] = Counter()

    def before(self, call: Call, task: str | None) -> Decision | None:
        """Decide about a call before it is passed on, or leave it alone with None."""
        if not self.rules:
            return None
        nth = self._count(call, task)
        found = next((rule for rule in self.rules if rule.when.applies(call.op, nth)), None)
        return found.fault.before(call, found.name) if found else None

    def _count(self, call: Call, task: str | None) -> int | None:
        """Count a task's calls of one operation; an SDK's further tries of one call are the same call."""
        if task is None:
            return None
        if call.tried is None or call.tried.n == 1:
            self._counts[task, call.op] += 1
        return self._counts[task, call.op]


def cancel_on(nth: int) -> Rule:
    """Return the rule of `--cancel-on N`: the Nth beat of each task is answered `canceled: true`."""
    return Rule(f"cancel on beat {nth}", When("ReportTaskProgress", nth_of_task=nth), Cancel())
