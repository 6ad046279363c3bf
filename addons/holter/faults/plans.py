"""What was asked to go wrong: rules as they were spelled, and their seed. A run without any needs no more."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from holter.wire.value import value

if TYPE_CHECKING:
    from holter.faults.expect import Expectation
    from holter.faults.fault import Need
    from holter.faults.node import Node
    from holter.faults.plan import Plan
    from holter.faults.rule import Rule

SEED_BITS = 32
"""How long a seed is that nobody gave: short enough to be typed again."""


class Mode(enum.StrEnum):
    """Where a plan is carried out."""

    PROXY = "the proxy in front of a live service"
    SANDBOX = "the sandbox"
    REPLAY = "replay"
    IN_PROCESS = "a client's own process"


@value
class Spelled:
    """A rule as it stands in a plan, with where it stands and what it cannot do without."""

    rule: Rule
    node: Node
    needs: Mapping[str, frozenset[Need]]
    expect: tuple[Expectation, ...] = ()


@value
class Plans:
    """What was asked to go wrong, from a file or a command line; seed None where none was given."""

    rules: tuple[Spelled, ...] = ()
    seed: int | str | None = None

    def seeded(self, seed: int | str) -> Plans:
        """Return the same with a seed, where none was given."""
        return self if self.seed is not None else replace(self, seed=seed)

    @property
    def expectations(self) -> tuple[Expectation, ...]:
        """What is expected of runners, of all rules."""
        return tuple(one for rule in self.rules for one in rule.expect)

    def plan(self, *, obeyed: bool = False) -> Plan:
        """Return a plan of these rules in which nothing has happened yet; `obeyed` by the service, or not."""
        from holter.faults.plan import Plan

        return Plan([one.rule for one in self.rules], 0 if self.seed is None else self.seed, obeyed=obeyed)
