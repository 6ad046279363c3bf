"""Commands for mitmproxy's prompt, and for whoever else may call its commands: `holter.audit` and its kin.

mitmproxy wants them synchronous, and shows what they raise on one line.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from mitmproxy import command, exceptions
from mitmproxy.log import ALERT

from holter.errors import HolterError, UsageError
from holter.faultdesk import FaultDesk
from holter.faults.plans import Mode
from holter.faults.roster import Row
from holter.mitm import engine
from holter.mitm.addon import Proxy
from holter.mitm.logged import log
from holter.recorder import Recorder
from holter.replayer import Replayer
from holter.report import text
from holter.report.held import stands
from holter.report.words import clock, counted
from holter.wire.message import Mark

_LONGEST_NOTE = 1000
_F = TypeVar("_F", bound=Callable[..., object])


def _command(name: str) -> Callable[[_F], _F]:
    """Make a method a command; what is wrong with it is told on one line."""

    def decorate(deed: _F) -> _F:
        @functools.wraps(deed)
        def run(*arguments: object) -> object:
            try:
                return deed(*arguments)
            except HolterError as wrong:
                said = str(wrong).replace("--fault ", f"{name} ", 1)
                raise exceptions.CommandError(f"holter: {said}") from None

        made: _F = command.command(name)(run)
        return made

    return decorate


class Commands:
    """What can be asked of a run while it goes on."""

    name = "holter-commands"

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy
        self._desk: FaultDesk | None = None

    @_command("holter.audit")
    def audit(self) -> Sequence[str]:
        """Report on the run as it stands: the leases that are held, and what was found up to now."""
        keeper = self._keeper()
        at = keeper.session.watched(keeper.clock.now())
        unseen = (
            f" (as of {clock(keeper.audit.timeline.wall(at))}, unseen since)" if keeper.session.paused else ""
        )
        held = [f"{lease.task} {stands(lease, at)}{unseen}" for lease in keeper.audit.open_leases]
        lines = [*held, *text.render(keeper.audit, title=keeper.path).splitlines()]
        if engine.tool() != "mitmproxy":  # the console shows what a command returns
            for line in lines:
                log.info("%s", line)
        return lines

    @_command("holter.faults")
    def faults(self) -> Sequence[str]:
        """List the faults: how each stands, how many calls it has met, its name."""
        return list(_lines(self._faults().rows())) or ["no faults"]

    @_command("holter.arm")
    def arm(self, *fault: str) -> None:
        """Arm a fault: one that is new in short form, or one of the list by its name."""
        desk, name = self._faults(), " ".join(fault)
        known = name in [row.name for row in desk.rows()]
        self._tell("armed", desk.arm(name) if known else desk.add_short(name))

    @_command("holter.disarm")
    def disarm(self, *fault: str) -> None:
        """Take a fault out; what goes on because of it goes on."""
        self._tell("disarmed", self._faults().disarm(" ".join(fault)))

    @_command("holter.fire")
    def fire(self, *fault: str) -> None:
        """Let a fault meet the next call that it is about, whatever its numbers and chances say."""
        self._tell("fired", self._faults().fire(" ".join(fault)))

    @_command("holter.mark")
    def mark(self, *note: str) -> None:
        """Write a note into the recording."""
        keeper, said = self._keeper(), " ".join(note)
        if not 0 < len(said) <= _LONGEST_NOTE:
            raise UsageError(f"a note needs 1 to {_LONGEST_NOTE} characters")
        now = keeper.clock.now()
        keeper.session.mark(Mark("note", round(now.wall, 6), round(now.mono, 6), {"text": said}))
        log.log(ALERT, "holter: marked")

    @_command("holter.pause")
    def pause(self) -> None:
        """Let calls pass unseen for a while: they are neither kept nor judged."""
        keeper = self._keeper()
        if not keeper.row.live:
            raise UsageError("a replay has no service to which calls could be passed on meanwhile")
        keeper.session.pause(keeper.clock.now())
        log.log(ALERT, "holter: paused")

    @_command("holter.resume")
    def resume(self) -> None:
        """Go on recording."""
        keeper = self._keeper()
        keeper.session.resume(keeper.clock.now())
        log.log(ALERT, "holter: goes on")

    def _keeper(self) -> Recorder | Replayer:
        if self._proxy.recorder is None:
            raise UsageError(
                "nothing is recorded or replayed: start with --set holter_record=FILE or holter_replay=FILE"
            )
        return self._proxy.recorder

    def _faults(self) -> FaultDesk:
        keeper = self._keeper()
        if self._desk is None:
            self._desk = FaultDesk(keeper, Mode.PROXY if keeper.row.live else Mode.REPLAY)
        return self._desk

    def _tell(self, did: str, row: Row) -> None:
        log.log(ALERT, "holter: %s %s", did, row.name)


def _lines(rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        left = f", {row.left:.1f} s left" if row.left is not None else ""
        yield f"{row.state}, met {counted(row.met, 'call')}{left}: {row.name}"
