"""A call sent to the service once more."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest
from mitmproxy import http
from mitmproxy.test import tflow
from tests.faults.scenes import text

from holter.faults.planfile import parse
from holter.mitm.copies import Way, send, spelled
from holter.mitm.parent import Chain

from .outer import outer
from .rig import HOST, Rig, rig
from .test_resign import CLIENT, MINE, Strict, resigned


def flow() -> http.HTTPFlow:
    made = tflow.tflow()
    headers = http.Headers(x_amz_target="DataPipeline.X", connection="keep-alive")
    made.request = http.Request.make("POST", "http://localhost/", b'{"taskId":"t"}', headers)
    made.request.host_header = "aws.example.com"
    return made


def test_what_is_signed_is_the_same_and_the_connection_ends_after_it() -> None:
    head, body = spelled(flow().request, "/").split(b"\r\n\r\n")

    assert body == b'{"taskId":"t"}'
    assert head.split(b"\r\n") == [
        b"POST / HTTP/1.1",
        b"Host: aws.example.com",
        b"Content-Length: 14",
        b"x-amz-target: DataPipeline.X",
        b"Connection: close",
    ]


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    ],
)
def test_it_waits_for_the_whole_answer_even_if_the_connection_stays(answer: bytes) -> None:
    async def main() -> bytes:
        got: asyncio.Queue[bytes] = asyncio.Queue()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            asked = await reader.readuntil(b'{"taskId":"t"}')
            writer.write(answer[:20])
            await writer.drain()
            writer.write(answer[20:])
            await reader.read()
            await ended(writer)
            got.put_nowait(asked)

        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            await send(flow(), Way(server.sockets[0].getsockname()[:2]))
            return await got.get()

    assert asyncio.run(main()) == spelled(flow().request, "/")


def test_what_cannot_be_sent_or_is_no_answer_is_an_os_error() -> None:
    async def main() -> None:
        done = asyncio.Event()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"SSH-2.0\r\n\r\n")
            await reader.read()
            await ended(writer)
            done.set()

        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            address = server.sockets[0].getsockname()[:2]
            with pytest.raises(OSError, match="its answer is no HTTP"):
                await send(flow(), Way(address))
            await done.wait()
        with pytest.raises(OSError, match=r"refused|Connect"):
            await send(flow(), Way(address))

    asyncio.run(main())


async def ended(writer: asyncio.StreamWriter) -> None:
    """Close a connection, and see it closed."""
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


RULE = "when: {op: PollForTask}, then: {duplicate: 3}"


@pytest.mark.parametrize(
    ("mode", "tls", "resign"),
    [
        ("forward", True, False),
        ("reverse", True, False),
        ("reverse", False, False),
        ("reverse", True, True),
        ("reverse", False, True),
    ],
)
def test_copies_are_signed_as_the_call_is(tmp_path: Path, mode: str, tls: bool, resign: bool) -> None:
    strict, plans = Strict(host=HOST if resign or mode == "forward" else None), parse(text(RULE), "p")
    build, told = resigned() if resign else ((lambda _: []), [])

    async def main() -> Rig:
        async with rig(tmp_path, mode=mode, tls=tls, script=strict, plans=plans, others=build) as running:
            client = running.client(through=running.address if mode == "reverse" else None)
            await running.call("poll_for_task", client, workerGroup="wg")
            client.close()
        return running

    running = asyncio.run(main())

    assert (strict.verdicts, told, running.told.troubles, running.addon.failures) == ([None] * 3, [], [], 0)
    assert {found.access for found in strict.signatures if found} == {MINE.access if resign else CLIENT[0]}


@pytest.mark.parametrize(
    ("mode", "tls", "asked"),
    [
        ("forward", True, f"CONNECT {HOST}:443 HTTP/1.1"),
        ("forward", False, f"POST http://{HOST}/ HTTP/1.1"),
        ("reverse", True, "CONNECT localhost:"),
        ("reverse", False, "CONNECT localhost:"),
    ],
)
def test_copies_go_through_the_proxy_behind(tmp_path: Path, mode: str, tls: bool, asked: str) -> None:
    async def main() -> tuple[list[str], Rig]:
        async with outer(0) as behind:
            chain, plans = Chain(behind.parent), parse(text(RULE), "p")
            async with rig(
                tmp_path,
                mode=mode,
                tls=tls,
                parent=behind.parent,
                others=lambda _: [chain],
                detoured=False,
                plans=plans,
            ) as running:
                behind.port = int(running.upstream.rpartition(":")[2])
                through = running.address if mode == "reverse" else None if tls else f"http://{HOST}"
                led = (
                    {}
                    if mode == "reverse"
                    else {"proxies": {"http": running.address, "https": running.address}}
                )
                client = running.client(through=through, **led)
                await running.call("poll_for_task", client, workerGroup="wg")
                client.close()
            assert behind.refused == 0
            return behind.asked, running

    found, running = asyncio.run(main())

    assert [line.startswith(asked) for line in found] == [True] * 3, found
    assert len(running.service.asked) == 3
    assert {one.header("proxy-authorization") for one in running.service.asked} == {None}
    assert (running.told.troubles, running.addon.failures) == ([], 0)


def test_a_copy_that_gets_no_tunnel_is_told_and_the_call_goes_on_by_itself(tmp_path: Path) -> None:
    async def main() -> None:
        async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 403 Not you\r\n\r\n")
            await ended(writer)

        async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
            way = Way(
                server.sockets[0].getsockname()[:2], tunnel=b"CONNECT x:1 HTTP/1.1\r\n\r\n", proxied=True
            )
            with pytest.raises(OSError, match=r"the proxy behind said 'HTTP/1.1 403 Not you'"):
                await send(flow(), way)

    asyncio.run(main())
