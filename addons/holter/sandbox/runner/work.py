"""A task's command, run for real: its own process group, its output's end kept, stopped for certain."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import IO

from holter.sandbox.runner.tail import Tail

KEPT = 8 * 1024
"""Bytes kept of each output stream: more than an errorStackTrace can carry."""

_LONGEST_LINE = 64 * 1024
_KILL_AFTER = 3.0  # seconds that a command has for its own clean-up after SIGTERM
_DRAIN = 1.0  # seconds for children that outlive the shell and hold its output open
_PROGRESS = re.compile(rb"\s*progress:\s*(\d{1,3})(?:\.\d+)?\s*%?\s*", re.IGNORECASE)


def percent(line: bytes) -> int | None:
    """Return the figure of a line such as `progress: 40`, or None."""
    match = _PROGRESS.fullmatch(line)
    return int(match[1]) if match and int(match[1]) <= 100 else None


class Work:
    """One running command. `progress` is the last percentage that it printed."""

    def __init__(self, argv: Sequence[str], *, directory: str | None = None) -> None:
        self.progress: int | None = None
        self._tails = {"stdout": Tail(KEPT), "stderr": Tail(KEPT)}
        self._stopped = threading.Event()
        self._process = subprocess.Popen(
            argv,
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._readers = [
            _reading(self._process.stdout, self._hear),
            _reading(self._process.stderr, self._tails["stderr"].feed),
        ]

    def wait(self) -> int:
        """Wait for the command's end and its output's; return the exit status, negative for a signal."""
        code = self._process.wait()
        if self._stopped.is_set():
            self._signal(signal.SIGKILL)
        for reader in self._readers:
            reader.join(_DRAIN)
        if any(reader.is_alive() for reader in self._readers):
            self._signal(signal.SIGKILL)
        for reader in self._readers:
            reader.join()
        return code

    def stop(self) -> None:
        """Stop the whole process group: SIGTERM now, SIGKILL if the command is still there later."""
        if self._stopped.is_set() or self._process.poll() is not None:
            return
        self._stopped.set()
        self._signal(signal.SIGTERM)
        threading.Thread(target=self._insist, name="insist", daemon=True).start()

    def kill(self) -> None:
        """Kill the whole process group at once."""
        self._signal(signal.SIGKILL)

    def output(self) -> str:
        """Return the end of what the command wrote to stderr; if that is nothing, to stdout."""
        return self._tails["stderr"].text() or self._tails["stdout"].text()

    def _hear(self, line: bytes) -> None:
        self._tails["stdout"].feed(line)
        found = percent(line)
        self.progress = self.progress if found is None else found

    def _insist(self) -> None:
        try:
            self._process.wait(_KILL_AFTER)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        # The group may be gone already; macOS answers "not permitted" for one that is only zombies.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)


def _reading(stream: IO[bytes] | None, hear: Callable[[bytes], None]) -> threading.Thread:
    def read() -> None:
        if stream is None:
            return
        with stream:
            for line in iter(lambda: stream.readline(_LONGEST_LINE), b""):
                hear(line)

    thread = threading.Thread(target=read, name="output", daemon=True)
    thread.start()
    return thread
