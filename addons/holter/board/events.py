"""Server-sent events of a run (WHATWG HTML, 9.2): flushes of what is new, with a number to go on from."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing

from holter.board.live import MOST, Live, Told
from holter.wire.message import Json

EVERY = 0.1
"""Seconds between two flushes at the least: what happens meanwhile is told at once."""

LOOK = 1.0
"""Seconds after which a reader is told what time it is, and what has no event of its own, such as faults
that are over: silence says that Holter itself has stopped."""

AT_ONCE = 0.005
"""Seconds between two flushes of a reader that is far behind."""


async def events(live: Live, after: int) -> AsyncGenerator[bytes, None]:
    """Yield flushes from an event's number on, until the run has ended.

    A reader that is late makes its next flush late, and nothing is kept for it; one that misses something
    is told to begin anew, and told no more.
    """
    live.readers += 1
    try:
        async with aclosing(_flushes(live, Told(after))) as flushes:
            async for flush in flushes:
                yield flush
    finally:
        live.readers -= 1


async def _flushes(live: Live, told: Told) -> AsyncGenerator[bytes, None]:
    journal, looked = live.watch.journal, float("-inf")
    while True:
        now, closed = time.monotonic(), live.closed
        if closed or journal.last != told.after or now - looked >= LOOK:
            looked, news = now, live.since(told)
            if news is None:
                yield encoded([("reload", {})], journal.last)
                return
            yield encoded([*news, ("now", {"now": live.now})], told.after)
            if closed and journal.last == told.after:
                yield encoded([("end", {"now": live.now})], told.after)
                return
        await asyncio.sleep(EVERY if journal.last - told.after < MOST else AT_ONCE)


def encoded(news: Iterable[tuple[str, Json]], number: int) -> bytes:
    """Return events as bytes; the number to go on from stands at the last of them."""
    texts = [f"event: {name}\ndata: {json.dumps(value, separators=(',', ':'))}\n" for name, value in news]
    return ("\n".join(texts) + f"id: {number}\n\n").encode()
