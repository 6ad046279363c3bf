"""What is told of a service that gives no answer: by mitmproxy's own words, and by the real thing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from holter.mitm.upstream import cause

from .rig import BROKEN, HOST, rig


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("[Errno -2] Name or service not known", "there is no such host: look at the region, and at --up"),
        ("[Errno 8] nodename nor servname provided, or not known", "there is no such host: look at the re"),
        ("[Errno 111] Connect call failed ('127.0.0.1', 9)", "it cannot be reached: [Errno 111] Connect"),
        ("Multiple exceptions: [Errno 111] Connect call failed ('::1', 9, 0, 0)", "it cannot be reached: M"),
        ("Certificate verify failed: self-signed certificate", "its certificate is not trusted (Certificate"),
        (
            "Upstream proxy p:1 refused HTTP CONNECT request: 407 Proxy Authentication Required",
            "the proxy behind wants another user and password (Upstream proxy p:1 refused HTTP CONNECT",
        ),
        ("Upstream proxy p:1 refused HTTP CONNECT request: 403 Forbidden", "the proxy behind does not lead"),
        ("server closed connection", "the service broke the connection: server closed connection"),
    ],
)
def test_the_cause_is_named_with_what_to_do(why: str, said: str) -> None:
    assert cause(why).startswith(said)
    assert "{" not in cause(why)


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_a_service_that_is_not_there_is_told_by_the_name_that_was_meant(tmp_path: Path, mode: str) -> None:
    async def main() -> list[str]:
        async with rig(tmp_path, mode=mode, port=9) as running:
            client = running.client(through=running.address if mode == "reverse" else None)
            with pytest.raises(BROKEN):
                await running.call("poll_for_task", client, workerGroup="wg")
            client.close()
            return running.told.troubles

    (told,) = asyncio.run(main())

    assert told.startswith(f"{HOST if mode == 'forward' else 'localhost'}: it cannot be reached: ")
