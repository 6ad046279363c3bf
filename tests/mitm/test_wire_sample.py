"""The documented sample of ReportTaskProgress (AWS API reference) passes whole, is kept and is audited."""

from __future__ import annotations

import asyncio
import json
import ssl
from pathlib import Path
from typing import Any

import pytest

from holter.cassette.reader import open_cassette
from holter.lease.audit import audited
from holter.lease.profile import DOCUMENTED

from .rig import HOST, Asked, Rig, kept, rig

CASES = Path(__file__).parents[1] / "cases"


def sample(name: str) -> tuple[str, bytes]:
    """The printed head and body; the printed lengths are wrong, so that the real one takes their place."""
    head, _, body = (CASES / name).read_text(encoding="utf-8").partition("\n\n")
    raw = body.strip().encode()
    lines = [line for line in head.splitlines() if not line.startswith("Content-Length")]
    return "\r\n".join([*lines, f"Content-Length: {len(raw)}", "", ""]), raw


REQUEST, REQUEST_BODY = sample("wire-sample-request.http")
RESPONSE, RESPONSE_BODY = sample("wire-sample-response.http")


async def as_documented(asked: Asked, writer: asyncio.StreamWriter) -> None:
    writer.write(RESPONSE.encode() + RESPONSE_BODY)
    await writer.drain()


async def speak(running: Rig, way: str) -> bytes:
    host, _, port = running.address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = REQUEST
    if way == "connect":
        writer.write(f"CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}:443\r\n\r\n".encode())
        assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
        await writer.start_tls(ssl.create_default_context(cafile=running.ca), server_hostname=HOST)
    elif way == "absolute":
        head = head.replace("POST / ", f"POST http://{HOST}/ ")
    writer.write(head.encode() + REQUEST_BODY)
    answer = await reader.readuntil(b"\r\n\r\n") + await reader.readexactly(len(RESPONSE_BODY))
    writer.close()
    return answer


@pytest.mark.parametrize(
    ("way", "mode", "tls"),
    [("connect", "forward", True), ("absolute", "forward", False), ("direct", "reverse", False)],
)
def test_the_documented_sample_passes_and_is_kept(tmp_path: Path, way: str, mode: str, tls: bool) -> None:
    async def main() -> tuple[bytes, Asked]:
        async with rig(tmp_path, mode=mode, tls=tls, script=as_documented) as running:
            answer = await speak(running, way)
        return answer, running.service.asked[0]

    answer, asked = asyncio.run(main())

    assert asked.body == REQUEST_BODY
    assert asked.header("authorization") == "AuthParams"
    assert answer.endswith(RESPONSE_BODY)
    (call,) = kept(tmp_path / "run.yaml")
    expected: dict[str, Any] = json.loads(REQUEST_BODY)
    assert call.request == {**expected, "taskId": "task-1"}
    assert call.response == json.loads(RESPONSE_BODY)
    assert (call.op, call.status, call.notes) == ("ReportTaskProgress", 200, {})
    audit = audited((entry.value for entry in open_cassette(str(tmp_path / "run.yaml"))), DOCUMENTED)
    assert [finding.rule for finding in audit.findings] == ["task-id-unknown"]
    assert [lease.beats.progress for lease in audit.leases] == [expected["fields"]]
