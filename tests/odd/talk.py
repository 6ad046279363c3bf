"""The client's end of the wire: requests as bytes over plain sockets, answers as the bytes that come back."""

from __future__ import annotations

import gzip
import re
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.clients.catalogue import HOST, Road
from tests.odd.cases import JSON, MARK, Case, Message

from holter.wire import signing

KEYS = signing.Keys("AKIDEXAMPLE", "secret")
PATIENCE = 60


@dataclass(frozen=True)
class Way:
    """A road to a Holter that listens on a port, and whom to trust on it."""

    road: Road
    port: int
    trust: str

    def connect(self) -> socket.socket:
        """Open a connection to the service, as far as the client can tell."""
        made = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        if self.road.scheme == "http":
            return made
        if self.road.mode == "forward":
            made.sendall(f"CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}:443\r\n\r\n".encode())
            assert answer(made).startswith(b"HTTP/1.1 200 ")
        trust = ssl.create_default_context(cafile=self.trust)
        return trust.wrap_socket(made, server_hostname=HOST if self.road.mode == "forward" else "localhost")

    @property
    def host(self) -> str:
        """The Host that the client writes."""
        return HOST if self.road.mode == "forward" else f"localhost:{self.port}"


def name(case: Case, road: Road) -> str:
    """Return the User-Agent by which the requests of one run are known."""
    return f"odd/{case.name}.{road}"


def request(message: Message, way: Way, run: str) -> bytes:
    """Return a request as it is to arrive where nothing is changed on the way, signed."""
    body = message.body.replace(MARK.encode(), run.encode())
    body = gzip.compress(body) if message.packed else body
    named = {"Content-Type": JSON, "X-Amz-Target": message.target, "User-Agent": run, **message.headers}
    headers = tuple((key, value) for key, value in named.items() if value is not None)
    asked = signing.Request(message.method, message.path, headers, body)
    host = message.host or way.host
    signed = signing.sign(asked, KEYS, host=host, region="us-east-1", now=datetime.now(UTC))
    lines = [f"{message.method} {message.path} HTTP/1.1", *(f"{key}: {value}" for key, value in signed)]
    return message.spelled(
        "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode("latin-1") + body
    )


def sent(data: bytes, message: Message, way: Way) -> bytes:
    """Return a request as the client writes it: to a forward proxy in the clear, with the whole URL."""
    if message.absolute or str(way.road) == "forward-http":
        url = f"{way.road.scheme}://{message.host or way.host}"
        return data.replace(b" /", f" {url}/".encode(), 1)
    return data


def parsed(data: bytes) -> signing.Request:
    """Read a request as its signature covers it."""
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ")
    pairs = (line.partition(":") for line in lines)
    headers = tuple((key, value.strip()) for key, _, value in pairs)
    if ("transfer-encoding", "chunked") in {(key.lower(), value.lower()) for key, value in headers}:
        body = body.partition(b"\r\n")[2].removesuffix(b"\r\n0\r\n\r\n")
    return signing.Request(method, re.sub(r"^https?://[^/]+", "", path), headers, body)


def answer(made: socket.socket) -> bytes:
    """Read one answer and nothing behind it; what there is, where the connection ends before."""
    data = b""
    while not data.endswith(b"\r\n\r\n"):
        if not (byte := made.recv(1)):
            return data
        data += byte
    if re.search(rb"^transfer-encoding: *chunked", data, re.IGNORECASE | re.MULTILINE):
        return data + _until(made, b"0\r\n\r\n")
    length = re.search(rb"^content-length: *(\d+)", data, re.IGNORECASE | re.MULTILINE)
    return data + _exactly(made, int(length[1]) if length else 0)


def _until(made: socket.socket, end: bytes) -> bytes:
    data = b""
    while not data.endswith(end) and (byte := made.recv(1)):
        data += byte
    return data


def _exactly(made: socket.socket, count: int) -> bytes:
    parts = []
    while count and (part := made.recv(min(count, 2**16))):
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def said(made: socket.socket, data: bytes) -> None:
    """Send a request; one that expects a 100 waits for it before its body."""
    head, end, body = data.partition(b"\r\n\r\n")
    if b"100-continue" in head:
        made.sendall(head + end)
        assert answer(made) == b"HTTP/1.1 100 Continue\r\n\r\n"
        made.sendall(body)
    else:
        made.sendall(data)
