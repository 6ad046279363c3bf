"""Draws the board on a terminal again and again, and heeds its keys and signals, within the event loop."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Sequence
from typing import Self

from rich.console import Console

from holter.keeper import Keeper
from holter.screen.controls import Controls
from holter.screen.draw import Aside, frame, room
from holter.screen.keys import Keyboard
from holter.screen.model import board
from holter.screen.news import News
from holter.screen.paint import Painter
from holter.screen.terminal import Terminal

EVERY = 0.25
"""Seconds between two drawings, at least."""

SHARE = 0.02
"""Share of the time that drawing may take: where it takes longer, it is done less often."""

_REPAINT = 10.0
"""Seconds after which all is drawn anew, over whatever others have written there."""

_READ = 4096


def pause(took: float) -> float:
    """Return for how many seconds not to draw after a drawing that took so many."""
    return max(EVERY, took / SHARE)


class Show:
    """The board while it is there; `start` says how to start the runner, `troubles` what went wrong."""

    def __init__(
        self,
        terminal: Terminal,
        keeper: Keeper,
        news: News,
        controls: Controls,
        *,
        title: str,
        start: Sequence[str],
        troubles: Sequence[str],
    ) -> None:
        self._terminal, self._keeper, self._news, self._controls = terminal, keeper, news, controls
        self._title, self._start, self._troubles = title, start, troubles
        self._keyboard = Keyboard()
        self._painter = Painter(Console(force_terminal=True), sys.stdout.encoding)
        self._painted = 0.0
        self._listens = False

    def __enter__(self) -> Self:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTSTP, self._stopped)
        loop.add_signal_handler(signal.SIGCONT, self._continued)
        loop.add_signal_handler(signal.SIGQUIT, self._killed)
        return self

    def __exit__(self, *_: object) -> None:
        for number in (signal.SIGTSTP, signal.SIGCONT, signal.SIGQUIT):
            asyncio.get_running_loop().remove_signal_handler(number)
        self.hide()
        self._terminal.close()

    async def run(self) -> None:
        """Draw for as long as this is not cancelled."""
        while True:
            begun = time.perf_counter()
            self.draw()
            await asyncio.sleep(pause(time.perf_counter() - begun))

    def draw(self) -> None:
        """Draw once, if the terminal is ours and has taken what was drawn before."""
        if not self._terminal.ours:
            self.hide()
        elif not self._terminal.busy:
            self._take()
            self._terminal.write(self._frame())

    def _frame(self) -> str:
        now = self._keeper.clock.now()
        if now.mono - self._painted > _REPAINT:
            self._painter.forget()
            self._painted = now.mono
        width, height = self._terminal.size
        leases, findings = room(height)
        seen = board(self._keeper, self._news, now, leases=leases, findings=findings)
        return self._painter.painted(frame(seen, self._aside(), width, height), (width, height))

    def _aside(self) -> Aside:
        controls = self._controls
        entry = controls.entry
        return Aside(
            title=self._title,
            start=self._start,
            keys=self._terminal.keys is not None,
            help=controls.help,
            prompt=(entry.question, entry.text) if entry else None,
            said=controls.said,
            wrong=controls.wrong,
            troubles=self._troubles,
        )

    def _take(self) -> None:
        if not self._terminal.taken:
            self._terminal.take()
            self._painter.forget()
        if self._terminal.keys is not None and not self._listens:
            asyncio.get_running_loop().add_reader(self._terminal.keys, self._typed)
            self._listens = True

    def hide(self) -> None:
        """Give the terminal back, until it is drawn to again."""
        if self._terminal.keys is not None and self._listens:
            asyncio.get_running_loop().remove_reader(self._terminal.keys)
            self._listens = False
        self._terminal.give_back()

    def _typed(self) -> None:
        data = self._terminal.read(_READ)
        for key in self._keyboard.keys(data):
            if key == "redraw":
                self._painter.forget()
            else:
                self._controls.press(key)
        if data:
            self.draw()
        else:  # the terminal has gone away
            self.hide()

    def _stopped(self) -> None:
        """Give the terminal back before we are stopped by Ctrl-Z; `_continued` is what comes next."""
        self.hide()
        os.kill(os.getpid(), signal.SIGSTOP)

    def _continued(self) -> None:
        """Take the terminal anew, in case it is ours: who stopped us may have changed it."""
        self.hide()
        self.draw()

    def _killed(self) -> None:
        self.hide()
        signal.signal(signal.SIGQUIT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGQUIT)
