"""The hint at --resign where a service refuses a signature that was made for Holter's address."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.faults.scenes import text
from tests.processes import holter_run

from holter.faults.planfile import parse
from holter.mitm.misaddressed import Misaddressed

from .rig import HOST, Asked, Script, Service, ordinary, reply, rig
from .test_resign import Strict

POLL = """
import botocore.session, botocore.exceptions
client = botocore.session.Session().create_client("datapipeline")
for _ in range(2):
    try:
        client.poll_for_task(workerGroup="wg")
    except botocore.exceptions.ClientError as why:
        print(why)
"""


async def invalid(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """Refuse in the other words that services have for it."""
    await reply(writer, b'{"__type":"x#InvalidSignatureException"}', "403 Forbidden")


async def other(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """Refuse for another reason."""
    await reply(writer, b'{"__type":"ExpiredTokenException"}', "400 Bad Request")


def told(folder: Path, script: Script, *, mode: str = "reverse", plan: str = "", host: str = "") -> list[str]:
    """What is told of two polls, each refused or not; with `host` the client signs for that name."""
    said: list[str] = []

    async def main() -> None:
        plans = {"plans": parse(text(plan), "p")} if plan else {}
        async with rig(
            folder, mode=mode, tls=False, script=script, others=lambda _: [Misaddressed(said.append)], **plans
        ) as running:
            through = {"reverse": running.address, "forward": f"http://{HOST}"}[mode]
            proxies = {"proxies": {"http": running.address}} if mode == "forward" else {}
            client = running.client(through=through, **proxies)
            if host:
                port = running.upstream.rpartition(":")[2]
                client.meta.events.register(
                    "before-sign.data-pipeline",
                    lambda request, **_: request.headers.add_header("Host", f"{host}:{port}"),
                )
            for _ in range(2):
                with contextlib.suppress(ClientError):
                    await running.call("poll_for_task", client, workerGroup="wg")
            client.close()

    asyncio.run(main())
    return said


@pytest.mark.parametrize(
    ("script", "code"), [(Strict(host=HOST), "SignatureDoesNotMatch"), (invalid, "InvalidSignatureException")]
)
def test_what_to_do_is_told_once(tmp_path: Path, script: Script, code: str) -> None:
    (line,) = told(tmp_path, script)

    assert line.startswith(
        f"holter: localhost refuses the client's signature ({code}), which was made for 127."
    )
    assert "add --resign" in line
    assert "\n" not in line


@pytest.mark.parametrize(
    "case",
    [
        {"script": ordinary},
        {"script": other},
        {"script": invalid, "mode": "forward"},
        {"script": invalid, "host": "localhost"},
        {"script": ordinary, "plan": "then: {error: SignatureDoesNotMatch}"},
        {"script": ordinary, "plan": "then: {error: SignatureDoesNotMatch, stage: after}"},
    ],
    ids=["answered", "another refusal", "forward", "its own name", "a fault", "a fault after it"],
)
def test_nothing_is_told_where_that_is_not_the_reason(tmp_path: Path, case: dict[str, Any]) -> None:
    assert told(tmp_path, **case) == []


def test_record_tells_it(tmp_path: Path) -> None:
    async def main() -> str:
        service = Service(invalid)
        async with await asyncio.start_server(service.serve, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            ended = await asyncio.to_thread(
                holter_run, "record", "-o", str(tmp_path / "run.yaml"), "--upstream", f"http://localhost:{port}",
                "--", sys.executable, "-c", POLL, home=tmp_path,
            )  # fmt: skip
            await service.close()
        return ended.stderr

    assert asyncio.run(main()).count("add --resign") == 1
