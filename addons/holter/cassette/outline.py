"""A recording's calls by their `call` lines alone, for whoever needs few of the bodies.

A document in our own layout gives an outline; any other is read whole at once. Bodies are only checked to
be JSON: what else may be wrong with one is said when it is read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, NamedTuple

from msgspec import Meta, MsgspecError, Raw, Struct, field
from msgspec.json import Decoder

from holter.cassette.chunks import Chunk, Place
from holter.cassette.quick import LAYOUT
from holter.cassette.reader import Entry, Reader, read
from holter.errors import CassetteError
from holter.wire.message import Broken, Interaction, Origin

_NONE = Raw(b"null")
_SHORT = 256  # bytes of a response that is kept at hand


class Said(Struct, forbid_unknown_fields=True, gc=False):
    """What a `call` line says; see `Interaction`. What a replay has no use for is not looked into."""

    op: str
    at: Annotated[datetime, Meta(tz=True)] | None = None
    mono: tuple[float | None, float | None, float | None] = (None, None, None)
    task: str | None = None
    print: str | None = None
    error: str | None = None
    broken: Broken | None = None
    origin: Origin | None = None
    fault: str | None = None
    seq: int = 0
    caller: str | None = None
    status: int | None = None
    oldest: float | None = None
    tried: Raw = field(default=_NONE, name="try")
    upstream: Raw = _NONE
    redacted: Raw = _NONE
    notes: Raw = _NONE


class Outline(NamedTuple):
    """A call whose bodies are still text; `answered` tells whether there is a response, `short` is one.

    Its document stands at `place`, in the bytes from `start` to `end`.
    """

    said: Said
    request: bytes
    answered: bool
    short: bytes | None
    place: Place
    start: int
    end: int


_line = Decoder(Said).decode
_json = Decoder(Raw).decode


def outlines(reader: Reader) -> Iterator[Outline | Entry]:
    """Yield every call and mark in the order of the file; `CassetteError` as when it is read whole."""
    for chunk, raw in reader.documents():
        yield _outline(chunk, raw) or read(chunk, raw)


def _outline(chunk: Chunk, raw: bytes) -> Outline | None:
    found = LAYOUT.fullmatch(raw)
    if found is None:
        return None
    line, request, response = found.groups()
    try:
        said = _line(line)
        _json(request)
        if response is not None:
            _json(response)
    except (MsgspecError, ValueError):
        return None
    unnamed = said.task is None and (b'"taskId"' in request or b'"taskObject"' in (response or b""))
    if unnamed or not said.op:
        return None
    short = response if response is not None and len(response) <= _SHORT else None
    return Outline(said, request, response is not None, short, chunk.place, chunk.start, chunk.end)


class Bodies:
    """Reads the documents of outlines; the file stays open, so that it may be replaced meanwhile."""

    def __init__(self, path: str) -> None:
        try:
            self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as why:
            raise CassetteError(f"{path}: cannot be read: {why.strerror}") from None

    def read(self, place: Place, start: int, end: int) -> Interaction:
        """Return a call whole; `CassetteError` where its document is damaged or was changed meanwhile."""
        try:
            raw = os.pread(self._descriptor, end - start, start)
        except OSError as why:
            raise place.wrong(f"cannot be read any more: {why.strerror}") from None
        value = read(Chunk(place, raw, start, end), raw).value
        if not isinstance(value, Interaction):
            raise place.wrong("was changed while it was played")
        return value

    def close(self) -> None:
        """Let go of the file."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
