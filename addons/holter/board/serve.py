"""The control API on a port of this machine, and the file that says how to reach it."""

from __future__ import annotations

import contextlib
import ipaddress
import json
import os
import secrets
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from holter.board.api import Api
from holter.board.watch import Watch
from holter.endpoint.server import serving
from holter.errors import UsageError
from holter.faults.plans import Mode
from holter.keeper import Keeper
from holter.session import Listener


@dataclass(frozen=True, slots=True)
class Board:
    """What was asked: where to listen, and where to write URL and token. `watch` is the run's listener."""

    address: tuple[str, int]
    file: str
    watch: Watch


def asked(address: tuple[str, int] | None, file: str | None, listener: Listener) -> Board | None:
    """Return the board that `--control` and `--control-file` ask for, None where neither is given.

    `UsageError` where it would be open to others, or nobody could learn its token.
    """
    if file is None:
        if address is not None:
            raise UsageError("--control: give --control-file too: it is where the token is written")
        return None
    host, port = address or ("127.0.0.1", 0)
    if host != "localhost" and not _is_loopback(host):
        raise UsageError(f"--control: {host} can be reached from elsewhere: only this machine's own will do")
    return Board((host, port), file, Watch(listener))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@asynccontextmanager
async def controlled(board: Board | None, keeper: Keeper, mode: Mode) -> AsyncIterator[None]:
    """Serve the control API of a run while the block runs, if it is asked for; the file goes at the end."""
    if board is None:
        yield
        return
    token = secrets.token_urlsafe(32)
    api = Api(keeper, board.watch, mode, token)
    host, port = board.address
    async with serving(api, host=host, port=port) as server:
        shown = f"[{host}]" if ":" in host else host
        _write(board.file, {"url": f"http://{shown}:{server.port}", "token": token})
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                os.unlink(board.file)


def _write(path: str, said: dict[str, str]) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    try:
        descriptor, name = tempfile.mkstemp(dir=os.path.dirname(os.path.abspath(path)))  # mode 0600
        with open(descriptor, "w", encoding="utf-8") as file:
            json.dump(said, file)
        os.replace(name, path)
    except OSError as why:
        raise UsageError(f"--control-file: {path} cannot be written: {why.strerror}") from None
