"""What is counted: calls, for all tasks and for each, and what rules have met."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from holter.faults.asked import Asked
from holter.wire.regex import regex

_KEPT = 10_000
_SCHEDULED = regex(r"_\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d((?:_\d+)?_Attempt=\d+)\Z", re.ASCII)
"""The time in an attempt's id, `@Activity_2026-11-21T00:00:00_Attempt=1`."""


@dataclass(slots=True)
class Of:
    """What was counted of one task: calls, and tries of them. `number` is the latest call's among all."""

    calls: int = 0
    tries: int = 0
    number: int = 0


class Counts:
    """Counts calls. An SDK's further tries of one call are the same call, but tries of their own."""

    def __init__(self) -> None:
        self.calls = 0
        self._of: OrderedDict[str, Of] = OrderedDict()

    def count(self, key: str, *, retried: bool) -> Of:
        """Count a call of a task, or a further try of its latest; return the task's counts."""
        of = self._of.get(key)
        if of is None:
            of = self._of[key] = Of()
            _bound(self._of)
        of.tries += 1
        if not (retried and of.calls):
            of.calls += 1
            self.calls += 1
            of.number = self.calls
        return of


class Met:
    """What a rule has met: in all, now on their way, and of each task."""

    def __init__(self) -> None:
        self.total = self.active = 0
        self._of: OrderedDict[str, int] = OrderedDict()

    def add(self, key: str) -> None:
        """Take note of a call that the rule meets."""
        self.total += 1
        self.active += 1
        self._of[key] = self.of(key) + 1
        _bound(self._of)

    def of(self, key: str) -> int:
        """Return how many calls of a task the rule has met."""
        return self._of.get(key, 0)


class Keys:
    """Names tasks so that the same runs give the same names, in whatever order tasks are handed out.

    That is by the attempt without the time for which it was scheduled, which is another in every run, and
    with a number where one of that name was handed out before; else by the alias. Calls of no task go by
    their runner.
    """

    def __init__(self) -> None:
        self._of: OrderedDict[str, str] = OrderedDict()
        self._attempts: OrderedDict[str, int] = OrderedDict()

    def of(self, asked: Asked) -> str:
        """Return the name of a call's task, or of its runner."""
        if asked.task is None:
            return f"runner {asked.runner or ''}"
        if asked.task not in self._of:
            self._of[asked.task] = self._named(asked.attempt) if asked.attempt else asked.task
            _bound(self._of)
        return self._of[asked.task]

    def _named(self, attempt: str) -> str:
        name = _SCHEDULED.sub(r"\1", attempt)
        number = self._attempts[name] = self._attempts.get(name, 0) + 1
        _bound(self._attempts)
        return f"{name} {number}"


def _bound(table: OrderedDict[str, Any]) -> None:
    """Forget the task that was heard of first, where there are too many."""
    if len(table) > _KEPT:
        table.popitem(last=False)
