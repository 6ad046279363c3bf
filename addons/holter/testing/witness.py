"""What a test knows of the calls made in it, and what it may claim about them."""

from __future__ import annotations

from collections.abc import Sequence

from holter.faultdesk import FaultDesk
from holter.faults.plans import Mode
from holter.faults.reactions import Missed
from holter.lease.finding import Finding
from holter.lease.machine import Lease
from holter.replay.miss import Miss
from holter.replay.take import Take
from holter.replayer import Replayer
from holter.testing import claims
from holter.testing.arming import Arming, Way
from holter.testing.notebook import Notebook
from holter.wire.message import Interaction

_SHOWN = 5
"""Unplayed answers that are named; the rest are counted."""


class Witness(Arming):
    """What the fixture `holter` gives.

    Tasks are called as in the cassette (`task-1`). Seconds are the production's: the run's scale is applied
    to them here.
    """

    def __init__(self, replayer: Replayer, notebook: Notebook, way: Way) -> None:
        super().__init__(FaultDesk(replayer, Mode.PROXY if replayer.row.live else Mode.REPLAY), way)
        self._replayer, self._notebook = replayer, notebook

    @property
    def scale(self) -> float:
        """What every time limit of this run was multiplied by."""
        return self._replayer.audit.profile.scale

    @property
    def path(self) -> str:
        """The cassette."""
        return self._replayer.path

    @property
    def calls(self) -> list[Interaction]:
        """The calls that have ended, secrets masked, in the order in which they were asked."""
        return self._way.call(lambda: self._notebook.calls)

    @property
    def leases(self) -> list[Lease]:
        """The leases that the audit has followed."""
        return self._way.call(lambda: list(self._replayer.audit.leases))

    @property
    def findings(self) -> list[Finding]:
        """What the audit has found until now."""
        self._tick()
        return self._way.call(lambda: self._notebook.findings(self._replayer.audit.findings))

    @property
    def unplayed(self) -> list[Take]:
        """The recorded answers that no call has got."""
        player = self._replayer.player
        return self._way.call(lambda: list(player.unplayed) if player.row.plays else [])

    @property
    def misses(self) -> list[Miss]:
        """The calls that had no recorded answer."""
        return self._way.call(lambda: list(self._replayer.player.misses))

    @property
    def log(self) -> str:
        """The run as `holter replay` would have told it."""
        return self._way.call(lambda: self._notebook.log)

    @property
    def unmet(self) -> list[Missed]:
        """What the plan of faults expects of the runner and did not happen until now."""
        return self._way.call(self._replayer.session.reactions.close)

    @property
    def seed(self) -> int | str | None:
        """What faults are drawn by; None where there are none."""
        return self._replayer.plans.seed if self.faults else None

    def pass_time(self, seconds: float) -> None:
        """Let seconds pass for Holter, without waiting: for a runner that is handed its own `sleep`."""
        self._tick()
        self._way.call(lambda: self._replayer.clock.skip(seconds * self.scale))
        self._tick()

    def _tick(self) -> None:
        session, clock = self._replayer.session, self._replayer.clock
        self._way.call(lambda: session.tick(clock.now()))

    def assert_called(self, op: str, *, times: int | None = None, task: str | None = None) -> None:
        """Claim that an operation was called, so many times; an SDK's tries of one call count once."""
        __tracebackhide__ = True
        _claim(claims.called(self.calls, op, times, task))

    def assert_order(self, ops: Sequence[str], *, task: str | None = None) -> None:
        """Claim that operations were called in this order; others may have been called between them."""
        __tracebackhide__ = True
        _claim(claims.in_order(self.calls, ops, task))

    def assert_acked_within(self, seconds: float, task: str | None = None) -> None:
        """Claim that every task handed out, or that one, was acknowledged within so many seconds."""
        __tracebackhide__ = True
        _claim(claims.acked(self.leases, seconds, self.scale, task))

    def assert_stopped_after_cancel(
        self, within: float = 60.0, *, beats: int | None = None, task: str | None = None
    ) -> None:
        """Claim that a task was cancelled and that its beats ended within so many seconds.

        `beats` is how many more there may be at most: a claim that needs no time to pass.
        """
        __tracebackhide__ = True
        _claim(claims.stopped(self.calls, within, self.scale, beats=beats, task=task))

    def assert_no_findings(self, severity: str = "error") -> None:
        """Claim that the audit has found nothing certain of this severity or a worse one."""
        __tracebackhide__ = True
        _claim(claims.nothing_found(self.findings, severity))


def _claim(wrong: str | None) -> None:
    __tracebackhide__ = True
    if wrong:
        raise AssertionError(wrong)


def unplayed(takes: Sequence[Take]) -> list[str]:
    """Return a line for each recorded answer that no call has got, as far as they are named."""
    lines = [f"{take.place}: {take.op} was never asked for" for take in takes[:_SHOWN]]
    return lines + ([f"and {len(takes) - _SHOWN} more were never asked for"] if len(takes) > _SHOWN else [])
