"""How a run is shown: as plain lines, as a live board on the terminal, or as JSON lines for programs."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from holter.cli import colour
from holter.errors import UsageError
from holter.report.lines import Findings, Lines

if TYPE_CHECKING:
    from holter.faults.plans import Mode
    from holter.keeper import Keeper
    from holter.lease.audit import Audit
    from holter.receivers import Listener

_DUMB = ("", "dumb", "unknown")
"""What TERM says where nothing can be moved about."""


class View(Protocol):
    """Who is told of a run, in whatever way."""

    @property
    def listener(self) -> Listener:
        """Who is told of calls and findings."""

    def tell(self, line: str) -> None:
        """Take a line for people."""

    def linked(self, line: str) -> None:
        """Take the line for people that says where the page is."""

    def shown(
        self, keeper: Keeper, mode: Mode, title: str, start: Sequence[str]
    ) -> AbstractAsyncContextManager[None]:
        """Show the run while it waits for a runner that is started elsewhere."""

    def ended(self, audit: Audit, lost: int, code: int) -> None:
        """Take in how the run ended."""


class Plain:
    """Plain lines, one a call; with a listener of its own, what that tells."""

    def __init__(self, tell: Callable[[str], None], listener: Listener | None = None) -> None:
        self.tell = self.linked = tell
        self.listener = listener or Lines(tell)

    def shown(
        self, keeper: Keeper, mode: Mode, title: str, start: Sequence[str]
    ) -> AbstractAsyncContextManager[None]:
        """Show nothing more: the lines come as things happen."""
        del keeper, mode, title, start
        return nullcontext()

    def ended(self, audit: Audit, lost: int, code: int) -> None:
        """Tell nothing more: the report has it."""


def chosen(settings: dict[str, Any], plain: Plain, *, taken: str | None = None) -> View:
    """Return the view that is asked for, `plain` where no other will do.

    `taken` says whose stdout is where it is not ours: then it has neither a board nor JSON lines.
    `UsageError` where that is not what is asked for.
    """
    if settings["json_lines"]:
        if taken:
            raise UsageError(f"--json-lines: stdout is {taken}")
        from holter.cli.events import Events

        return Events(partial(colour.tell, err=True))
    if taken or settings["plain"] or settings.get("quiet") or not movable():
        return plain
    from holter.screen.live import Live  # rich is for those who see it

    return Live(plain.tell)


def around(settings: dict[str, Any], command: Sequence[str]) -> View:
    """Return the view of a run around a command, or of one without any."""
    tell = partial(colour.tell, err=bool(command))
    plain = Plain(tell, Findings(tell) if settings.get("quiet") else None)
    theirs = "the command's own: start it elsewhere, and not behind --"
    return chosen(settings, plain, taken=theirs if command else None)


def movable() -> bool:
    """Tell whether stdout is a terminal on which a board can be drawn."""
    return sys.stdout.isatty() and os.environ.get("TERM", "") not in _DUMB
