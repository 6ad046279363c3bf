"""A bar on a terminal's stderr for what takes more than a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from typing import Any, Generic, TextIO, TypeVar

import click

AFTER = 1.0
"""Seconds until a bar is worth its line."""

_EVERY = 64  # items between looks at the clock

_T = TypeVar("_T")


class Watched(Generic[_T]):
    """Items that show, after a while, how far `position` has come of `total` bytes.

    They can be gone through any number of times; where there are several `passes`, the bar of each says
    which it is. Where `out` is no terminal, nothing is shown.
    """

    def __init__(
        self,
        items: Iterable[_T],
        position: Callable[[], int],
        total: int,
        *,
        label: str = "",
        passes: int = 1,
        out: TextIO | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._items, self._position, self._total = items, position, total
        self._label, self._passes, self._pass = label, passes, 0
        self._out = out or sys.stderr
        self._now = now
        self._stack = ExitStack()
        self._bar: Any = None
        self._quiet = not self._out.isatty()

    def __iter__(self) -> Iterator[_T]:
        self._pass += 1
        return iter(self._items) if self._quiet else self._shown()

    def _shown(self) -> Iterator[_T]:
        begun = self._now()
        try:
            for count, item in enumerate(self._items):
                yield item
                if not (self._quiet or count % _EVERY) and self._now() - begun >= AFTER:
                    self._show(self._position())
            if self._bar:
                self._show(self._total)
        finally:
            self._end()

    def hush(self) -> None:
        """Show no more: the terminal is another's now."""
        self._quiet = True
        self._end()

    def _end(self) -> None:
        self._bar = None
        self._stack.close()

    def _show(self, position: int) -> None:
        if self._bar is None:
            which = f" ({self._pass} of {self._passes})" if self._passes > 1 else ""
            made = click.progressbar(length=self._total, label=self._label + which, file=self._out)
            self._bar = self._stack.enter_context(made)
        self._bar.update(position - self._bar.pos)
