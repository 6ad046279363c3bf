"""The service's end of the wire: notes the very bytes that come, and answers with the bytes it was given."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.clients.catalogue import HOST
from tests.odd.cases import OTHER

from holter.endpoint.tls import context
from holter.sandbox import certificate

AGENT = re.compile(rb"^user-agent: *(\S+)", re.IGNORECASE | re.MULTILINE)
LONGEST = 2**26
FAREWELL = 1.0
"""Seconds that the other end has to take its leave of TLS too, before the connection is cut."""


@dataclass(frozen=True)
class Answer:
    """What is answered to one request: the bytes, and whether the connection ends behind them."""

    data: bytes
    closes: bool = False


@dataclass(frozen=True)
class Got:
    """A request as it came, and the number of its connection."""

    data: bytes
    connection: int


@dataclass
class Receiver:
    """Tells the runs apart by their User-Agent; one without answers left gets its connection closed."""

    authority: Path
    ports: dict[str, int] = field(default_factory=dict)
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    got: dict[str, list[Got]] = field(default_factory=dict)
    ended: Counter[str] = field(default_factory=Counter)
    """How many connections of a run have ended, at both ends."""
    connections: int = 0
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer all requests of one connection."""
        task = asyncio.current_task()
        assert task is not None
        self.tasks.add(task)
        self.connections += 1
        number = self.connections
        ends = (asyncio.IncompleteReadError, ConnectionError)
        with contextlib.closing(writer), contextlib.suppress(*ends):
            while True:
                data = await _read(reader)
                found = AGENT.search(data)
                run = found[1].decode("latin-1") if found else ""
                self.got.setdefault(run, []).append(Got(data, number))
                left = self.answers.get(run)
                answer = left.pop(0) if left else Answer(b"", closes=True)
                writer.write(answer.data)
                await writer.drain()
                if answer.closes:
                    await _end(reader, writer)
                    self.ended[run] += 1
                    return

    async def close(self) -> None:
        """End what still waits for a request."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


async def _end(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Close, and wait until the other end has taken that in."""
    if writer.can_write_eof():
        writer.write_eof()
        await reader.read()
    else:
        writer.close()
        with contextlib.suppress(OSError):  # it was cut in the end: that is an end too
            await writer.wait_closed()


async def _read(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    if re.search(rb"^transfer-encoding: *chunked", head, re.IGNORECASE | re.MULTILINE):
        return head + await _chunks(reader)
    length = re.search(rb"^content-length: *(\d+)", head, re.IGNORECASE | re.MULTILINE)
    return head + await reader.readexactly(int(length[1]) if length else 0)


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    data = b""
    while True:
        size = await reader.readline()
        data += size + await reader.readexactly(int(size, 16) + 2)
        if int(size, 16) == 0:
            return data


@asynccontextmanager
async def receiver(folder: Path) -> AsyncIterator[Receiver]:
    """Listen in the clear and within TLS."""
    made = certificate.make((HOST, OTHER, "localhost"), datetime.now(UTC))
    found = Receiver(folder / "service-ca.pem")
    found.authority.write_bytes(made.authority)
    async with AsyncExitStack() as stack:
        for scheme, tls in (("http", None), ("https", context(made.chain, made.key))):
            patience = FAREWELL if tls else None
            server = await asyncio.start_server(
                found.serve, "127.0.0.1", 0, ssl=tls, limit=LONGEST, ssl_shutdown_timeout=patience
            )
            stack.push_async_callback(found.close)
            await stack.enter_async_context(server)
            found.ports[scheme] = server.sockets[0].getsockname()[1]
        yield found
