"""A run as JSON lines on stdout, one object an event, for programs; the lines for people go to stderr."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from holter import __version__
from holter.board.opened import opened
from holter.faults.plans import Mode
from holter.keeper import Keeper
from holter.lease.audit import Audit
from holter.lease.countdown import Ebb
from holter.lease.finding import Finding
from holter.report import json as report
from holter.report.lines import Lines
from holter.report.words import iso
from holter.wire.message import Interaction, Json

VERSION = 1
"""Of the lines: keys may be added to it, none is taken away or renamed."""


class Events(Lines):
    """Tells a run event by event on stdout, and by `tell` in the plain lines too."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__(tell)
        self.listener = self
        self.tell = self.linked = tell
        self._heard = True

    def called(self, interaction: Interaction, age: float | None) -> None:
        """Tell of a call when it ends; `age` is the lease's in seconds when it was asked."""
        super().called(interaction, age)
        self._event("call", **opened(interaction, checks=False), age=None if age is None else round(age, 6))

    def found(self, finding: Finding) -> None:
        """Tell of a finding, when its deadline passes and again when its gap has ended, however."""
        super().found(finding)
        self._event("finding", finding=report.finding(finding, {}))

    def ebbing(self, ebb: Ebb) -> None:
        """Tell that a lease goes down, before its deadline passes."""
        super().ebbing(ebb)
        self._event("ebb", at=iso(ebb.at), task=ebb.task, share=ebb.share, left=round(ebb.left, 6))

    def trouble(self, text: str) -> None:
        """Tell what went wrong with Holter itself."""
        super().trouble(text)
        self._event("trouble", text=text)

    @asynccontextmanager
    async def shown(
        self, keeper: Keeper, mode: Mode, title: str, start: Sequence[str]
    ) -> AsyncIterator[None]:
        """Tell that the run has started, and how a runner is led to it."""
        self._event(
            "started",
            version=VERSION,
            at=iso(keeper.clock.now().wall),
            by=f"holter {__version__}",
            recording=keeper.recording,
            doing=title,
            mode=mode.name.lower(),
            profile=keeper.audit.profile.as_json(),
            seed=keeper.plans.seed,
            start=[*start],
        )
        yield

    def ended(self, audit: Audit, lost: int, code: int) -> None:
        """Tell that the run has ended, and how: the summary of the JSON report, and the exit code."""
        summary = report.value(audit, lost=lost)["summary"]
        self._event("stopped", at=iso(audit.timeline.wall(audit.timeline.seen)), summary=summary, code=code)

    def _event(self, name: str, **more: Json) -> None:
        """Write one line at once; where nobody reads any more, say so once and stop."""
        if not self._heard:
            return
        try:
            sys.stdout.write(json.dumps({"event": name, **more}, separators=(",", ":")) + "\n")
            sys.stdout.flush()
        except OSError as why:
            self._heard = False
            # what is left in the buffer would be tried again at the very end
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stdout.fileno())
            os.close(nowhere)
            self.tell(f"holter: --json-lines: stdout takes no more ({why.strerror}): the run goes on without")
