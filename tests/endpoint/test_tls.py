from __future__ import annotations

import socket
import ssl
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from holter.endpoint.http import HttpRequest, HttpResponse
from holter.endpoint.server import serving
from holter.endpoint.thread import in_thread
from holter.endpoint.tls import context
from holter.sandbox import certificate

pytest.importorskip("cryptography")


async def hello(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(200, b"hello")


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "datapipeline.us-east-1.amazonaws.com"])
def test_a_client_that_trusts_the_authority_accepts_every_name(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    made = certificate.make(certificate.NAMES, datetime.now(UTC))
    tls = context(made.chain, made.key)
    assert list(tmp_path.iterdir()) == [], "the key stayed on disk"
    trusting = ssl.create_default_context(cadata=made.authority.decode())
    with (
        in_thread(lambda: serving(hello, tls=tls)) as hosted,
        socket.create_connection(hosted.value.address, 10) as plain,
        trusting.wrap_socket(plain, server_hostname=name) as secure,
    ):
        secure.sendall(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
        answered = b"".join(iter(lambda: secure.recv(4096), b""))
    assert answered.endswith(b"\r\n\r\nhello")
