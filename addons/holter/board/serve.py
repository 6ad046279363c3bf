"""Page and control API on a port of this machine, and the file that says how to reach them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from holter.board.api import Api
from holter.board.files import is_loopback
from holter.board.lag import Lag
from holter.board.watch import Watch
from holter.endpoint.server import serving
from holter.errors import UsageError
from holter.faults.plans import Mode
from holter.keeper import Keeper
from holter.receivers import Listener

_LAST_WORDS = 1.0
"""Seconds in which readers of events may take in that the run has ended."""


@dataclass(frozen=True, slots=True)
class Board:
    """What was asked: where to listen, and where to write URL and token. `watch` is the run's listener.

    `tell` is told the page's link, where a page is asked for.
    """

    address: tuple[str, int]
    file: str | None
    watch: Watch
    tell: Callable[[str], None] | None = None


def asked(
    listener: Listener,
    *,
    control: tuple[str, int] | None = None,
    file: str | None = None,
    board: tuple[str, int] | None = None,
    tell: Callable[[str], None] = print,
) -> Board | None:
    """Return what `--board`, `--control` and `--control-file` ask for, None where none is given.

    `UsageError` where it would be open to others, or nobody could learn its token.
    """
    if board and control and board != control:
        raise UsageError("--board and --control: page and control API share a port: give one of them")
    if control and not (file or board):
        raise UsageError("--control: give --control-file too: it is where the token is written")
    if file is None and board is None:
        return None
    host, port = board or control or ("127.0.0.1", 0)
    if not is_loopback(host):
        option = "--board" if board else "--control"
        raise UsageError(f"{option}: {host} can be reached from elsewhere: only this machine's own will do")
    return Board((host, port), file, Watch(listener), tell if board else None)


@asynccontextmanager
async def controlled(board: Board | None, keeper: Keeper, mode: Mode) -> AsyncIterator[None]:
    """Serve page and control API of a run while the block runs, if asked for; the file goes at the end.

    A run that has ended by then is told of as such: whoever reads its events is given time to hear it.
    """
    if board is None:
        yield
        return
    board.watch.follow(keeper.audit.timeline, keeper.before())
    token, lag = secrets.token_urlsafe(32), Lag()
    api = Api(keeper, board.watch, mode, token, lag)
    host, port = board.address
    async with serving(api, host=host, port=port) as server:
        shown = f"[{host}]" if ":" in host else host
        url = f"http://{shown}:{server.port}"
        link = f"{url}/#{token}"
        if board.file:
            _write(board.file, {"url": url, "token": token, "board": link})
        if board.tell:
            board.tell(f"holter: the board is at {link}")
        looking = asyncio.create_task(lag.watch())
        try:
            yield
            await _heard(api)
        finally:
            looking.cancel()
            if board.file:
                with contextlib.suppress(OSError):
                    os.unlink(board.file)


async def _heard(api: Api) -> None:
    """Wait until readers of events have heard that the run has ended, but not for long."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_LAST_WORDS):
            while api.live.closed and api.live.readers:
                await asyncio.sleep(0.02)


def _write(path: str, said: dict[str, str]) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    try:
        descriptor, name = tempfile.mkstemp(dir=os.path.dirname(os.path.abspath(path)))  # mode 0600
        with open(descriptor, "w", encoding="utf-8") as file:
            json.dump(said, file)
        os.replace(name, path)
    except OSError as why:
        raise UsageError(f"--control-file: {path} cannot be written: {why.strerror}") from None
