"""Answers that come piece by piece."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable

import pytest

from holter.endpoint import server as module
from holter.endpoint.http import HttpRequest, HttpResponse, HttpStream
from holter.endpoint.server import Server, serving

from .test_server import answer, client, run

Pieces = AsyncGenerator[bytes, None]


class Source:
    """Gives pieces as they are put in, and tells when nobody wants them any more."""

    def __init__(self) -> None:
        self.waiting: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.left = asyncio.Event()
        self.given = 0

    async def pieces(self) -> Pieces:
        try:
            while (piece := await self.waiting.get()) is not None:
                self.given += 1
                yield piece
        finally:
            self.left.set()

    def __call__(self, request: HttpRequest) -> HttpResponse | HttpStream:
        if request.path == "/plain":
            return HttpResponse(200, b"plain")
        return HttpStream(200, self.pieces(), (("Content-Type", "text/event-stream"),))


def get(path: str = "/", version: str = "1.1", method: str = "GET") -> bytes:
    return f"{method} {path} HTTP/{version}\r\nHost: x\r\n\r\n".encode()


async def piece(reader: asyncio.StreamReader) -> bytes:
    size = int(await reader.readline(), 16)
    return (await reader.readexactly(size + 2))[:-2]


def served(talk: Callable[[Source, Server], object]) -> None:
    async def main() -> None:
        source = Source()
        async with serving(source) as server:
            await asyncio.wait_for(talk(source, server), 20)  # type: ignore[arg-type]

    asyncio.run(main())


def test_pieces_come_as_they_are_made_and_the_connection_is_kept() -> None:
    async def talk(source: Source, server: Server) -> None:
        async with client(server) as (reader, writer):
            writer.write(get() + get("/plain"))
            head = await reader.readuntil(b"\r\n\r\n")
            assert b"Transfer-Encoding: chunked\r\n" in head
            assert b"Content-Length" not in head
            for text in (b"one", b"", b"two\r\n", None):
                source.waiting.put_nowait(text)
                if text:
                    assert await piece(reader) == text
            assert await piece(reader) == b""
            assert await answer(reader) == (200, b"plain")

    served(talk)


def test_a_stream_may_come_later() -> None:
    source: list[Source] = []

    async def later(request: HttpRequest) -> HttpStream:
        source.append(Source())
        source[0].waiting.put_nowait(b"x")
        source[0].waiting.put_nowait(None)
        return HttpStream(200, source[0].pieces())

    async def talk(server: Server) -> None:
        async with client(server) as (reader, writer):
            writer.write(get())
            await reader.readuntil(b"\r\n\r\n")
            assert [await piece(reader) for _ in range(2)] == [b"x", b""]

    run(talk, later)


def test_an_old_client_gets_it_without_chunks_up_to_the_end_of_the_connection() -> None:
    async def talk(source: Source, server: Server) -> None:
        async with client(server) as (reader, writer):
            writer.write(get(version="1.0"))
            for text in (b"one", b"two", None):
                source.waiting.put_nowait(text)
            head, _, body = (await reader.read()).partition(b"\r\n\r\n")
            assert b"Connection: close" in head
            assert b"chunked" not in head
            assert body == b"onetwo"

    served(talk)


def test_head_asks_for_no_piece() -> None:
    async def talk(source: Source, server: Server) -> None:
        async with client(server) as (reader, writer):
            writer.write(get(method="HEAD") + get("/plain"))
            await reader.readuntil(b"\r\n\r\n")
            assert await answer(reader) == (200, b"plain")
            assert source.given == 0

    served(talk)


@pytest.mark.parametrize("abort", [True, False])
def test_a_client_that_leaves_ends_the_stream_at_once(abort: bool) -> None:
    async def talk(source: Source, server: Server) -> None:
        async with client(server) as (reader, writer):
            writer.write(get())
            source.waiting.put_nowait(b"x")
            await reader.readuntil(b"x\r\n")
            if abort:
                writer.transport.abort()
            else:
                writer.close()
            await asyncio.wait_for(source.left.wait(), 10)
        assert source.left.is_set()

    served(talk)


def test_closing_the_server_ends_a_stream() -> None:
    async def main() -> None:
        source = Source()
        async with serving(source) as server:
            reader, writer = await asyncio.open_connection(*server.address)
            writer.write(get())
            await reader.readuntil(b"\r\n\r\n")
        assert source.left.is_set()
        writer.close()

    asyncio.run(main())


def test_a_client_that_does_not_read_is_sent_a_bounded_amount_and_then_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 0.3)

    async def talk(source: Source, server: Server) -> None:
        for _ in range(1000):
            source.waiting.put_nowait(b"x" * 100_000)
        async with client(server) as (_, writer):
            writer.write(get())
            await asyncio.wait_for(source.left.wait(), 10)
        assert source.given < 500

    served(talk)


def test_a_stream_that_fails_breaks_off_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def pieces() -> Pieces:
        yield b"one"
        raise LookupError("what now")

    async def talk(server: Server) -> None:
        async with client(server) as (reader, writer):
            writer.write(get())
            try:
                got = await reader.read()
            except ConnectionResetError:
                got = b""
            assert not got.endswith(b"0\r\n\r\n")

    with caplog.at_level(logging.ERROR, "holter.endpoint"):
        run(talk, lambda _: HttpStream(200, pieces()))
    assert "what now" in caplog.text
