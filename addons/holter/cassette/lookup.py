"""One call out of a recording that is being written, found by its number in a few reads.

A writer numbers calls in the order in which it writes them, so that the file can be searched by halves.
"""

from __future__ import annotations

import re
from typing import BinaryIO, NamedTuple

from holter.cassette import document
from holter.cassette.chunks import opened
from holter.cassette.format import value_of
from holter.wire.message import Interaction
from holter.wire.regex import regex

_CALL = regex(rb'\ncall: \{"seq":(\d+),')
_END = b"\n---\n"
_BLOCK = 65_536
_LONGEST = 32  # of what `_CALL` finds, which two blocks may share


class _Found(NamedTuple):
    at: int
    seq: int


def find(path: str, seq: int) -> Interaction | None:
    """Return the call with a number, None where it is not there; `CassetteError` where it cannot be read.

    It finds only what a writer of ours wrote: not what somebody edited or put elsewhere.
    """
    with opened(path) as file:
        low, high = 0, file.seek(0, 2)
        while high - low > _BLOCK:
            middle = (low + high) // 2
            found = _next(file, middle, high)
            if found is None or found.seq > seq:
                high = middle
            else:
                low = found.at
        last = _next(file, low, high, re.compile(rb'\ncall: \{"seq":(%d),' % seq))
        return _read(file, last.at) if last else None


def _next(file: BinaryIO, start: int, end: int, wanted: re.Pattern[bytes] = _CALL) -> _Found | None:
    """Return the first call that is wanted and begins from `start` on, before `end`."""
    while start < end:
        file.seek(start)
        block = file.read(_BLOCK + _LONGEST)
        found = wanted.search(block)
        if found and start + found.start() < end:
            return _Found(start + found.start(), int(found[1]))
        start += _BLOCK
    return None


def _read(file: BinaryIO, at: int) -> Interaction | None:
    """Return the call whose document begins behind a line's end."""
    file.seek(at + 1)
    raw = b""
    while (end := raw.find(_END, max(0, len(raw) - _BLOCK - len(_END)))) < 0:
        more = file.read(_BLOCK)
        if not more:
            end = len(raw)
            break
        raw += more
    value = value_of(document.parse(raw[:end]))
    return value if isinstance(value, Interaction) else None
