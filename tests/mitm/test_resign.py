"""A strict receiver: recomputes every signature as the service does, in each mode."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from holter.mitm.resign import Resigner, Signer
from holter.wire import signing
from holter.wire.message import Broken
from holter.wire.signing import CredentialsError, Keys, Request

from .rig import BROKEN, HOST, Asked, Rig, kept, ordinary, reply, rig

CLIENT = ("AKIDEXAMPLE", "secret")
MINE = Keys("AKIDMINE", "my+own/secret", "my-session/token==")
SECRETS = {CLIENT[0]: CLIENT[1], MINE.access: MINE.secret}
OTHER_HOST = "SignatureDoesNotMatch: Host is not the service's own"


class Strict:
    """The service: wants a good signature, and its own name in Host unless a foreign one is accepted."""

    def __init__(self, *, host: str | None = None) -> None:
        self.host = host
        self.verdicts: list[str | None] = []
        self.signatures: list[signing.Signature | None] = []

    async def __call__(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        method, path, _ = asked.line.split()
        request = Request(method, path, tuple(asked.headers), asked.body)
        verdict = signing.verify(request, SECRETS.get, datetime.now(UTC))
        if verdict is None and self.host and asked.header("host") != self.host:
            verdict = OTHER_HOST
        self.verdicts.append(verdict)
        self.signatures.append(signing.read(asked.header("authorization")))
        if verdict is None:
            await ordinary(asked, writer)
        else:
            kind, _, message = verdict.partition(": ")
            body = json.dumps({"__type": kind, "message": message}).encode()
            await reply(writer, body, "400 Bad Request")


def resigned(region: str | None = None, keys: Any = lambda: MINE, host: str = HOST) -> Any:
    """What builds the re-signing addon once its rig is there."""
    told: list[str] = []
    signer = Signer(keys, host, region)
    return lambda recorder: [Resigner(signer, recorder, told.append)], told


async def lease(running: Rig, through: str | None) -> None:
    """A poll, an acknowledgement with odd text, a status."""
    client = running.client(through=through)
    try:
        await running.call("poll_for_task", client, workerGroup="wg", hostname="ä+&")
        await running.call(
            "report_task_progress", client, taskId="a+/=", fields=[{"key": "k", "stringValue": "<&>ä"}]
        )
        await running.call("set_task_status", client, taskId="a+/=", taskStatus="FINISHED")
    finally:
        client.close()


async def poll(running: Rig) -> None:
    """A poll of the proxy as the endpoint."""
    client = running.client(through=running.address)
    try:
        await running.call("poll_for_task", client, workerGroup="wg")
    finally:
        client.close()


def test_forward_mode_leaves_signatures_whole_within_tls(tmp_path: Path) -> None:
    strict = Strict(host=HOST)

    async def main() -> None:
        async with rig(tmp_path, script=strict) as running:
            await lease(running, None)

    asyncio.run(main())

    assert strict.verdicts == [None] * 3


def test_forward_mode_leaves_signatures_whole_in_the_clear(tmp_path: Path) -> None:
    strict = Strict(host=HOST)

    async def main() -> None:
        async with rig(tmp_path, script=strict, tls=False) as running:
            client = running.client(through=f"http://{HOST}", proxies={"http": running.address})
            await running.call("poll_for_task", client, workerGroup="wg")
            client.close()

    asyncio.run(main())

    assert strict.verdicts == [None]


@pytest.mark.parametrize("tls", [True, False])
def test_reverse_mode_keeps_host_for_a_receiver_that_accepts_a_foreign_one(tmp_path: Path, tls: bool) -> None:
    strict = Strict()

    async def main() -> None:
        async with rig(tmp_path, mode="reverse", script=strict, tls=tls) as running:
            await lease(running, running.address)

    asyncio.run(main())

    assert strict.verdicts == [None] * 3


def test_reverse_mode_is_refused_by_one_that_does_not(tmp_path: Path) -> None:
    strict = Strict(host=HOST)

    async def main() -> None:
        async with rig(tmp_path, mode="reverse", script=strict) as running:
            with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
                await poll(running)

    asyncio.run(main())

    assert strict.verdicts == [OTHER_HOST]


@pytest.mark.parametrize(("region", "signed_for"), [(None, "us-east-1"), ("eu-west-1", "eu-west-1")])
@pytest.mark.parametrize("tls", [True, False])
def test_resigned_calls_are_good_under_the_services_own_host(
    tmp_path: Path, tls: bool, region: str | None, signed_for: str
) -> None:
    strict = Strict(host=HOST)
    others, told = resigned(region)

    async def main() -> Rig:
        async with rig(tmp_path, mode="reverse", script=strict, tls=tls, others=others) as running:
            await lease(running, running.address)
            return running

    running = asyncio.run(main())
    said = f"{told} {running.told.troubles} {running.cassette.read_text()}"

    assert strict.verdicts == [None] * 3
    assert {one.access for one in strict.signatures if one} == {MINE.access}
    assert {one.scope.region for one in strict.signatures if one} == {signed_for}
    assert [call.op for call in kept(running.cassette)] == [
        "PollForTask",
        "ReportTaskProgress",
        "SetTaskStatus",
    ]
    for secret in (MINE.access, MINE.secret, MINE.token, CLIENT[0], "AWS4-HMAC", "Signature="):
        assert str(secret) not in said


def test_a_call_that_was_not_signed_is_signed_for_the_region_of_the_services_name(tmp_path: Path) -> None:
    strict = Strict(host=HOST)
    others, _ = resigned()

    async def main() -> bytes:
        async with rig(tmp_path, mode="reverse", script=strict, others=others) as running:
            return await unsigned(running)

    assert asyncio.run(main()).startswith(b"HTTP/1.1 200")
    assert strict.verdicts == [None]


async def unsigned(running: Rig) -> bytes:
    """Make a call without a signature; return the first line of what came back."""
    address = urlsplit(running.address)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-amz-json-1.1\r\n"
        b"X-Amz-Target: DataPipeline.PollForTask\r\nContent-Length: 20\r\n\r\n"
        b'{"workerGroup":"wg"}'
    )
    line = await reader.readline()
    writer.close()
    return line


def test_a_call_for_which_no_region_is_known_is_broken_and_said(tmp_path: Path) -> None:
    strict = Strict()
    others, told = resigned(host="service.example")

    async def main() -> tuple[bytes, Rig]:
        async with rig(tmp_path, mode="reverse", script=strict, others=others) as running:
            return await unsigned(running), running

    line, running = asyncio.run(main())

    assert line == b""
    assert strict.verdicts == []
    assert told == ["--resign: neither the call nor the service's name tells a region: give --region"]
    assert [call.broken for call in kept(running.cassette)] == [Broken.US]


def test_credentials_that_are_gone_break_the_call_and_are_said_once(tmp_path: Path) -> None:
    strict = Strict()

    def expired() -> Keys:
        raise CredentialsError("TokenRetrievalError: log in\nagain")

    others, told = resigned(keys=expired)

    async def main() -> Rig:
        async with rig(tmp_path, mode="reverse", script=strict, others=others) as running:
            for _ in range(2):
                with pytest.raises(BROKEN):
                    await poll(running)
            return running

    running = asyncio.run(main())

    assert strict.verdicts == []
    assert told == ["--resign: TokenRetrievalError: log in again"]
    assert [call.broken for call in kept(running.cassette)] == [Broken.US] * 2


def test_what_is_no_call_is_passed_on_as_it_came(tmp_path: Path) -> None:
    seen: list[Asked] = []

    async def keep(asked: Asked, writer: asyncio.StreamWriter) -> None:
        seen.append(asked)
        await reply(writer, b"{}")

    others, _ = resigned()

    async def main() -> None:
        async with rig(tmp_path, mode="reverse", script=keep, others=others) as running:
            address = urlsplit(running.address)
            reader, writer = await asyncio.open_connection(address.hostname, address.port)
            writer.write(b"GET /health HTTP/1.1\r\nHost: x\r\nAuthorization: Basic dTpw\r\n\r\n")
            assert (await reader.readline()).startswith(b"HTTP/1.1 200")
            writer.close()

    asyncio.run(main())

    assert [(one.header("host"), one.header("authorization")) for one in seen] == [("x", "Basic dTpw")]
