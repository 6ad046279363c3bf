"""An HTTP/1.1 server on asyncio: keep-alive, pipelining, chunks, 100 Continue, clean refusals.

It knows nothing of what it serves. A client that leaves while its request is being answered is noticed
at once, and the handler is cancelled.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
import struct
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from typing import cast

from holter.endpoint.http import (
    Given,
    Handler,
    HangUp,
    HttpRequest,
    HttpResponse,
    HttpStream,
    begin,
    chunk,
    encode,
    plain,
)
from holter.endpoint.reading import BOUNDS, Bounds, Reader, RefusedError
from holter.errors import UsageError
from holter.wire.decision import Cut

log = logging.getLogger("holter.endpoint")

_MOST_PENDING = 32
_OUTCOME = (HttpResponse, HangUp)
_FAILED = plain(500, "the endpoint failed; its log says why")
_LINGER = 1.0  # seconds in which a client may read its last answer and leave by itself
_PATIENCE = 60.0  # seconds in which a client that is sent a stream must have taken some of it


class Server:
    """A server that listens; made by `serving`."""

    def __init__(self, handler: Handler, bounds: Bounds, refusing: Callable[[], bool]) -> None:
        self.handler, self.bounds, self.refusing = handler, bounds, refusing
        self.connections: set[Connection] = set()
        self.address: tuple[str, int] = ("", 0)

    @property
    def port(self) -> int:
        """The port that was taken."""
        return self.address[1]

    async def close(self) -> None:
        """End all connections, and wait for what still answers."""
        open_ones = tuple(self.connections)
        tasks = [connection.abort() for connection in open_ones]
        await asyncio.gather(*(task for task in tasks if task), return_exceptions=True)


@asynccontextmanager
async def serving(
    handler: Handler,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    tls: ssl.SSLContext | None = None,
    bounds: Bounds = BOUNDS,
    refusing: Callable[[], bool] = bool,
) -> AsyncIterator[Server]:
    """Serve while the block runs; port 0 takes a free one. UsageError when the address cannot be had.

    `refusing` is asked of each new connection, and says which are reset as they come.
    """
    server = Server(handler, bounds, refusing)
    loop = asyncio.get_running_loop()
    try:
        listening = await loop.create_server(lambda: Connection(server, loop), host, port, ssl=tls)
    except OSError as why:
        raise UsageError(f"cannot listen on {host}:{port}: {why.strerror or why}") from None
    server.address = listening.sockets[0].getsockname()[:2]
    try:
        yield server
    finally:
        listening.close()
        await server.close()
        await listening.wait_closed()


class Connection(asyncio.Protocol):
    """One client's connection: requests wait in order, one is answered at a time."""

    def __init__(self, server: Server, loop: asyncio.AbstractEventLoop) -> None:
        self._server, self._loop = server, loop
        self._waiting: deque[HttpRequest | HttpResponse] = deque()
        self._task: asyncio.Task[None] | None = None
        self._ended = False
        self._linger: asyncio.TimerHandle | None = None
        self._full: asyncio.Event | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin (called by asyncio)."""
        self._transport = cast(asyncio.Transport, transport)
        peer = transport.get_extra_info("peername") or ("", 0)
        self._reader = Reader(f"{peer[0]}:{peer[1]}", self._server.bounds, time.monotonic)
        self._server.connections.add(self)
        if self._server.refusing():
            self._ended = True
            self._reset()

    def data_received(self, data: bytes) -> None:
        """Take bytes (called by asyncio); bad ones are refused once all before them are answered."""
        if self._ended:
            return
        try:
            self._waiting += self._reader.feed(data)
        except RefusedError as refused:
            self._waiting += (*self._reader.left(), refused.response)
            self._ended = True
        self._go_on()

    def eof_received(self) -> bool:
        """Take the client's end as its leaving: what it still waits for is dropped."""
        self._leave()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """End (called by asyncio)."""
        self._leave()
        if self._linger is not None:
            self._linger.cancel()
        self._server.connections.discard(self)

    def pause_writing(self) -> None:
        """Take note that the client takes less than it is sent (called by asyncio)."""
        self._full = asyncio.Event()

    def resume_writing(self) -> None:
        """Take note that it has caught up (called by asyncio)."""
        if self._full is not None:
            self._full.set()
            self._full = None

    def abort(self) -> asyncio.Task[None] | None:
        """Close at once; return the task that has to be waited for."""
        self._leave()
        self._transport.abort()
        return self._task

    def _leave(self) -> None:
        self._ended = True
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()

    def _go_on(self) -> None:
        """Answer in order, as long as answers come at once; one that comes later is awaited by a task."""
        while self._waiting and self._task is None:
            self._answer(self._waiting.popleft())
        if self._task is None and self._reader.expecting and not self._ended:
            self._continue()
        if len(self._waiting) > _MOST_PENDING:
            self._transport.pause_reading()

    def _continue(self) -> None:
        """Ask for a body that was announced with Expect, once nothing else is to be answered."""
        self._reader.expecting = False
        self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _rest(self, _task: asyncio.Task[None]) -> None:
        self._task = None
        if self._transport.is_closing():
            return
        if not self._ended:
            self._transport.resume_reading()
        self._go_on()

    def _answer(self, request: HttpRequest | HttpResponse) -> None:
        """Answer a request, at once or by a task; a response is the last, to bytes that are no request."""
        if isinstance(request, HttpResponse):
            self._write(request, keep=False, head=False)
            return
        try:
            found = self._server.handler(request)
        except Exception:
            log.exception("%s %s", request.method, request.path)
            found = _FAILED
        if isinstance(found, _OUTCOME):
            self._give(found, request)
        else:
            self._task = self._loop.create_task(self._later(found, request))
            self._task.add_done_callback(self._rest)

    async def _later(self, found: HttpStream | Awaitable[Given], request: HttpRequest) -> None:
        try:
            outcome: Given = found if isinstance(found, HttpStream) else await found
        except Exception:
            log.exception("%s %s", request.method, request.path)
            outcome = _FAILED
        if isinstance(outcome, HttpStream):
            await self._pour(outcome, request)
        else:
            self._give(outcome, request)

    async def _pour(self, stream: HttpStream, request: HttpRequest) -> None:
        """Send what comes piece by piece; a stream that fails breaks off, lest it be taken for whole."""
        chunked, head = request.chunks, request.method == "HEAD"
        self._transport.write(begin(stream, time.time(), keep=request.keep, chunked=chunked))
        try:
            async with aclosing(stream.pieces) as pieces:
                if not head:
                    await self._send(pieces, chunked=chunked)
        except Exception as why:
            if not isinstance(why, TimeoutError):
                log.exception("%s %s", request.method, request.path)
            self._transport.abort()
            return
        if chunked and not head:
            self._transport.write(chunk(b"", chunked=True))
        if not (request.keep and chunked):
            self._end()

    async def _send(self, pieces: AsyncIterator[bytes], *, chunked: bool) -> None:
        """Send pieces, each when most of those before have been taken; `TimeoutError` when none is."""
        async for piece in pieces:
            if piece:
                self._transport.write(chunk(piece, chunked=chunked))
            if self._full is not None:
                async with asyncio.timeout(_PATIENCE):
                    await self._full.wait()

    def _give(self, outcome: HttpResponse | HangUp, request: HttpRequest) -> None:
        if isinstance(outcome, HttpResponse):
            self._write(outcome, keep=request.keep, head=request.method == "HEAD")
        else:
            self._break(outcome)

    def _write(self, response: HttpResponse, *, keep: bool, head: bool) -> None:
        self._transport.write(encode(response, time.time(), keep=keep, head=head))
        if not keep:
            self._end()

    def _break(self, how: HangUp) -> None:
        if how.cut is Cut.RESET:
            self._reset()
        elif how.cut is Cut.MIDDLE and how.response is not None:
            whole = encode(how.response, time.time(), keep=True)
            self._transport.write(whole[: len(whole) - (len(how.response.body) + 1) // 2])
        self._end()

    def _reset(self) -> None:
        """Tear the connection down: a socket that does not linger answers with RST."""
        sock = self._transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()

    def _end(self) -> None:
        self._ended = True
        self._waiting.clear()
        self._hang_up()

    def _hang_up(self) -> None:
        """Close, but let a client that still sends read its answer first: closing now would reset it."""
        if self._transport.is_closing():
            return
        if self._transport.can_write_eof():
            self._transport.write_eof()
            self._linger = self._loop.call_later(_LINGER, self._transport.close)
        else:
            self._transport.close()
