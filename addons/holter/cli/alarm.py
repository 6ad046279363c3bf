"""A command of the user's for each finding, started beside the run and never in its way."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from queue import Empty, Full, Queue, SimpleQueue
from types import TracebackType
from typing import Self

from holter.errors import UsageError
from holter.lease.countdown import Ebb
from holter.lease.finding import Finding
from holter.receivers import Listener
from holter.report import json as report
from holter.report.words import counted, flat, iso, shorten
from holter.wire.message import Interaction

TIMEOUT = 10.0
"""Seconds that a command may take; then it is killed, with all that it started."""

AT_ONCE = 4
"""Commands that run at the same time."""

WAITING = 100
"""Findings that wait for their command; more of them are dropped, and counted."""

PATIENCE = 20.0
"""Seconds in which, at the end of a run, the commands of findings that still wait are started."""

_LAST = 500  # bytes of a command's stderr that are looked at


class Alarm:
    """A listener that starts a command for each finding that opens or ends, and passes everything on.

    The finding goes in as JSON, and its parts stand in the environment. What the profile suppresses starts
    nothing. `UsageError` where there is no such command.
    """

    def __init__(self, listener: Listener, command: Sequence[str]) -> None:
        if shutil.which(command[0]) is None:
            raise UsageError(f"--on-finding: {command[0]}: no such command, or it may not be executed")
        self._listener, self._command = listener, tuple(command)
        self._waiting: Queue[Finding | None] = Queue(WAITING)
        self._said: SimpleQueue[str] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False
        self.dropped = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for the commands."""
        self.close()

    def close(self) -> None:
        """Wait until the commands have ended, but not for long, and tell what was dropped."""
        if self._closed:
            return
        self._closed = True
        deadline = time.monotonic() + PATIENCE
        while not self._waiting.empty() and time.monotonic() < deadline:
            time.sleep(0.01)
        with contextlib.suppress(Empty):
            while True:
                self._waiting.get_nowait()
                self.dropped += 1
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()
        self._loop = None
        self._tell()
        if self.dropped:
            dropped = counted(self.dropped, "finding")
            self._listener.trouble(f"--on-finding: {dropped} came too fast and started no command")

    def called(self, interaction: Interaction, age: float | None) -> None:
        """Pass it on."""
        self._listener.called(interaction, age)

    def ebbing(self, ebb: Ebb) -> None:
        """Pass it on."""
        self._listener.ebbing(ebb)

    def trouble(self, text: str) -> None:
        """Pass it on."""
        self._listener.trouble(text)

    def found(self, finding: Finding) -> None:
        """Pass it on, and let its command be started."""
        self._listener.found(finding)
        if finding.suppressed:
            return
        with contextlib.suppress(RuntimeError):
            self._loop = asyncio.get_running_loop()
        try:
            self._waiting.put_nowait(finding)
        except Full:
            self.dropped += 1
            return
        if len(self._threads) < AT_ONCE:
            thread = threading.Thread(target=self._work, name="holter-on-finding", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _work(self) -> None:
        while (finding := self._waiting.get()) is not None:
            if failure := self._failure(finding):
                self._said.put(f"--on-finding: {self._command[0]}: {failure}")
                if loop := self._loop:
                    with contextlib.suppress(RuntimeError):  # it has ended: told at the end
                        loop.call_soon_threadsafe(self._tell)

    def _tell(self) -> None:
        """Tell what failed: on the run's own thread, as all else."""
        with contextlib.suppress(Empty):
            while True:
                self._listener.trouble(self._said.get_nowait())

    def _failure(self, finding: Finding) -> str | None:
        """Run the command for a finding; return in a few words what went wrong, None if nothing did."""
        text = json.dumps(report.finding(finding, {})).encode() + b"\n"
        with tempfile.TemporaryFile() as errors:
            try:
                process = subprocess.Popen(
                    self._command,
                    env={**os.environ, **variables(finding)},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=errors,
                    start_new_session=True,
                )
            except OSError as why:
                return f"cannot be started: {why.strerror}"
            try:
                process.communicate(text, TIMEOUT)
            except subprocess.TimeoutExpired:
                _kill(process)
                return f"took longer than {TIMEOUT:g} s and was killed"
            return None if process.returncode == 0 else _why(process.returncode, errors.fileno())


def variables(finding: Finding) -> dict[str, str]:
    """Return the variables that tell a command of its finding; what there is not is empty."""
    said = {
        "RULE": finding.rule,
        "SEVERITY": finding.severity,
        "CERTAINTY": finding.certainty,
        "STATE": finding.state,
        "CAUSE": finding.cause,
        "TASK": finding.task,
        "ATTEMPT": finding.attempt,
        "CALLER": finding.caller,
        "AT": iso(finding.at),
        "MESSAGE": finding.message,
    }
    return {f"HOLTER_{name}": _fit(value or "") for name, value in said.items()}


def _fit(text: str) -> str:
    """Return a text as an environment can hold it."""
    return flat(text).encode("utf-8", "replace").decode()


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _why(code: int, errors: int) -> str:
    """Return how a command ended, with the last line of what it wrote to stderr."""
    size = os.fstat(errors).st_size
    last = os.pread(errors, _LAST, max(0, size - _LAST)).decode("utf-8", "replace").strip().splitlines()
    ended = f"was ended by signal {-code}" if code < 0 else f"ended with {code}"
    return f"{ended}: {shorten(last[-1], 200)}" if last else ended
