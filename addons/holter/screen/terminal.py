"""A terminal that is taken over for a while, and given back as it was."""

from __future__ import annotations

import contextlib
import os
import termios
from typing import Any

from holter.screen.outlet import Outlet
from holter.screen.paint import ENTER, LEAVE

PATIENCE = 1.0
"""Seconds that a terminal is given to take what is on its way to it, before it is given back."""

_USUAL = (80, 24)


class Terminal:
    """The terminal that a program writes to, and reads keys from where `keys` is one too."""

    def __init__(self, output: int, keys: int | None) -> None:
        self._output, self.keys = output, keys
        self._outlet = Outlet(output)
        self._before: list[Any] | None = None if keys is None else termios.tcgetattr(keys)
        self.taken = False

    @property
    def size(self) -> tuple[int, int]:
        """Columns and lines, as they are now."""
        columns, lines = os.get_terminal_size(self._output)
        return (columns, lines) if columns and lines else _USUAL  # some say nothing of it

    @property
    def ours(self) -> bool:
        """Whether we are in the terminal's foreground, and may write to it without being stopped for that."""
        try:
            return os.tcgetpgrp(self._output) == os.getpgrp()
        except OSError:  # it is not the terminal that we were started from: nobody else is there
            return True

    @property
    def busy(self) -> bool:
        """Whether it has not taken yet what was written last."""
        return self._outlet.busy

    def take(self) -> None:
        """Go to the alternate screen, and have keys come one by one, unseen."""
        if self._before is not None:
            mode = [*self._before]
            mode[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
            mode[6] = [*mode[6]]
            mode[6][termios.VMIN], mode[6][termios.VTIME] = 1, 0
            self._set(mode)
        self._outlet.send(ENTER)
        self.taken = True

    def write(self, text: str) -> None:
        """Write to it, without waiting."""
        self._outlet.send(text)

    def read(self, most: int) -> bytes:
        """Return what was typed, nothing where the terminal has gone away."""
        try:
            return b"" if self.keys is None else os.read(self.keys, most)
        except OSError:
            return b""

    def give_back(self) -> None:
        """Leave it as it was; from the background its mode is the shell's business already."""
        if not self.taken:
            return
        self.taken = False
        self._outlet.send(LEAVE)
        self._outlet.settled(PATIENCE)
        if self._before is not None and self.ours:
            self._set(self._before)

    def close(self) -> None:
        """Give it back for good."""
        self.give_back()
        self._outlet.close()

    def _set(self, mode: list[Any]) -> None:
        if self.keys is not None:
            with contextlib.suppress(termios.error):  # it has gone away
                termios.tcsetattr(self.keys, termios.TCSANOW, mode)
