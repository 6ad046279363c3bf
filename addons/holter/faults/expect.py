"""What a runner must do after a fault, as a plan spells it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from holter.wire.value import value

if TYPE_CHECKING:
    from holter.faults.node import Node

EXPECTATIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "stops_within": ("SECONDS", "the last call for the task is at most so long after the fault"),
        "no_status": ("true", "no `SetTaskStatus` for the task follows"),
        "polls_again": ("true, or SECONDS", "the runner polls again, within that time if one is given"),
        "retries_with_growing_pauses": (
            "true",
            "the operation is tried again, and each pause is longer than the one before",
        ),
        "sends": ("FINISHED, FAILED or FALSE", "the task's `SetTaskStatus` has this status"),
        "retries_within": ("SECONDS", "the operation is tried again for the task, within this time"),
    }
)
"""Every reaction that can be expected: its value, and what it means."""


@value
class Expectation:
    """One reaction that a rule expects; seconds are scaled already."""

    rule: str
    name: str
    value: float | str | bool


def _seconds(node: Node) -> float:
    return node.seconds(above=True)


def _seconds_or_yes(node: Node) -> float | bool:
    return node.yes() if isinstance(node.value, bool) else _seconds(node)


_READ: Mapping[str, Callable[[Node], float | str | bool]] = {
    "stops_within": _seconds,
    "no_status": lambda node: node.yes(),
    "polls_again": _seconds_or_yes,
    "retries_with_growing_pauses": lambda node: node.yes(),
    "sends": lambda node: node.word(("FINISHED", "FAILED", "FALSE"), "status"),
    "retries_within": _seconds,
}


def read(node: Node, rule: str) -> Expectation:
    """Read one item of `expect`."""
    members = node.mapping(EXPECTATIONS, "expectation")
    if len(members) != 1:
        raise node.wrong(f"must hold one expectation, not {len(members)}")
    ((name, value),) = members.items()
    return Expectation(rule, name, _READ[name](value))
