"""Server-sent events over a real connection: flushes, numbers, the end, and who is too late."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from holter.board import events as module
from holter.board.events import encoded
from holter.board.journal import Journal
from holter.endpoint.server import Server, serving

from .rig import TOKEN, Rig
from .test_live import beat, handed, quiet
from .waiting import until


class Stream:
    """A client that reads events."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader, self._coming = reader, self._events()
        self.last = 0

    async def _lines(self) -> AsyncIterator[str]:
        rest = b""
        while size := int(await self._reader.readline(), 16):
            piece = await self._reader.readexactly(size + 2)
            *lines, rest = (rest + piece[:-2]).split(b"\n")
            for line in lines:
                yield line.decode()
        assert rest == b""

    async def _events(self) -> AsyncIterator[tuple[str, Any]]:
        name, data = "", ""
        async for line in self._lines():
            key, _, value = line.partition(": ")
            if key == "event":
                name = value
            elif key == "data":
                data = value
            elif key == "id":
                self.last = int(value)
            elif not line and name:
                yield name, json.loads(data)
                name = ""

    async def upto(self, last: str) -> list[tuple[str, Any]]:
        found = []
        async for name, value in self._coming:
            found.append((name, value))
            if name == last:
                return found
        return found


@asynccontextmanager
async def stream(server: Server, after: int | None = None) -> AsyncIterator[Stream]:
    reader, writer = await asyncio.open_connection(*server.address)
    path = "/v1/events" if after is None else f"/v1/events?after={after}"
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    assert b" 200 " in head, head
    assert b"text/event-stream" in head
    try:
        yield Stream(reader)
    finally:
        writer.close()


def run(talk: Callable[[Rig, Server], Awaitable[None]]) -> None:
    async def main() -> None:
        rig = quiet()
        async with serving(rig.api) as server:
            await asyncio.wait_for(talk(rig, server), 30)
            await until(lambda: rig.api.live.readers == 0)

    asyncio.run(main())


def test_calls_come_in_flushes_that_end_with_this_moment_and_a_number() -> None:
    async def talk(rig: Rig, server: Server) -> None:
        async with stream(server) as reading:
            assert {name for name, _ in await reading.upto("now")} == {"blind", "faults", "state", "now"}
            handed(rig)
            beat(rig)
            found = await reading.upto("now")
            assert [name for name, _ in found] == ["call", "call", "lease", "state", "now"]
            await until(lambda: rig.api.live.watch.journal.last == 2)

    run(talk)


def test_who_comes_back_with_the_last_number_misses_nothing_and_gets_nothing_twice() -> None:
    async def talk(rig: Rig, server: Server) -> None:
        beat(rig)
        async with stream(server, 0) as reading:
            found = await reading.upto("call")
            found += await reading.upto("now")
        beat(rig)
        beat(rig)
        await until(lambda: rig.api.live.readers == 0)
        async with stream(server, 1) as again:
            found = await again.upto("now")
            assert [value["seq"] for name, value in found if name == "call"] == [2, 3]

    run(talk)


def test_who_comes_back_too_late_is_told_to_begin_anew() -> None:
    async def talk(rig: Rig, server: Server) -> None:
        beat(rig)
        async with stream(server, 99) as reading:
            assert await reading.upto("never") == [("reload", {})]
            assert reading.last == 1

    run(talk)


def test_the_end_comes_after_all_else() -> None:
    async def talk(rig: Rig, server: Server) -> None:
        async with stream(server) as reading:
            await reading.upto("now")
            handed(rig)
            rig.trial.close()
            found = await reading.upto("never")
            assert [name for name, _ in found][-1] == "end"
            assert any(name == "lease" and value["outcome"] == "unfinished" for name, value in found)

    run(talk)


def test_a_reader_is_told_the_time_even_where_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK", 0.2)

    async def talk(rig: Rig, server: Server) -> None:
        async with stream(server) as reading:
            await reading.upto("now")
            (first,), (second,) = await reading.upto("now"), await reading.upto("now")
            assert (first[0], second[0]) == ("now", "now")
            assert first[1]["now"] < second[1]["now"]
            beat(rig)
            assert "call" in dict(await reading.upto("call"))

    run(talk)


def test_a_reader_for_whom_too_much_happens_at_once_is_told_to_begin_anew() -> None:
    async def talk(rig: Rig, server: Server) -> None:
        rig.watch.journal = Journal(100)
        async with stream(server) as reading:
            await reading.upto("now")
            for _ in range(101):
                beat(rig)
            assert await reading.upto("never") == [("reload", {})]

    run(talk)


def test_an_event_is_named_and_its_data_stands_on_one_line() -> None:
    found = encoded([("a", {"x": "1\n2"}), ("b", {})], 7)

    assert found == b'event: a\ndata: {"x":"1\\n2"}\n\nevent: b\ndata: {}\nid: 7\n\n'
