"""Faults that go on once they have begun: a lost lease stays lost, a service that is down stays down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from holter.faults.asked import Asked
from holter.faults.fault import Lasting, Scope, Step
from holter.faults.rule import Rule


@dataclass(slots=True, eq=False)
class Standing:
    """A fault that goes on: since which call, until when, and for how many more calls."""

    rule: Rule
    step: Step
    lasting: Lasting
    cause: Asked
    left: float

    @property
    def until(self) -> float:
        """When it ends, in seconds since the start."""
        return self.cause.at + self.lasting.seconds

    def meets(self, asked: Asked) -> bool:
        """Tell whether it is about a call of its scope."""
        if self.left <= 0 or asked.at >= self.until:
            return False
        return not self.lasting.ops or asked.call.op in self.lasting.ops


class StandingFaults:
    """All that go on, by what they are about."""

    def __init__(self) -> None:
        self._of: dict[tuple[str, ...], list[Standing]] = {}

    def __bool__(self) -> bool:
        return bool(self._of)

    def begin(self, rule: Rule, step: Step, cause: Asked, key: str, *, done: int) -> None:
        """Let a fault go on after its first call, `done` times of it being over."""
        lasting = step.lasting
        if lasting is not None and lasting.times > done:
            standing = Standing(rule, step, lasting, cause, lasting.times - done)
            self._of.setdefault(_about(lasting.scope, cause, key), []).append(standing)

    def of(self, asked: Asked, key: str) -> Iterator[Standing]:
        """Yield those that meet a call, the oldest first of each scope; those that are over are dropped."""
        for scope in Scope:
            about = _about(scope, asked, key)
            if about in self._of:
                self._prune(about, asked.at)
                yield from [standing for standing in self._of.get(about, ()) if standing.meets(asked)]

    def refusing(self, at: float) -> str | None:
        """Return the rule that turns new connections away at a moment, in seconds since the start."""
        for standing in self._of.get((Scope.ALL,), ()):
            if standing.lasting.connections and standing.cause.at <= at < standing.until:
                return standing.rule.name
        return None

    def _prune(self, about: tuple[str, ...], at: float) -> None:
        left = [one for one in self._of[about] if one.left > 0 and at < one.until]
        if left:
            self._of[about] = left
        else:
            del self._of[about]


def _about(scope: Scope, asked: Asked, key: str) -> tuple[str, ...]:
    if scope is Scope.TASK:
        return (scope, asked.task or key)
    if scope is Scope.PIPELINE:
        return (scope, asked.pipeline or asked.task or key)
    return (scope, asked.call.op, key) if scope is Scope.SAME else (scope,)
