"""Sends a call to the service once more, on a connection of its own: what a network that repeats does."""

from __future__ import annotations

import asyncio
import contextlib
import ssl

import h11
from mitmproxy import http

_WITHIN = 100.0  # seconds; the service holds a poll for 90
_HOP = ("connection", "proxy-connection", "keep-alive", "transfer-encoding", "content-length", "host")


async def send(flow: http.HTTPFlow, address: tuple[str, int], tls: ssl.SSLContext | None) -> None:
    """Send a copy of a flow's request to an address and wait for its answer, which nobody is given.

    The copy is the same to the byte where a signature covers it. `OSError` where it cannot be sent.
    """
    name = flow.request.pretty_host if tls else None
    async with asyncio.timeout(_WITHIN):
        reader, writer = await asyncio.open_connection(*address, ssl=tls, server_hostname=name)
        try:
            writer.write(spelled(flow.request))
            await writer.drain()
            await _answered(reader)
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


async def _answered(reader: asyncio.StreamReader) -> None:
    """Read until the answer is whole."""
    parser = h11.Connection(h11.CLIENT)
    parser.send(h11.Request(method="POST", target="/", headers=[("Host", "-"), ("Connection", "close")]))
    parser.send(h11.EndOfMessage())
    try:
        while not isinstance(event := parser.next_event(), h11.EndOfMessage):
            if event is h11.NEED_DATA:
                parser.receive_data(await reader.read(65_536))
    except h11.RemoteProtocolError as why:
        raise OSError(f"its answer is no HTTP: {why}") from None


def spelled(request: http.Request) -> bytes:
    """Return a request as HTTP/1.1 on a connection that ends after it."""
    body = request.raw_content or b""
    own = {"Host": request.host_header or request.pretty_host, "Content-Length": str(len(body))}
    given = [(name, value) for name, value in request.headers.items(multi=True) if name.lower() not in _HOP]
    lines = [
        f"{request.method} {request.path} HTTP/1.1",
        *(f"{name}: {value}" for name, value in (*own.items(), *given)),
        "Connection: close",
    ]
    return "\r\n".join((*lines, "", "")).encode("utf-8", "surrogateescape") + body
