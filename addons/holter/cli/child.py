"""The wrapped command: started in an environment, signalled, waited for."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Mapping, Sequence

from holter.errors import CommandNotStartedError

FORWARDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)


def must_exist(command: Sequence[str]) -> None:
    """Raise `CommandNotStartedError` unless the command can be found: before anything is recorded."""
    if shutil.which(command[0]) is None:
        raise CommandNotStartedError(f"{command[0]}: no such command, or it may not be executed")


async def run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command to its end, passing signals on; return its exit code, 128+n after signal n."""
    try:
        process = await asyncio.create_subprocess_exec(*command, env={**os.environ, **environment})
    except OSError as why:
        raise CommandNotStartedError(f"{command[0]}: cannot be started: {why.strerror}") from None
    loop = asyncio.get_running_loop()
    for number in FORWARDED:
        loop.add_signal_handler(number, _pass_on, process, number)
    try:
        code = await process.wait()
    finally:
        for number in FORWARDED:
            loop.remove_signal_handler(number)
    return 128 - code if code < 0 else code


def _pass_on(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    """Send a signal on, but not the Ctrl-C of a terminal: the command has got that one itself."""
    if process.returncode is None and not (number is signal.SIGINT and _in_foreground()):
        process.send_signal(number)


def _in_foreground() -> bool:
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return False


async def interrupted() -> None:
    """Wait for Ctrl-C or a request to terminate."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    numbers = (signal.SIGINT, signal.SIGTERM)
    for number in numbers:
        loop.add_signal_handler(number, stop.set)
    try:
        await stop.wait()
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)
