"""How the calls of a test come to its cassette: in process, over an endpoint in a thread, over a proxy."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

from holter import clientenv
from holter.endpoint.replay import running
from holter.endpoint.server import serving
from holter.endpoint.thread import Hosted, in_thread
from holter.errors import UsageError
from holter.inprocess import InProcess, answering
from holter.receivers import Listener
from holter.replay.modes import File, Row, row
from holter.replayer import Replayer
from holter.testing.environment import OFFLINE, environment
from holter.testing.wanted import Wanted


@contextmanager
def opened(wanted: Wanted, listener: Listener, *, record: str) -> Iterator[Replayer]:
    """Open a replay while the block runs; a cassette that nothing was recorded to is not left behind.

    `record` is the command that records what is missing.
    """
    replay, found = wanted.replay, must_be_there(wanted, record)
    if found.file is File.CREATE:
        os.makedirs(os.path.dirname(replay.paths[0]) or ".", exist_ok=True)
    replayer = Replayer(replay, listener, wanted.recording)
    try:
        yield replayer
    finally:
        replayer.close()
        if found.file is File.CREATE and not replayer.audit.calls:
            with suppress(FileNotFoundError):
                os.unlink(replayer.path)


def must_be_there(wanted: Wanted, record: str) -> Row:
    """Refuse to play what is missing, and return what the mode does."""
    missing = [path for path in wanted.replay.paths if not os.path.exists(path)]
    found = row(wanted.replay.mode, there=not missing)
    if missing and not found.live:
        raise UsageError(f"{missing[0]}: is not there; record it: {record}")
    return found


@contextmanager
def in_process(replayer: Replayer) -> Iterator[InProcess]:
    """Answer the clients of this process; where calls may go out, they do so with their own credentials."""
    live = replayer.row.live
    with environment({} if live else OFFLINE), answering(replayer, signed=live) as here:
        yield here


def must_be_offline(wanted: Wanted) -> None:
    """Refuse what may pass calls on, before anything is opened."""
    replay = wanted.replay
    if row(replay.mode, there=all(map(os.path.exists, replay.paths))).live:
        raise UsageError(
            f"mode {replay.mode}: holter_endpoint passes no call on to a service: record in process, "
            "without holter_endpoint, or with holter record"
        )


@contextmanager
def on_endpoint(replayer: Replayer) -> Iterator[tuple[str, Hosted[str]]]:
    """Serve an endpoint in a thread, lead the clients of this process there, and yield its URL."""

    @asynccontextmanager
    async def start() -> AsyncIterator[str]:
        async with running(replayer) as handler, serving(handler, refusing=handler.refusing) as server:
            yield f"http://127.0.0.1:{server.port}"

    with in_thread(start) as hosted:
        url = hosted.value
        with environment({**OFFLINE, **clientenv.offline(url, os.environ)}):
            yield url, hosted
