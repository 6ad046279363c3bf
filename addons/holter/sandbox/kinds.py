"""What an object's type makes of it: work for a runner, a check before work, or neither."""

from __future__ import annotations

import enum

from holter.sandbox.component import Component


class Kind(enum.Enum):
    """The kinds of objects that the sandbox runs; everything else only describes."""

    ACTIVITY = "activity"
    PRECONDITION = "precondition"
    OTHER = "other"


HERE = frozenset({"Exists", "ShellCommandPrecondition"})
"""Preconditions that a runner checks (developer guide, "Preconditions": user-managed preconditions)."""

_SERVICE = frozenset({"DynamoDBDataExists", "DynamoDBTableExists", "S3KeyExists", "S3PrefixNotEmpty"})


def kind(component: Component) -> Kind:
    """Return what a component is, by its type."""
    name = component.text("type") or ""
    if name in HERE or name in _SERVICE:
        return Kind.PRECONDITION
    return Kind.ACTIVITY if name.endswith("Activity") else Kind.OTHER
