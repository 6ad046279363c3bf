"""A file cut into its documents, a bounded piece at a time, each with its place."""

from __future__ import annotations

import os
import stat
from collections.abc import Generator
from dataclasses import dataclass
from typing import BinaryIO

from holter.errors import CassetteError

MAX_DOCUMENT = 64 * 1024 * 1024
"""Bytes of a document that are read at most."""

MAX_HEADER = 1024 * 1024
"""Bytes of the first document that are read at most: a foreign file is refused early."""

_BOM = b"\xef\xbb\xbf"
_KINDS = {
    stat.S_IFDIR: "a directory",
    stat.S_IFIFO: "a pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document stands: its file, its number and its first line, both from 1 up."""

    path: str
    number: int
    line: int

    def wrong(self, text: str, below: int = 0) -> CassetteError:
        """Return the error of what is wrong here, or that many lines below."""
        return CassetteError(f"{self.path}:{self.line + below}: document {self.number} {text}")


@dataclass(frozen=True, slots=True)
class Chunk:
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
    regular(path)
    try:
        with open(path, "rb") as file:
            yield from _cut(path, file)
    except OSError as why:
        raise CassetteError(f"{path}: cannot be read: {why.strerror}") from None


def _cut(path: str, file: BinaryIO) -> Generator[Chunk, None, None]:
    pieces: list[bytes] = []
    place, line, size = Place(path, 1, 1), 0, 0
    start = offset = _skip_bom(file)
    for raw in iter(lambda: file.readline(MAX_DOCUMENT + 1), b""):
        line, offset = line + 1, offset + len(raw)
        mark, rest = _separator(raw)
        if not mark:
            pieces.append(raw)
            size += len(raw)
            _limit(place, size)
            continue
        filled = _is_filled(pieces)
        if filled:
            yield Chunk(place, b"".join(pieces), start, offset if mark == b"..." else offset - len(raw))
        place = Place(path, place.number + filled, line if rest else line + 1)
        pieces, start, size = [rest] * bool(rest), offset - len(rest), len(rest)
    yield Chunk(place, b"".join(pieces), start, offset, True, _is_filled(pieces))


def _skip_bom(file: BinaryIO) -> int:
    if file.read(len(_BOM)) != _BOM:
        file.seek(0)
    return file.tell()


def _limit(place: Place, size: int) -> None:
    most = MAX_HEADER if place.number == 1 else MAX_DOCUMENT
    if size > most:
        what = "no cassette, or " if place.number == 1 else ""
        raise place.wrong(f"is larger than {most >> 20} MB: {what}not made by Holter")


def _separator(raw: bytes) -> tuple[bytes, bytes]:
    """Return the mark that a line is, `---` or `...` or nothing, and what follows it on its line."""
    mark = raw[:3]
    if mark not in (b"---", b"...") or raw[3:4] not in b" \t\r\n":
        return b"", b""
    rest = raw[3:].strip()
    return mark, b"   " + raw[3:] if rest and not rest.startswith(b"#") else b""


def _is_filled(pieces: list[bytes]) -> bool:
    return any(line.strip() and not line.lstrip().startswith(b"#") for line in pieces)
