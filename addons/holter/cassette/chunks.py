"""A file cut into its documents, a bounded piece at a time, each with its place."""

from __future__ import annotations

import contextlib
import io
import os
import re
import stat
from collections.abc import Generator, Iterator
from typing import BinaryIO, NamedTuple

from holter.errors import CassetteError
from holter.wire.regex import regex

MAX_DOCUMENT = 64 * 1024 * 1024
"""Bytes of a document that are read at most."""

MAX_HEADER = 1024 * 1024
"""Bytes of the first document that are read at most: a foreign file is refused early."""

_LONGEST = 400  # characters of an error that quotes a file
_BLOCK = 64 * 1024
_MOST = 8 * 1024 * 1024  # bytes of one read
PLAIN = b"\n---\n"
"""What stands between two documents that Holter wrote."""

_OURS = (b"call: ", b"mark: ")

_SEPARATOR = regex(rb"\n(?:---|\.\.\.)(?:[ \t\r][^\n]*)?\n")
_FILLED = regex(rb"^[ \t\r\f\v]*[^#\s]", re.MULTILINE)
_BOM = b"\xef\xbb\xbf"
_KINDS = {
    stat.S_IFDIR: "a directory",
    stat.S_IFIFO: "a pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


class Place(NamedTuple):  # as Chunk a tuple, which is made in a third of a dataclass's time
    """Where a document stands: its file, its number and its first line, both from 1 up."""

    path: str
    number: int
    line: int

    def wrong(self, text: str, below: int = 0) -> CassetteError:
        """Return the error of what is wrong here, or that many lines below; one line, whatever it quotes."""
        said = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
        said = "".join(mark if mark.isprintable() else ascii(mark)[1:-1] for mark in said)
        return CassetteError(f"{self.path}:{self.line + below}: document {self.number} {said}")


class Chunk(NamedTuple):
    """The bytes of one document, from offset `start` to `end`; `last` when only the file's end ended it."""

    place: Place
    raw: bytes
    start: int
    end: int
    last: bool = False
    filled: bool = True


def regular(path: str) -> None:
    """Refuse what is no regular file, before opening it would wait or change something."""
    try:
        mode = os.stat(path).st_mode
    except OSError as why:
        raise CassetteError(f"{path}: cannot be read: {why.strerror}") from None
    if not stat.S_ISREG(mode):
        kind = _KINDS.get(stat.S_IFMT(mode), "no regular file")
        raise CassetteError(f"{path}: is {kind}: give a cassette file")


def chunks(path: str) -> Generator[Chunk, None, None]:
    """Yield the documents of a file, empty ones left out; the last one always, be it empty."""
    with opened(path) as file:
        place = Place(path, 1, 1)
        for start, text in blocks(file):
            place = yield from _pieces_of(text, place, start)
        yield from cut(file, place, file.tell())


def many(text: bytes, sign: bytes) -> int:
    """Return how often one byte stands in a text, in a fifth of the time that `count` takes."""
    return len(text) - len(text.replace(sign, b""))


def _pieces_of(text: bytes, place: Place, start: int) -> Generator[Chunk, None, Place]:
    """Yield the documents of a block, and return where the next one begins.

    One that Holter wrote is soon known. Another may be several, so it is cut with care.
    """
    for piece in text.split(PLAIN):
        raw = piece + b"\n"
        if piece.startswith(_OURS) and b"\n---" not in piece and b"\n..." not in piece:
            path, number, line = place
            yield Chunk(place, raw, start, start + len(raw))
            place = Place(path, number + 1, line + many(raw, b"\n") + 1)
        else:
            for chunk in cut(io.BytesIO(raw + PLAIN[1:]), place, start):
                place = chunk.place
                if not chunk.last:
                    yield chunk
        start += len(piece) + len(PLAIN)
    return place


@contextlib.contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """Open a regular file to be read; `CassetteError` says why that, or reading it, is not possible."""
    regular(path)
    try:
        with open(path, "rb") as file:
            yield file
    except OSError as why:
        raise CassetteError(f"{path}: cannot be read: {why.strerror}") from None


def blocks(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield many documents at once: the offset of the first, and their text with `PLAIN` between them.

    Any other separator stands inside of what looks like one document here. The file is left at what comes
    after the last plain separator, or before the first for which one has to look too far: to be `cut`.
    """
    start, held = _skip_bom(file), b""
    while block := file.read(_BLOCK):
        held += block
        end = held.rfind(PLAIN)
        if end >= 0:
            yield start, held[:end]
            start, held = start + end + len(PLAIN), held[end + len(PLAIN) :]
        elif len(held) > MAX_HEADER:
            break
    file.seek(start)


def cut(file: BinaryIO, place: Place, start: int) -> Generator[Chunk, None, None]:
    """Yield the documents that a file holds from here on, the first of them at this place and offset."""
    path, rest = place.path, b""
    for text, separator in _pieces(file):
        size = len(rest) + len(text) - (separator is None)
        if size > MAX_HEADER:
            _limit(place, size)
        if separator is None:
            continue
        raw = rest + text
        end, filled = start + len(raw), _FILLED.search(raw) is not None
        if not separator:
            yield Chunk(place, raw, start, end, True, filled)
        elif filled:
            yield Chunk(place, raw, start, end + len(separator) * separator.startswith(b"..."))
        rest = _rest(separator)
        start = end + len(separator) - len(rest)
        place = Place(path, place.number + filled, place.line + raw.count(b"\n") + (not rest))


def _pieces(file: BinaryIO) -> Generator[tuple[bytes, bytes | None], None, None]:
    """Yield the texts between separators, each with the separator's line, nothing for the file's end.

    With None, what there is of a text whose end was not read yet, and the newline before it: a copy
    without it would cost more than it says. Reads grow with the text, so that time does not run away.
    """
    held, searched = b"\n", 0  # from the newline before a text on: a separator begins with one
    while block := file.read(max(_BLOCK, min(len(held), _MOST))):
        held, begun = held + block, 0
        while found := _SEPARATOR.search(held, searched):
            yield held[begun + 1 : found.start() + 1], held[found.start() + 1 : found.end()]
            begun = searched = found.end() - 1
        held = held[begun:]
        searched = held.rindex(b"\n")
        yield held, None
    if found := _SEPARATOR.search(held + b"\n", searched):
        yield held[1 : found.start() + 1], held[found.start() + 1 :]
        held = b"\n"
    yield held[1:], b""


def _skip_bom(file: BinaryIO) -> int:
    if file.read(len(_BOM)) != _BOM:
        file.seek(0)
    return file.tell()


def _limit(place: Place, size: int) -> None:
    most = MAX_HEADER if place.number == 1 else MAX_DOCUMENT
    if size > most:
        what = "no cassette" if place.number == 1 else "Holter wrote none such, take it out"
        raise place.wrong(f"is larger than {most >> 20} MB: {what}")


def _rest(separator: bytes) -> bytes:
    """Return what a separator's line says of the next document, blanks in place of the separator."""
    if separator == b"---\n":
        return b""
    said = separator[3:].strip()
    return b"   " + separator[3:] if said and not said.startswith(b"#") else b""
