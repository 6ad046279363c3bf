"""The board of a run on this terminal, from its start to its end."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from holter.faults.plans import Mode
from holter.keeper import Keeper
from holter.lease.audit import Audit
from holter.report.words import flat
from holter.screen.controls import Controls
from holter.screen.news import News
from holter.screen.show import Show
from holter.screen.terminal import Terminal

_KEPT = 200
"""Lines that are kept while the board is there, to be printed after it."""


class Live:
    """Has a listener of the run, and takes its lines: `out` prints those that come without the board."""

    def __init__(self, out: Callable[[str], None]) -> None:
        self.listener = News(self.tell)
        self._out = out
        self._told: deque[str] = deque(maxlen=_KEPT)
        self._there = False
        self._link: tuple[str, ...] = ()

    def linked(self, line: str) -> None:
        """Print the line that says where the page is, and keep it: the board covers what was printed."""
        self._out(line)
        self._link = ("", *line.rsplit(" ", 1))

    def tell(self, line: str) -> None:
        """Print a line, or show it on the board and print it after that."""
        if self._there:
            self._told.append(flat(line))
        else:
            self._out(line)

    @asynccontextmanager
    async def shown(
        self, keeper: Keeper, mode: Mode, title: str, start: Sequence[str]
    ) -> AsyncIterator[None]:
        """Show the board while the block runs.

        `title` says what the run does, `start` are the lines that say how to start the runner; the link to
        the page, if there is one, comes after them.
        """
        sys.stdout.flush()
        terminal = Terminal(sys.stdout.fileno(), sys.stdin.fileno() if sys.stdin.isatty() else None)
        controls = Controls(keeper, mode, lambda: signal.raise_signal(signal.SIGINT))
        lines = (*start, *self._link)
        show = Show(terminal, keeper, self.listener, controls, title=title, start=lines, troubles=self._told)
        self._there = True
        try:
            with show:
                drawing = asyncio.create_task(show.run())
                drawing.add_done_callback(lambda ended: self._failed(ended, show))
                try:
                    yield
                finally:
                    drawing.cancel()
        finally:
            self._there = False
            while self._told:
                self._out(self._told.popleft())

    def ended(self, audit: Audit, lost: int, code: int) -> None:
        """Tell nothing more: the report has it."""

    def _failed(self, drawing: asyncio.Task[None], show: Show) -> None:
        """Tell that the board has failed, if it has: the run goes on without it."""
        if not drawing.cancelled() and (why := drawing.exception()):
            show.hide()
            self._there = False
            self.tell(f"holter: the board cannot be drawn: {type(why).__name__}: {why}; the run goes on")
