"""A session that keeps nothing: faults and an audit over a service of our own."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from holter.cassette.redaction import Redactor
from holter.clock import Clock
from holter.faults.log import armed
from holter.faults.plans import SEED_BITS, Plans
from holter.lease.audit import Audit
from holter.lease.profile import Profile
from holter.receivers import Listener, NoTape
from holter.session import Session
from holter.wire.message import Interaction, Mark


class Trial:
    """Calls to a service that obeys a plan's orders, with the session and the audit that go with them.

    `profile` is scaled already.
    """

    def __init__(self, plans: Plans, profile: Profile, listener: Listener) -> None:
        self.path = "sandbox"
        self.plans = plans.seeded(secrets.randbits(SEED_BITS))
        self.clock, self.audit = Clock(), Audit(profile)
        self.session = Session(
            audit=self.audit,
            redactor=Redactor(),
            tape=NoTape(),
            plan=self.plans.plan(obeyed=True),
            listener=listener,
        )
        start = self.clock.now()
        at, mono = round(start.wall, 6), round(start.mono, 6)
        self.session.mark(Mark("started", at, mono))
        if self.plans.rules:
            self.session.mark(Mark("fault", at, mono, armed(self.plans)))

    @property
    def recording(self) -> str | None:
        """The recording's own name: there is none."""
        return None

    @property
    def lost(self) -> int:
        """How many entries could not be kept: none were to be."""
        return 0

    def before(self) -> Iterator[Interaction | Mark]:
        """Yield what a recording held before: there is none."""
        return iter(())

    def call(self, seq: int) -> Interaction | None:
        """Return a call that was kept: none was."""
        del seq
        return None

    def close(self) -> None:
        """End the session."""
        self.session.close(self.clock.now())
