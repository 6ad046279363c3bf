"""Reading a cassette: a stream of calls and marks, in constant memory, each with its place in the file."""

from __future__ import annotations

import contextlib
import functools
import gc
import io
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from holter.cassette import document
from holter.cassette.byhand import WrongLineError
from holter.cassette.chunks import PLAIN, Chunk, Place, blocks, chunks, cut, many, opened
from holter.cassette.format import Header, header_of, value_of
from holter.errors import CassetteError
from holter.wire.message import Interaction, Mark

_SHORT = 4
"""Lines of a call that is three short ones, and of the separator after it."""

_CUT_HEADER = re.compile(rb"holter:(?:.*[^\n])?\Z", re.DOTALL)


class Entry(NamedTuple):
    """One call or mark, with the line where its document begins and that document's number, from 1 up."""

    line: int
    number: int
    value: Interaction | Mark


class Reader:
    """A recording that can be gone through any number of times; every pass opens the file anew.

    After a pass, `torn` says what was left out at the end of a file that a kill or a full disk cut short
    (None when nothing was), and `end` is the offset in bytes after the last whole document.
    """

    def __init__(self, path: str, header: Header) -> None:
        self.path = path
        self.header = header
        self.torn: str | None = None
        self.end = 0

    def __iter__(self) -> Iterator[Entry]:
        """Yield every call and mark in the order of the file.

        `CassetteError` names file, line and document where one is damaged.
        """
        for chunk, raw in self.documents():
            yield read(chunk, raw)

    def documents(self) -> Iterator[tuple[Chunk, bytes]]:
        """Yield the text of every document but the header, what a crash left of the last one left out."""
        self.torn, self.end = None, 0
        for chunk in chunks(self.path):
            raw = chunk.raw
            if chunk.last:
                raw = self._whole(chunk)
            else:
                self.end = chunk.end
            if raw and chunk.place.number > 1:
                yield chunk, raw

    def heard(self) -> Iterator[tuple[int, Interaction | Mark]]:
        """Yield every call and mark with its line, for an audit: the same values in a third of the time.

        A call in our own layout comes as a light object with an Interaction's attributes. Until the last
        document, `end` goes on by many at once.
        """
        self.torn, self.end = None, 0
        (short, quickly), number, line = _hearing(), 1, 1
        with opened(self.path) as file:
            for start, text in blocks(file):
                self.end, plain = start, text.isascii() and b"\x7f" not in text
                for piece in text.split(PLAIN):
                    if plain and (call := short(piece)):
                        yield line, call
                        number, line = number + 1, line + _SHORT
                        continue
                    if call := quickly(piece, plain):
                        number += 1
                        yield line, call
                    else:
                        for chunk in cut(io.BytesIO(piece + PLAIN), Place(self.path, number, line), start):
                            number = chunk.place.number + chunk.filled
                            if not chunk.last:
                                yield from self._told(chunk)
                    line += many(piece, b"\n") + 2
            self.end = file.tell()
            for chunk in cut(file, Place(self.path, number, line), file.tell()):
                yield from self._told(chunk)

    def _told(self, chunk: Chunk) -> Iterator[tuple[int, Interaction | Mark]]:
        raw = self._whole(chunk) if chunk.last else chunk.raw
        if raw and chunk.place.number > 1:
            yield chunk.place.line, read(chunk, raw).value

    def _whole(self, chunk: Chunk) -> bytes:
        """Return what is whole of the file's last document, noting what is not."""
        if not chunk.filled:
            return b""
        raw = document.whole(chunk.raw)
        if raw:
            self.end = chunk.start + len(raw)
        if raw != chunk.raw:
            line = chunk.place.line + raw.count(b"\n")
            lost = len(chunk.raw) - len(raw)
            self.torn = f"{self.path}:{line}: the last {lost} bytes are a torn document, left out"
        return raw


def open_cassette(path: str) -> Reader:
    """Open a recording and read its header.

    `CassetteError` when it is no regular file, no cassette, or made by a newer Holter.
    """
    with contextlib.closing(chunks(path)) as found:
        chunk = next(found)
    if not chunk.filled:
        raise CassetteError(f"{path}: is empty: nothing was recorded in it, delete it")
    try:
        return Reader(path, header_of(document.parse(document.whole(chunk.raw) or chunk.raw)))
    except CassetteError as wrong:
        if isinstance(wrong, WrongLineError) and chunk.last and _CUT_HEADER.match(chunk.raw):
            raise CassetteError(f"{path}: ends within its header: nothing was recorded, delete it") from None
        raise _placed(chunk, wrong) from None


def load(path: str) -> list[Entry]:
    """Return every call and mark of a recording at once; `CassetteError` as from `open_cassette`."""
    with no_search():
        return list(open_cassette(path))


@contextlib.contextmanager
def no_search() -> Iterator[None]:
    """Put off Python's search for cycles while much is read.

    It would go through all that was read, again and again, for cycles that there cannot be.
    """
    searches = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searches:
            gc.enable()


def read(chunk: Chunk, raw: bytes) -> Entry:
    """Return what a document says; `CassetteError` names its place where it is damaged."""
    try:
        value = _quickly()(raw) or value_of(document.parse(raw))
        return Entry(chunk.place.line, chunk.place.number, value)
    except CassetteError as wrong:
        raise _placed(chunk, wrong) from None


@functools.cache
def _quickly() -> Callable[[bytes], Interaction | None]:
    try:
        from holter.cassette.quick import call
    except ModuleNotFoundError:  # msgspec is not there in a bare clone: all the same, only slower
        return lambda _: None
    return call


@functools.cache
def _hearing() -> tuple[Callable[[bytes], Interaction | None], Callable[[bytes, bool], Interaction | None]]:
    try:
        from holter.cassette.quick import heard, short
    except ModuleNotFoundError:
        return lambda _: None, lambda _, __: None
    return short, heard


def _placed(chunk: Chunk, wrong: CassetteError) -> CassetteError:
    return chunk.place.wrong(str(wrong), wrong.below if isinstance(wrong, WrongLineError) else 0)
