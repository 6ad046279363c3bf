"""Sends a call to the service once more, on a connection of its own: what a network that repeats does."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import h11
from mitmproxy import http

from holter.mitm import engine

Streams: TypeAlias = tuple[asyncio.StreamReader, asyncio.StreamWriter]

_WITHIN = 100.0  # seconds; the service holds a poll for 90
_HOP = ("connection", "proxy-connection", "keep-alive", "transfer-encoding", "content-length", "host")
_ASKED = "holter-copies"


class Recorder(Protocol):
    """Whose calls are copied."""

    def detour(self, host: str, port: int) -> tuple[str, int]:
        """Return where to connect for a service."""

    def failed(self, what: str) -> None:
        """Take in that something did not work."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a call goes to the service: to an address, with TLS or in the clear.

    With a proxy between, the address is the proxy's and `secured` is TLS with it: `tunnel` is how it is asked
    for one, None where it is given the request itself.
    """

    address: tuple[str, int]
    tls: ssl.SSLContext | None = None
    tunnel: bytes | None = None
    proxied: bool = False
    secured: ssl.SSLContext | None = None


def ask(flow: http.HTTPFlow, times: int) -> None:
    """Have a call copied so many times before it goes out itself."""
    flow.metadata[_ASKED] = times


class Copier:
    """Sends the copies as the call goes out: it stands behind whoever signs it or chooses its way."""

    name = "holter-copies"

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    async def request(self, flow: http.HTTPFlow) -> None:
        """Send the copies that were asked for, unless the call does not go out after all."""
        times = flow.metadata.pop(_ASKED, 0)
        if flow.response or flow.error or not flow.live:
            return
        for _ in range(times):
            try:
                await send(flow, await self._way(flow))
            except OSError as why:
                self._recorder.failed(f"a copy for the service: {why or 'no answer came in time'}")

    async def _way(self, flow: http.HTTPFlow) -> Way:
        asked, via = flow.request, flow.server_conn.via
        tls = engine.trust() if asked.scheme == "https" else None
        if via is None:
            return Way(self._recorder.detour(asked.host, asked.port), tls)
        secured = engine.trust() if via[0] == "https" else None
        whole = tls is None and not engine.is_reverse(flow.client_conn)
        return Way(via[1], tls, None if whole else await engine.tunnel(flow), proxied=True, secured=secured)


async def send(flow: http.HTTPFlow, way: Way) -> None:
    """Send a copy of a flow's request and wait for its answer, which nobody is given.

    The copy is the same to the byte where a signature covers it. `OSError` where it cannot be sent.
    """
    async with asyncio.timeout(_WITHIN):
        reader, writer = await _connected(flow.request.host, way)
        try:
            whole = way.proxied and way.tunnel is None
            writer.write(spelled(flow.request, flow.request.url if whole else flow.request.path))
            await writer.drain()
            await _answered(reader)
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


async def _connected(host: str, way: Way) -> Streams:
    """Connect to a service, or to the proxy before it and through that."""
    first, name = (way.secured, way.address[0]) if way.proxied else (way.tls, host)
    reader, writer = await asyncio.open_connection(
        *way.address, ssl=first, server_hostname=name if first else None
    )
    if way.tunnel is not None:
        try:
            await _tunnelled(reader, writer, way.tunnel)
            if way.tls:
                await writer.start_tls(way.tls, server_hostname=host)
        except OSError:
            writer.close()
            raise
    return reader, writer


async def _tunnelled(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asking: bytes) -> None:
    writer.write(asking)
    await writer.drain()
    try:
        said = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n", 1)[0].decode("latin-1")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        raise OSError("the proxy behind gave no answer") from None
    if said.split(" ")[1:2] != ["200"]:
        raise OSError(f"the proxy behind said {said!r}")


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


def spelled(request: http.Request, target: str) -> bytes:
    """Return a request as HTTP/1.1 on a connection that ends after it."""
    body = request.raw_content or b""
    own = {"Host": request.host_header or request.pretty_host, "Content-Length": str(len(body))}
    given = [(name, value) for name, value in request.headers.items(multi=True) if name.lower() not in _HOP]
    lines = [
        f"{request.method} {target} HTTP/1.1",
        *(f"{name}: {value}" for name, value in (*own.items(), *given)),
        "Connection: close",
    ]
    return "\r\n".join((*lines, "", "")).encode("utf-8", "surrogateescape") + body
