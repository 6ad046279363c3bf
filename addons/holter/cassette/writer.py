"""Writing a cassette: append only, one write a document, nothing lost without a word."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

from holter.cassette.chunks import MAX_DOCUMENT
from holter.cassette.format import SEPARATOR, Header, header_text, mark_text, text_of
from holter.cassette.reader import Entry, Reader, open_cassette
from holter.cassette.tape import Tape
from holter.errors import CassetteError
from holter.wire.message import Interaction, Json, Mark, Moment


def _quiet(_: object) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class _Owed:
    """What the file must be told of as soon as writing works: how much was lost, why first, since when."""

    count: int
    why: str
    since: Moment | None

    def mark(self, now: Moment | None) -> Mark:
        """Return the mark, at the time when it is written."""
        more: dict[str, Json] = {"count": self.count, "why": self.why}
        if self.since:
            more["since"] = self.since.mono
        return Mark("lost", now.wall if now else None, now.mono if now else None, more)


class Writer:
    """A cassette that is being recorded, locked against a second recorder until `close`.

    Nothing raises once recording has begun: `append` returns False where a document was not written,
    `lost` counts these, and `problem` says what is wrong now. `shout` is told when a problem begins,
    when it changes and when it is over; then a `lost` mark stands in the file before anything else.
    Every method may be called from any thread.
    """

    def __init__(self, tape: Tape, header: Header, shout: Callable[[str], None] = _quiet) -> None:
        self.header = header
        self.lost = 0
        self.problem: str | None = None
        self.repaired: str | None = None
        """What was cut from the end of a file that is gone on with, None where nothing was."""
        self._tape = tape
        self._shout = shout
        self._lock = threading.Lock()
        self._owed: _Owed | None = None

    @classmethod
    def create(cls, path: str, header: Header, *, shout: Callable[[str], None] = _quiet) -> Self:
        """Begin a new recording with its header; only its owner can read the file (mode 0600).

        `CassetteExistsError` where there is a file already, `CassetteError` where none can be written.
        """
        tape = Tape.new(path)
        if why := tape.write(header_text(header).encode()):
            tape.discard()
            raise CassetteError(f"{path}: cannot be written: {why}")
        return cls(tape, header, shout)

    @classmethod
    def append_to(
        cls,
        path: str,
        *,
        seen: Callable[[Entry], None] = _quiet,
        shout: Callable[[str], None] = _quiet,
    ) -> Self:
        """Go on with a recording; `seen` is given everything that it holds already.

        A torn document at its end is cut off and told in `repaired`. `CassetteLockedError` while another
        recorder holds the file, `CassetteError` where it is damaged: then it is left as it is.
        """
        tape = Tape.old(path)
        try:
            reader = _taken_up(tape, seen)
        except BaseException:
            tape.close()
            raise
        writer = cls(tape, reader.header, shout)
        writer.repaired = reader.torn
        return writer

    def append(self, value: Interaction | Mark, *, now: Moment | None = None) -> bool:
        """Write a call or a mark, and tell whether it was written.

        `now` is the time that a `lost` mark gets, should this be lost, or be the first not to be.
        """
        with self._lock:
            why = self._write(value, now)
            if why:
                self._lose(why, now)
            return why is None

    def sync(self) -> None:
        """Wait until all that was written is on the disk, without holding up `append`."""
        why = self._tape.sync()
        with self._lock:
            if not self._tape.closed and (why := why or self._tape.gone()):
                self._trouble(why)

    def close(self, *, now: Moment | None = None) -> None:
        """Write the `lost` mark that is owed, if that works now, sync, and let go of the file."""
        if self._tape.closed:
            return
        with self._lock:
            if self._owed:
                self._put(b"", now)
        self.sync()
        with self._lock:
            self._tape.close()

    def _write(self, value: Interaction | Mark, now: Moment | None) -> str | None:
        if self._tape.closed:
            return "is closed"
        try:
            data = (SEPARATOR + text_of(value)).encode()
        except (CassetteError, ValueError, TypeError, RecursionError) as why:
            return f"cannot hold this document: {why}"
        if len(data) > MAX_DOCUMENT:
            return f"cannot hold a document over {MAX_DOCUMENT >> 20} MB"
        return self._put(data, now)

    def _put(self, data: bytes, now: Moment | None) -> str | None:
        if self._owed:
            data = (SEPARATOR + mark_text(self._owed.mark(now))).encode() + data
        why = self._tape.write(data)
        if why is None:
            self._recovered()
        return why

    def _recovered(self) -> None:
        if self.problem:
            self._shout(f"{self._tape.path}: is written to again; {self.lost} documents were lost in all")
        self.problem = self._owed = None

    def _lose(self, why: str, now: Moment | None) -> None:
        self.lost += 1
        owed = self._owed or _Owed(0, why, now)
        self._owed = replace(owed, count=owed.count + 1)
        self._trouble(why)

    def _trouble(self, why: str) -> None:
        problem = f"{self._tape.path}: {why}"
        if problem != self.problem:
            self.problem = problem
            self._shout(problem)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _taken_up(tape: Tape, seen: Callable[[Entry], None]) -> Reader:
    reader = open_cassette(tape.path)
    for entry in reader:
        seen(entry)
    if not reader.end:
        raise CassetteError(f"{tape.path}: ends within its header: nothing was recorded, delete it")
    tape.cut(reader.end)
    return reader
