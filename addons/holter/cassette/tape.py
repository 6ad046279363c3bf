"""The file under a recording: locked, only ever appended to, and watched for what others do to it."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import threading
from typing import Self

from holter.cassette.chunks import regular
from holter.errors import CassetteError, CassetteExistsError, CassetteLockedError

_FLAGS = os.O_APPEND | os.O_CLOEXEC
_flush = getattr(os, "fdatasync", os.fsync)  # macOS has no fdatasync
_BUSY = {errno.EAGAIN, errno.EACCES}


class Tape:
    """A file that one recorder holds. Writing and syncing tell why they failed; they do not raise."""

    def __init__(self, path: str, descriptor: int) -> None:
        self.path = path
        self.closed = False
        self._absolute = os.path.abspath(path)
        self._descriptor = descriptor
        self._closing = threading.Lock()
        self._end = 0
        self._torn = False

    @classmethod
    def new(cls, path: str) -> Self:
        """Make a file that only its owner can read; `CassetteExistsError` where there is one.

        `CassetteError` where something else has that name, or no file can be made.
        """
        try:
            tape = cls(path, os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _FLAGS, 0o600))
        except FileExistsError:
            regular(path)
            what = "exists already: name another file, or go on with it by --append"
            raise CassetteExistsError(f"{path}: {what}") from None
        except OSError as why:
            raise CassetteError(f"{path}: cannot be made: {why.strerror}") from None
        try:
            return tape._locked()
        except CassetteError:
            os.unlink(path)
            raise

    @classmethod
    def old(cls, path: str) -> Self:
        """Open a file to go on with; `CassetteLockedError` while another recorder holds it."""
        regular(path)
        try:
            tape = cls(path, os.open(path, os.O_RDWR | _FLAGS))
        except OSError as why:
            raise CassetteError(f"{path}: cannot be written: {why.strerror}") from None
        return tape._locked()

    def _locked(self) -> Self:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as why:
            self.close()
            if why.errno not in _BUSY:
                raise CassetteError(f"{self.path}: cannot be locked: {why.strerror}") from None
            raise CassetteLockedError(
                f"{self.path}: another recorder is writing to it: stop that, or name another file"
            ) from None
        self._end = os.fstat(self._descriptor).st_size
        return self

    def write(self, data: bytes) -> str | None:
        """Append all of the data or nothing, and return why it was nothing."""
        if why := self.gone():
            return why
        try:
            self._put(data)
        except OSError as why_not:
            with contextlib.suppress(OSError):  # tried again before the next write
                self._mend()
            return f"cannot be written: {why_not.strerror}"
        return None

    def _put(self, data: bytes) -> None:
        self._mend()
        if os.fstat(self._descriptor).st_size != self._end:  # somebody else appended: keep clear of it
            self._end, data = os.fstat(self._descriptor).st_size, b"\n" + data
        self._torn = True
        written = os.write(self._descriptor, data)
        while written < len(data):  # fails and so tells why, where the disk is full
            written += os.write(self._descriptor, data[written:])
        self._torn = False
        self._end += len(data)

    def _mend(self) -> None:
        if self._torn:
            os.ftruncate(self._descriptor, self._end)
            self._torn = False

    def cut(self, end: int) -> None:
        """Cut off everything from an offset on and end its last line; `CassetteError` if that fails."""
        try:
            os.ftruncate(self._descriptor, end)
            if os.pread(self._descriptor, 1, end - 1) != b"\n":
                end += os.write(self._descriptor, b"\n")
        except OSError as why:
            raise CassetteError(f"{self.path}: its end cannot be mended: {why.strerror}") from None
        self._end = end

    def discard(self) -> None:
        """Remove a file that was just made."""
        os.unlink(self._absolute)
        self.close()

    def gone(self) -> str | None:
        """Tell what another program did to the file that makes writing to it pointless."""
        try:
            there, held = os.stat(self._absolute), os.fstat(self._descriptor)
        except OSError:
            return "was removed while recording"
        if not os.path.samestat(there, held):
            return "was replaced by another file while recording"
        if held.st_size < self._end:
            return "was cut short by another program while recording"
        return None

    def sync(self) -> str | None:
        """Wait until all is on the disk; return why that failed. Safe while another thread writes."""
        with self._closing:
            if self.closed:
                return None
            twin = os.dup(self._descriptor)
        try:
            _flush(twin)
        except OSError as why:
            return f"cannot be synced to disk: {why.strerror}"
        finally:
            os.close(twin)
        return None

    def close(self) -> None:
        """Let go of the file and its lock."""
        with self._closing:
            if not self.closed:
                self.closed = True
                os.close(self._descriptor)
