"""What may be asked of a run that goes on: a recorder, a replayer or a trial, whichever it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from holter.clock import Clock
from holter.faults.plans import Plans
from holter.lease.audit import Audit
from holter.session import Session
from holter.wire.message import Interaction, Mark


class Keeper(Protocol):
    """A session with its clock, its audit and the faults that were asked for."""

    session: Session
    clock: Clock
    audit: Audit
    plans: Plans
    path: str

    @property
    def recording(self) -> str | None:
        """The recording's own name."""

    def before(self) -> Iterator[Interaction | Mark]:
        """Yield what a recording that is gone on with held before."""

    def call(self, seq: int) -> Interaction | None:
        """Return a call that was kept; it may be read from a file."""

    @property
    def lost(self) -> int:
        """How many entries could not be kept."""
