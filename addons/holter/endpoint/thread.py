"""An endpoint in a thread of its own, for callers that have no event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Hosted(Generic[T]):
    """What runs in the thread, and a way to call into it."""

    value: T
    loop: asyncio.AbstractEventLoop

    def call(self, function: Callable[[], R]) -> R:
        """Run a function on the thread's event loop and return what it returned."""

        async def run() -> R:
            return function()

        return asyncio.run_coroutine_threadsafe(run(), self.loop).result()


@contextmanager
def in_thread(start: Callable[[], AbstractAsyncContextManager[T]]) -> Iterator[Hosted[T]]:
    """Run an asynchronous context in a thread while the block runs; its start-up errors are raised here."""
    started: SimpleQueue[tuple[Hosted[T], asyncio.Event] | BaseException] = SimpleQueue()
    thread = threading.Thread(target=_host, args=(start, started), name="holter-endpoint", daemon=True)
    thread.start()
    first = started.get()
    if isinstance(first, BaseException):
        thread.join()
        raise first
    hosted, stop = first
    try:
        yield hosted
    finally:
        hosted.loop.call_soon_threadsafe(stop.set)
        thread.join()
    if not started.empty() and isinstance(late := started.get(), BaseException):
        raise late


def _host(
    start: Callable[[], AbstractAsyncContextManager[T]],
    started: SimpleQueue[tuple[Hosted[T], asyncio.Event] | BaseException],
) -> None:
    async def main() -> None:
        stop = asyncio.Event()
        async with start() as value:
            started.put((Hosted(value, asyncio.get_running_loop()), stop))
            await stop.wait()

    try:
        asyncio.run(main())
    except BaseException as why:  # noqa: BLE001  # handed to the thread that waits for the start
        started.put(why)
