"""Decisions that only faults come to, carried out: answers that wait, connections that break."""

from __future__ import annotations

import asyncio
import errno
import socket
from dataclasses import dataclass
from pathlib import Path

import pytest

from holter.wire.decision import Break, Cut, Decision
from holter.wire.message import Broken, Call, Interaction, Reply

from .rig import HOST, Rig, kept, rig

CALL = (
    f"POST http://{HOST}/ HTTP/1.1\r\nHost: {HOST}\r\nX-Amz-Target: DataPipeline.PollForTask\r\n"
    'Content-Length: 20\r\n\r\n{"workerGroup":"wg"}'
)


@dataclass
class Always:
    """A player that decides one thing about every call."""

    decision: Decision

    def decide(self, call: Call, asked: Interaction) -> Decision:
        return self.decision


def said(address: str) -> bytes | int:
    """Make a call; return what comes until the connection ends, or the error that ends it."""
    host, _, port = address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), 20) as raw:
        raw.sendall(CALL.encode())
        found = b""
        try:
            while part := raw.recv(65536):
                found += part
        except OSError as why:
            return why.errno or 0
        return found


@pytest.mark.parametrize("cut", Cut)
def test_a_connection_is_broken_as_it_is_asked_for(tmp_path: Path, cut: Cut) -> None:
    reply = Reply(200, {"taskObject": None}) if cut is Cut.MIDDLE else None
    player = Always(Break("told to", delay=0.05, cut=cut, reply=reply))

    async def main() -> tuple[bytes | int, Rig]:
        async with rig(tmp_path, tls=False, player=player) as running:
            return await asyncio.to_thread(said, running.address), running

    found, running = asyncio.run(main())

    if cut is Cut.RESET:
        assert found == errno.ECONNRESET
    elif cut is Cut.MIDDLE:
        assert isinstance(found, bytes)
        assert found.startswith(b"HTTP/1.1 200")
        assert found.endswith(b'{"taskObj')
    else:
        assert found == b""
    assert [call.broken for call in kept(running.cassette)] == [Broken.US]
    assert running.service.connections == 0
