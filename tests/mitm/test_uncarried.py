"""What mitmproxy cannot carry breaks alone, at once, and is told of; the connection beside it goes on."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.processes import environment, sandbox, started, until

from holter.wire.message import Broken

from .rig import HOST, Asked, Rig, Script, kept, marks, ordinary, reply, rig
from .test_script import mitmdump, settings

BODY = b'{"workerGroup":"wg"}'
HEAD = f"POST http://{HOST}/ HTTP/1.1\r\nHost: {HOST}\r\nX-Amz-Target: DataPipeline.PollForTask\r\n".encode()
SIZED = HEAD + b"Content-Length: 20\r\n\r\n" + BODY
TRAILED = (
    HEAD + b"Transfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n14\r\n" + BODY + b"\r\n0\r\nX-T: 1\r\n\r\n"
)
TRAILERS = (
    f"internal error in mitmproxy: {HOST}: HTTP trailers are not implemented yet: the connection is ended"
)


async def trailing(asked: Asked, writer: asyncio.StreamWriter) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n"
    writer.write(head + b"2\r\n{}\r\n0\r\nX-T: 1\r\n\r\n")
    await writer.drain()


async def late(asked: Asked, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(0.4)
    await reply(writer, b"{}")


@dataclass(frozen=True)
class Odd:
    """What a client says, whether it closes its side behind it, and what the service does."""

    says: bytes = SIZED
    closes: bool = False
    script: Script = ordinary
    broken: Broken = Broken.US
    told: str = TRAILERS
    failures: int = 1


ODD = {
    "trailers of a request": Odd(TRAILED),
    "trailers of an answer": Odd(script=trailing),
    "a half-close": Odd(
        closes=True,
        script=late,
        broken=Broken.CLIENT,
        told="the client closed its side right behind its request: if it still waits for the answer (a half-",
        failures=0,
    ),
}


def said(address: str, odd: Odd) -> tuple[bytes, bytes]:
    """Say it on one connection; return what comes back, and on one beside it that was open before."""
    host, _, port = address.removeprefix("http://").partition(":")
    target = (host, int(port))
    with socket.create_connection(target, 20) as beside, socket.create_connection(target, 20) as made:
        made.sendall(odd.says)
        if odd.closes:
            made.shutdown(socket.SHUT_WR)
        found = made.recv(1000)
        beside.sendall(SIZED.replace(b"PollForTask", b"ReportTaskProgress"))
        return found, beside.recv(1000)


@pytest.mark.parametrize("name", ODD)
def test_it_breaks_alone_and_is_told_of(tmp_path: Path, name: str) -> None:
    odd = ODD[name]

    async def script(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await (odd.script if asked.op == "PollForTask" else ordinary)(asked, writer)

    async def main() -> tuple[Rig, bytes, bytes]:
        async with rig(tmp_path, tls=False, script=script) as running:
            found = await asyncio.to_thread(said, running.address, odd)
            await running.until(lambda: running.told.troubles != [])
            return running, *found

    running, found, beside = asyncio.run(main())

    assert found == b""
    assert beside.startswith(b"HTTP/1.1 200 ")
    assert [(call.op, call.broken) for call in kept(running.cassette)] == [
        ("PollForTask", odd.broken),
        ("ReportTaskProgress", None),
    ]
    (told,) = running.told.troubles
    assert odd.told in told
    noted = [str(mark.more["error"]) for mark in marks(running.cassette) if mark.what == "note"]
    assert [told.endswith(note) for note in noted] == [True]
    assert running.addon.failures == odd.failures


def test_a_client_that_loses_patience_is_not_taken_for_a_half_close(tmp_path: Path) -> None:
    async def main() -> Rig:
        async with rig(tmp_path, tls=False, script=late) as running:
            host, _, port = running.address.removeprefix("http://").partition(":")
            _, writer = await asyncio.open_connection(host, int(port))
            writer.write(SIZED)
            await running.until(lambda: running.service.asked != [])
            await asyncio.sleep(0.3)
            writer.close()
            await running.until(lambda: running.told.calls != [])
            return running

    running = asyncio.run(main())

    assert [call.broken for call in kept(running.cassette)] == [Broken.CLIENT]
    assert running.told.troubles == []


def test_the_script_tells_of_it_too(tmp_path: Path) -> None:
    tape, port, out = tmp_path / "run.yaml", tmp_path / "port", tmp_path / "out"
    with sandbox(tmp_path, "--scale", "0.01"):
        arguments = mitmdump(tmp_path, *settings(record=tape, port_file=port))
        with started(arguments, environment(tmp_path), out) as process:
            until(lambda: port.is_file() or process.poll() is not None)
            with socket.create_connection(("127.0.0.1", int(port.read_text())), 20) as made:
                made.sendall(TRAILED)
                assert made.recv(1000) == b""

    assert [(call.op, call.broken) for call in kept(tape)] == [("PollForTask", Broken.US)]
    assert TRAILERS.partition(": ")[2] in out.read_text()
