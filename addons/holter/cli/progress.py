"""A bar on a terminal's stderr for what takes more than a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from typing import TextIO, TypeVar

import click

AFTER = 1.0
"""Seconds until a bar is worth its line."""

_EVERY = 64  # items between looks at the clock

_T = TypeVar("_T")


def watched(
    items: Iterable[_T],
    position: Callable[[], int],
    total: int,
    *,
    label: str = "",
    out: TextIO | None = None,
    now: Callable[[], float] = time.monotonic,
) -> Iterator[_T]:
    """Yield the items; after a while, show how far `position` has come of `total` bytes."""
    out = out or sys.stderr
    if not out.isatty():
        yield from items
        return
    begun, done, bar = now(), 0, None
    with ExitStack() as stack:
        for count, item in enumerate(items):
            yield item
            if count % _EVERY or now() - begun < AFTER:
                continue
            bar = bar or stack.enter_context(click.progressbar(length=total, label=label, file=out))
            bar.update(position() - done)
            done = position()
        if bar:
            bar.update(total - done)
