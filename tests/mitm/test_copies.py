"""A call sent to the service once more."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from mitmproxy import http
from mitmproxy.test import tflow

from holter.mitm.copies import send, spelled


def flow() -> http.HTTPFlow:
    made = tflow.tflow()
    headers = http.Headers(x_amz_target="DataPipeline.X", connection="keep-alive")
    made.request = http.Request.make("POST", "http://localhost/", b'{"taskId":"t"}', headers)
    made.request.host_header = "aws.example.com"
    return made


def test_what_is_signed_is_the_same_and_the_connection_ends_after_it() -> None:
    head, body = spelled(flow().request).split(b"\r\n\r\n")

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
            await send(flow(), server.sockets[0].getsockname()[:2], None)
            return await got.get()

    assert asyncio.run(main()) == spelled(flow().request)


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
                await send(flow(), address, None)
            await done.wait()
        with pytest.raises(OSError, match=r"refused|Connect"):
            await send(flow(), address, None)

    asyncio.run(main())


async def ended(writer: asyncio.StreamWriter) -> None:
    """Close a connection, and see it closed."""
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
