"""Who answers calls that no fault answers."""

from __future__ import annotations

from typing import Protocol

from holter.wire.decision import Decision, Forward
from holter.wire.message import Call, Interaction


class Player(Protocol):
    """Who answers calls that no fault answers."""

    def decide(self, call: Call, asked: Interaction) -> Decision:
        """Decide about a call; `asked` is the same redacted."""

    def refuses(self) -> str | None:
        """Return the rule that turns a new connection away, if one does."""


class Live:
    """Leaves every call to the service."""

    def decide(self, call: Call, asked: Interaction) -> Decision:
        """Pass it on."""
        return Forward()

    def refuses(self) -> str | None:
        """Turn nobody away."""
        return None
