"""Who receives what a session takes in: a tape that keeps it, and a listener who is told."""

from __future__ import annotations

from typing import Protocol

from holter.lease.countdown import Ebb
from holter.lease.finding import Finding
from holter.wire.message import Interaction, Mark


class Tape(Protocol):
    """Where interactions are kept. It never raises into the runner's traffic: it counts what it lost."""

    @property
    def lost(self) -> int:
        """How many entries could not be kept."""

    def interaction(self, interaction: Interaction) -> bool:
        """Keep an interaction; false when it was lost."""

    def mark(self, mark: Mark) -> bool:
        """Keep a mark; false when it was lost."""


class NoTape:
    """Keeps nothing, and so loses nothing: what comes by is on a tape already, or is not wanted on one."""

    lost = 0

    def interaction(self, interaction: Interaction) -> bool:
        """Let it go."""
        del interaction
        return True

    def mark(self, mark: Mark) -> bool:
        """Let it go."""
        del mark
        return True


class Listener(Protocol):
    """Who is told of everything at the moment when it happens."""

    def called(self, interaction: Interaction, age: float | None) -> None:
        """A call ended; `age` is the lease's when it was asked, in seconds since the last renewal."""

    def found(self, finding: Finding) -> None:
        """A rule was broken: a finding opened at its deadline, or closed; or an open one is withdrawn."""

    def ebbing(self, ebb: Ebb) -> None:
        """A lease has been used up to a certain share, and no beat has come."""

    def trouble(self, text: str) -> None:
        """Something of ours went wrong."""
