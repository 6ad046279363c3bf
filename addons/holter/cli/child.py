"""The wrapped command: started in an environment, signalled, waited for."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import IO, Self

from holter.errors import CommandNotStartedError

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
FORWARDED = (*ENDING, signal.SIGUSR1, signal.SIGUSR2)


def must_exist(command: Sequence[str]) -> None:
    """Raise `CommandNotStartedError` unless the command can be found: before anything is recorded."""
    import shutil  # for a command only: it brings four ways to compress

    if shutil.which(command[0]) is None:
        raise CommandNotStartedError(f"{command[0]}: no such command, or it may not be executed")


class Signals:
    """Takes all signals of a run, from its start to its end.

    They are passed on to the command while it runs. Otherwise one that ends programs ends the run, in
    good order: from the first moment on, so that no recording is left without its end.
    """

    def __init__(self) -> None:
        self.ended = asyncio.Event()
        self.number: signal.Signals | None = None
        self._process: asyncio.subprocess.Process | None = None

    def __enter__(self) -> Self:
        for number in FORWARDED:
            asyncio.get_running_loop().add_signal_handler(number, self._take, number)
        return self

    def __exit__(self, *_: object) -> None:
        for number in FORWARDED:
            asyncio.get_running_loop().remove_signal_handler(number)

    def _take(self, number: signal.Signals) -> None:
        if self._process and self._process.returncode is None:
            # a terminal gives Ctrl-C to the command itself
            if not (number is signal.SIGINT and _in_foreground()):
                self._process.send_signal(number)
        elif number in ENDING:
            self.number = number
            self.ended.set()

    async def run(
        self, command: Sequence[str], environment: Mapping[str, str], output: IO[str] | None = None
    ) -> int:
        """Run a command to its end; return its exit code, 128+n where signal n ended it.

        It shares our standard streams, or writes all to `output`.
        """
        if self.number:
            return 128 + self.number
        whole = {**os.environ, **environment}
        try:
            self._process = await asyncio.create_subprocess_exec(
                *command, env=whole, stdout=output, stderr=output
            )
        except OSError as why:
            raise CommandNotStartedError(f"{command[0]}: cannot be started: {why.strerror}") from None
        code = await self._process.wait()
        return 128 - code if code < 0 else code


def _in_foreground() -> bool:
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return False
