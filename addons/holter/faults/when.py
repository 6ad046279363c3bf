"""Which calls a rule is about, and how many of them it meets."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

from holter.faults.asked import Asked
from holter.faults.predicate import Test

Selector: TypeAlias = Callable[[Asked], bool]

PATTERNS: Mapping[str, Callable[[Asked], str | None]] = MappingProxyType(
    {
        "task": lambda asked: asked.task,
        "attempt": lambda asked: asked.attempt,
        "runner": lambda asked: asked.runner,
        "worker_group": lambda asked: asked.queue,
        "activity": lambda asked: asked.activity,
    }
)
"""The conditions that are patterns, and what of a call each is held against."""


@dataclass(frozen=True, slots=True)
class When:
    """The conditions of a rule; what is left out does not matter. `CONDITIONS` says what each means."""

    ops: tuple[str, ...] = ()
    patterns: Mapping[str, str] = field(default_factory=dict)
    request: tuple[Test, ...] = ()
    answer: tuple[Test, ...] = ()
    nth: int | None = None
    nth_of_task: int | None = None
    every: int | None = None
    first: int | None = None
    per_task: bool = False
    lease_age: float | None = None
    window: tuple[float, float] = (0.0, float("inf"))
    probability: float = 1.0
    at_most: int | None = None
    at_most_at_once: int | None = None
    after: str | None = None

    def selectors(self) -> tuple[Selector, ...]:
        """Return what decides whether a call is one of those that the rule counts; cheap ones first."""
        return tuple(self._selectors())

    def _selectors(self) -> Iterator[Selector]:
        for name, pattern in self.patterns.items():
            yield _pattern(PATTERNS[name], pattern)
        for test in self.request:
            yield _request(test)

    def numbered(self, number: int) -> bool:
        """Tell whether a call is meant by its number, from 1."""
        if self.nth not in (None, number) or (self.every and number % self.every):
            return False
        return self.first is None or number <= self.first

    def timely(self, asked: Asked) -> bool:
        """Tell whether a call comes at the right time."""
        if not self.window[0] <= asked.at < self.window[1]:
            return False
        return self.lease_age is None or (asked.age is not None and asked.age >= self.lease_age)


def _pattern(of: Callable[[Asked], str | None], pattern: str) -> Selector:
    if not set(pattern) & set("*?["):
        return lambda asked: of(asked) == pattern
    match = re.compile(fnmatch.translate(pattern)).match
    return lambda asked: match(of(asked) or "") is not None


def _request(test: Test) -> Selector:
    return lambda asked: test.holds(asked.call.body)


CONDITIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "op": ("OPERATION, or a list", "the operation; may be left out where the fault is for one alone"),
        "task": ("PATTERN", "the task's alias in the recording, such as `task-1`"),
        "attempt": ("PATTERN", "the attempt's id, such as `@Copy_*_Attempt=1`"),
        "runner": ("PATTERN", "the runner's name, as reports tell it"),
        "worker_group": ("PATTERN", "the worker group that the call names, or that its task was polled from"),
        "activity": ("PATTERN", "the type of the task's activity, such as `ShellCommandActivity`"),
        "request": ("{PATH: VALUE}", "what the request says"),
        "answer": ("{PATH: VALUE}", "what the service answers; the fault then comes after the service"),
        "nth": ("N", "only the Nth of these calls"),
        "nth_of_task": ("N", "only the Nth of these calls of each task"),
        "every": ("N", "every Nth of these calls"),
        "first": ("N", "only the first N of these calls"),
        "per": ("task", "`nth`, `every`, `first`, `at_most` and `after` hold for each task by itself"),
        "lease_age": ("SECONDS", "once the task's lease has not been renewed for this long"),
        "window": ("[FROM, TO]", "only between these seconds since the start"),
        "probability": ("P", "with this probability, drawn for each try"),
        "at_most": ("N", "at most N times"),
        "at_most_at_once": ("N", "at most for N calls on their way at the same time"),
        "after": ("RULE", "only after that other rule has met a call"),
    }
)
"""Every condition as a plan spells it: its value, and what it means."""
