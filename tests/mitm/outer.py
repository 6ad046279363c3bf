"""The proxy of a company: wants to know who asks, and leads names to where the test has put them."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from holter.wayout import Parent

USER = "us er:p@ss:word"


@dataclass
class Outer:
    """What it was asked, and the port to which every name leads."""

    port: int
    parent: Parent
    asked: list[str] = field(default_factory=list)
    refused: int = 0
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Open one tunnel, or pass one plain request on."""
        task = asyncio.current_task()
        assert task is not None
        self.tasks.add(task)
        with contextlib.closing(writer), contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            head = await reader.readuntil(b"\r\n\r\n")
            self.asked.append(head.split(b"\r\n")[0].decode())
            due = b"Proxy-Authorization: Basic " + base64.b64encode(USER.encode())
            if due.lower() not in head.lower():
                self.refused += 1
                writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
                return
            theirs, mine = await asyncio.open_connection("127.0.0.1", self.port)
            if head.startswith(b"CONNECT "):
                writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            else:
                mine.write(head.replace(b"\r\n" + due, b""))
            await asyncio.gather(_pipe(reader, mine), _pipe(theirs, writer))


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.closing(writer), contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()


@asynccontextmanager
async def outer(
    port: int, credentials: str | None = USER, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Outer]:
    """Run it, within `tls` if given; `credentials` are what Holter is told of them."""
    found = Outer(port, Parent("https" if tls else "http", "127.0.0.1", 0, credentials))
    async with await asyncio.start_server(found.serve, "127.0.0.1", 0, ssl=tls) as server:
        found.parent = replace(found.parent, port=server.sockets[0].getsockname()[1])
        yield found
        for task in found.tasks:
            task.cancel()
        await asyncio.gather(*found.tasks, return_exceptions=True)
