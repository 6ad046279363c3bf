"""When a fault applies, and which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from holter.wire.decision import Decision
from holter.wire.message import Call


class Fault(Protocol):
    """Something that goes wrong: it decides about a call in the service's place."""

    def before(self, call: Call, rule: str) -> Decision:
        """Decide about a call that the named rule applies to."""


@dataclass(frozen=True, slots=True)
class When:
    """Which calls a rule applies to: those of an operation, or only the Nth of them of each task."""

    op: str
    nth_of_task: int | None = None

    def applies(self, op: str, nth: int | None) -> bool:
        """Tell whether a call is meant; `nth` counts the task's calls of this operation from 1."""
        return op == self.op and self.nth_of_task in (None, nth)


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a plan."""

    name: str
    when: When
    fault: Fault
