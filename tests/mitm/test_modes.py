"""Ways in that mitmproxy offers besides: SOCKS, and HTTP/2 to the client."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import ssl
from pathlib import Path

import pytest
from tests.processes import HOST, environment, sandbox, started, until

from holter.mitm.parent import Chain

from .outer import outer
from .rig import Rig, kept, rig
from .test_resign import MINE, Strict, resigned
from .test_script import mitmdump, settings

CALL = (
    f"POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/x-amz-json-1.1\r\n"
    "X-Amz-Target: DataPipeline.PollForTask\r\nContent-Length: 20\r\n\r\n"
    '{"workerGroup":"wg"}'
)


def exactly(raw: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = raw.recv(count - len(data))
        assert more, "the proxy hung up"
        data += more
    return data


def by_socks(port: int, trust: str) -> bytes:
    """Make a call through a SOCKS5 proxy (RFC 1928: no authentication, CONNECT to a name)."""
    with socket.create_connection(("127.0.0.1", port), 10) as raw:
        raw.settimeout(20)
        raw.sendall(b"\x05\x01\x00")
        assert exactly(raw, 2) == b"\x05\x00"
        raw.sendall(b"\x05\x01\x00\x03" + bytes([len(HOST)]) + HOST.encode() + (443).to_bytes(2, "big"))
        assert exactly(raw, 10)[:2] == b"\x05\x00"
        context = ssl.create_default_context(cafile=trust)
        with context.wrap_socket(raw, server_hostname=HOST) as secured:
            secured.sendall(CALL.encode())
            return secured.recv(1000)


def test_the_script_records_what_comes_in_by_socks(tmp_path: Path) -> None:
    tape, port = tmp_path / "run.yaml", tmp_path / "port"
    with sandbox(tmp_path, "--scale", "0.01") as service:
        options = settings(record=tape, port_file=port, connect_to=service.detour[1])
        trust = ["--set", f"ssl_verify_upstream_trusted_ca={service.ca}", "--mode", "socks5"]
        arguments = mitmdump(tmp_path, *options, *trust)
        with started(arguments, environment(tmp_path), tmp_path / "out") as process:
            until(lambda: port.is_file() or process.poll() is not None)
            conf = tmp_path / "conf" / "mitmproxy-ca-cert.pem"
            answer = by_socks(int(port.read_text()), str(conf))

    assert answer.startswith(b"HTTP/1.1 200")
    assert [(call.op, call.status) for call in kept(tape)] == [("PollForTask", 200)]


async def curl(running: Rig, *arguments: str) -> str:
    """Make a call by HTTP/2."""
    process = await asyncio.create_subprocess_exec(
        *("curl", "--silent", "--show-error", "--include", "--http2", "--max-time", "30"),
        *("--cacert", running.ca, "-H", "Content-Type: application/x-amz-json-1.1"),
        *("-H", "X-Amz-Target: DataPipeline.PollForTask", "-d", '{"workerGroup":"wg"}', *arguments),
        env={"PATH": os.environ["PATH"]},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    told, _ = await process.communicate()
    return told.decode()


needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")


@needs_curl
def test_a_call_by_http_2_is_signed_anew_for_the_services_own_host(tmp_path: Path) -> None:
    strict = Strict(host=HOST)
    others, _ = resigned()

    async def main() -> tuple[str, Rig]:
        async with rig(tmp_path, mode="reverse", script=strict, others=others) as running:
            return await curl(running, running.address.replace("http:", "https:")), running

    told, running = asyncio.run(main())

    assert told.startswith("HTTP/2 200")
    assert strict.verdicts == [None]
    assert [one.access for one in strict.signatures if one] == [MINE.access]
    assert [call.op for call in kept(running.cassette)] == ["PollForTask"]


@needs_curl
def test_a_call_by_http_2_goes_out_through_the_proxy_behind(tmp_path: Path) -> None:
    async def main() -> tuple[str, list[str], Rig]:
        async with outer(0) as behind:
            chain = Chain(behind.parent)
            async with rig(
                tmp_path, parent=behind.parent, others=lambda _: [chain], detoured=False
            ) as running:
                behind.port = int(running.upstream.rpartition(":")[2])
                return (
                    await curl(running, "--proxy", running.address, f"https://{HOST}/"),
                    behind.asked,
                    running,
                )

    told, asked, running = asyncio.run(main())

    assert "HTTP/2 200" in told
    assert asked == [f"CONNECT {HOST}:443 HTTP/1.1"]
    assert [call.op for call in kept(running.cassette)] == ["PollForTask"]


@needs_curl
def test_calls_by_http_2_on_one_connection_arrive_whole_and_with_good_signatures(tmp_path: Path) -> None:
    """It is the client who signs here: its Host is the :authority of HTTP/2."""
    strict = Strict(host=HOST)
    signs = ("--aws-sigv4", "aws:amz:us-east-1:datapipeline", "--user", "AKIDEXAMPLE:secret")

    async def main() -> tuple[str, Rig]:
        async with rig(tmp_path, script=strict) as running:
            calls = (*signs, "--proxy", running.address, f"https://{HOST}/", f"https://{HOST}/")
            return await curl(running, *calls), running

    told, running = asyncio.run(main())

    assert told.count("HTTP/2 200") == 2
    assert strict.verdicts == [None, None]
    assert {asked.body for asked in running.service.asked} == {b'{"workerGroup":"wg"}'}
    assert len({call.task for call in kept(running.cassette)}) == 1
    assert [(call.op, call.status) for call in kept(running.cassette)] == [("PollForTask", 200)] * 2


@needs_curl
def test_http_2_within_tls_is_nothing_to_tell_of(tmp_path: Path) -> None:
    async def main() -> tuple[str, Rig]:
        async with rig(tmp_path) as running:
            return await curl(running, "--proxy", running.address, f"https://{HOST}/"), running

    told, running = asyncio.run(main())

    assert "HTTP/2 200" in told
    assert running.told.troubles == []


@needs_curl
def test_http_2_without_tls_is_refused_and_told_of(tmp_path: Path) -> None:
    async def main() -> tuple[str, Rig]:
        async with rig(tmp_path, mode="reverse", tls=False) as running:
            return await curl(running, "--http2-prior-knowledge", running.address), running

    told, running = asyncio.run(main())

    assert "200" not in told
    assert running.told.troubles == ["a client began with HTTP/2 without TLS: it is carried within TLS only"]
    assert kept(running.cassette) == []
