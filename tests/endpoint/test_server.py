from __future__ import annotations

import asyncio
import logging
import select
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from holter.endpoint.http import Handler, HttpRequest, HttpResponse
from holter.endpoint.reading import BOUNDS, Bounds
from holter.endpoint.server import Server, serving
from holter.errors import UsageError

Client = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(200, request.path.encode() + b":" + request.body)


class Hanging:
    """A handler that never answers /hang and tells what became of it."""

    def __init__(self) -> None:
        self.begun, self.cancelled = asyncio.Event(), asyncio.Event()

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path != "/hang":
            return await echo(request)
        self.begun.set()
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            self.cancelled.set()
            raise
        return HttpResponse(500)


@asynccontextmanager
async def client(server: Server) -> AsyncIterator[Client]:
    reader, writer = await asyncio.open_connection(*server.address)
    try:
        yield reader, writer
    finally:
        writer.close()
        try:
            await writer.wait_closed()
        except OSError:
            assert reader.at_eof() or reader.exception()


def run(
    talk: Callable[[Server], Awaitable[None]], handler: Handler = echo, *, bounds: Bounds = BOUNDS
) -> None:
    async def main() -> None:
        async with serving(handler, bounds=bounds) as server:
            await asyncio.wait_for(talk(server), 20)

    asyncio.run(main())


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    length = next(line.split(": ")[1] for line in head.split("\r\n") if line.startswith("Content-Length"))
    return int(head.split()[1]), await reader.readexactly(int(length))


def post(path: str, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: x", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def test_a_connection_is_kept_and_pipelined_requests_are_answered_in_order() -> None:
    async def slow_first(request: HttpRequest) -> HttpResponse:
        await asyncio.sleep(0.05 if request.path == "/0" else 0)
        return await echo(request)

    async def talk(server: Server) -> None:
        async with client(server) as (reader, writer):
            for _ in range(2):
                writer.write(b"".join(post(f"/{n}", b"x" * n) for n in range(100)))
                for n in range(100):
                    assert await answer(reader) == (200, f"/{n}:".encode() + b"x" * n)

    run(talk, slow_first)


def test_a_request_may_come_byte_by_byte_and_in_chunks() -> None:
    data = b"POST /? HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"

    async def talk(server: Server) -> None:
        async with client(server) as (reader, writer):
            for byte in data:
                writer.write(bytes([byte]))
                await writer.drain()
            assert await answer(reader) == (200, b"/?:hello")

    run(talk)


def test_a_client_that_expects_a_continue_gets_it_after_the_answers_before() -> None:
    async def talk(server: Server) -> None:
        async with client(server) as (reader, writer):
            head = post("/b", b"", "Expect: 100-continue").replace(b"Content-Length: 0", b"Content-Length: 2")
            writer.write(post("/a") + head)
            assert await answer(reader) == (200, b"/a:")
            assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
            writer.write(b"ok")
            assert await answer(reader) == (200, b"/b:ok")

    run(talk)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"\x00\x01\x02garbage\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 5000\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nX: " + b"x" * 40_000, 431),
    ],
)
def test_garbage_is_refused_after_the_answers_before_it_and_ends_the_connection(
    data: bytes, status: int
) -> None:
    async def talk(server: Server) -> None:
        async with client(server) as (reader, writer):
            writer.write(post("/a") + data)
            assert await answer(reader) == (200, b"/a:")
            assert (await answer(reader))[0] == status
            assert await reader.read() == b""

    run(talk, bounds=Bounds(head=20_000, body=1000))


@pytest.mark.parametrize("data", [b"GET / HTTP/1.0\r\n\r\n", b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n"])
def test_a_connection_ends_when_its_client_says_so(data: bytes) -> None:
    async def talk(server: Server) -> None:
        async with client(server) as (reader, writer):
            writer.write(data)
            answered = await reader.read()
            assert answered.startswith(b"HTTP/1.1 200 OK\r\n")
            assert b"Connection: close\r\n" in answered

    run(talk)


def test_head_has_no_body() -> None:
    async def talk(server: Server) -> None:
        async with client(server) as (reader, writer):
            writer.write(b"HEAD /x HTTP/1.1\r\n\r\n" + post("/y"))
            head = await reader.readuntil(b"\r\n\r\n")
            assert b"Content-Length: 3" in head
            assert await answer(reader) == (200, b"/y:")

    run(talk)


@pytest.mark.parametrize("before", [b"", post("/a")])
@pytest.mark.parametrize("abort", [True, False])
def test_a_client_that_leaves_is_noticed_while_it_waits(before: bytes, abort: bool) -> None:
    async def main() -> None:
        handler = Hanging()
        async with serving(handler) as server, client(server) as (_, writer):
            writer.write(before + post("/hang") + post("/never"))
            await asyncio.wait_for(handler.begun.wait(), 10)
            if abort:
                writer.transport.abort()
            else:
                writer.close()
            await asyncio.wait_for(handler.cancelled.wait(), 10)
        assert handler.cancelled.is_set()

    asyncio.run(main())


def test_closing_the_server_ends_what_still_waits() -> None:
    async def main() -> None:
        handler = Hanging()
        async with serving(handler) as server:
            reader, writer = await asyncio.open_connection(*server.address)
            writer.write(post("/hang"))
            await asyncio.wait_for(handler.begun.wait(), 10)
        assert handler.cancelled.is_set()
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(main())


def test_a_handler_that_fails_is_logged_and_answered_with_500(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(request: HttpRequest) -> HttpResponse:
        raise LookupError("what now")

    async def talk(server: Server) -> None:
        async with client(server) as (reader, writer):
            writer.write(post("/a"))
            assert (await answer(reader))[0] == 500

    with caplog.at_level(logging.ERROR, "holter.endpoint"):
        run(talk, broken)
    assert "what now" in caplog.text


def test_a_port_that_is_taken_is_one_clear_line() -> None:
    async def main() -> None:
        async with serving(echo) as first:
            with pytest.raises(UsageError, match=rf"^cannot listen on 127.0.0.1:{first.port}: [^\n]*$"):
                async with serving(echo, port=first.port):
                    pytest.fail("two servers on one port")

    asyncio.run(main())


def test_a_client_that_still_sends_gets_to_read_its_refusal() -> None:
    def send_on(server: Server) -> bytes:
        with socket.create_connection(server.address, 10) as made:
            made.sendall(b"POST / HTTP/1.1\r\nContent-Length: 3000000\r\n\r\n")
            assert select.select([made], [], [], 10)[0] == [made]
            for _ in range(30):
                made.sendall(b"x" * 100_000)
            return made.recv(65_536)

    async def talk(server: Server) -> None:
        assert (await asyncio.to_thread(send_on, server)).startswith(b"HTTP/1.1 413 ")

    run(talk, bounds=Bounds(body=1000))


def test_many_clients_are_served_at_once() -> None:
    async def one(server: Server, n: int) -> tuple[int, bytes]:
        async with client(server) as (reader, writer):
            writer.write(post(f"/{n}"))
            return await answer(reader)

    async def talk(server: Server) -> None:
        found = await asyncio.gather(*(one(server, n) for n in range(200)))
        assert found == [(200, f"/{n}:".encode()) for n in range(200)]

    run(talk)
