"""While cassettes are only played, nothing gets out of the proxy, whatever is asked of it."""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from tests.replay.tapes import empty
from tests.test_replayer import tape

from holter.replay.modes import Mode
from holter.replayer import Replay

from .rig import HOST, OTHER, Rig, rig

Ask = Callable[[Rig], Awaitable[str]]


def by_lines(*lines: str) -> Ask:
    """Say something to the proxy as it stands, and return what comes back."""

    async def ask(running: Rig) -> str:
        host, _, port = running.address.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        said = b""
        for line in lines:
            writer.write(line.encode())
            await writer.drain()
            said += await asyncio.wait_for(reader.read(65536), 10)
        writer.close()
        return said.decode("latin-1")

    return ask


async def plain_post(running: Rig) -> str:
    """Ask the service's own host for what is no call."""

    def post() -> str:
        handler = urllib.request.ProxyHandler({"http": running.address})
        try:
            urllib.request.build_opener(handler).open(f"http://{HOST}/", b"{}", timeout=10)
        except urllib.error.HTTPError as refused:
            return f"{refused.code} {refused.read().decode()}"
        return "it was answered"

    return await asyncio.to_thread(post)


ASKED: dict[str, tuple[Ask, str, str]] = {
    "a tunnel to another host": (by_lines(f"CONNECT {OTHER}:443 HTTP/1.1\r\n\r\n"), "HTTP/1.1 403", OTHER),
    "a page of another host": (
        by_lines(f"GET http://{OTHER}/ HTTP/1.1\r\nHost: {OTHER}\r\n\r\n"),
        "HTTP/1.1 403",
        OTHER,
    ),
    "another request to the service": (plain_post, "403 holter: ", HOST),
    "bytes that are neither TLS nor HTTP": (
        by_lines(f"CONNECT {HOST}:443 HTTP/1.1\r\n\r\n", "\x00\x01\x02\x03 neither\r\n\r\n"),
        "HTTP/1.1 200",
        "127.0.0.1",  # where the detour leads
    ),
}


@pytest.mark.parametrize(("ask", "answered", "named"), ASKED.values(), ids=ASKED)
def test_what_no_cassette_answers_is_refused_and_told(
    tmp_path: Path, ask: Ask, answered: str, named: str
) -> None:
    replay = Replay((tape(tmp_path / "a.yaml", empty()),))

    async def main() -> tuple[str, Rig]:
        async with rig(tmp_path, replay=replay) as running:
            said = await ask(running)
            await running.until(lambda: bool(running.told.troubles))
        return said, running

    said, running = asyncio.run(main())

    assert said.startswith(answered)
    assert running.service.connections == 0
    assert (
        f"holter: {named}: refused, because a replay passes nothing on to anywhere" in running.told.troubles
    )


def test_a_host_is_told_of_once(tmp_path: Path) -> None:
    replay = Replay((tape(tmp_path / "a.yaml", empty()),))

    async def main() -> Rig:
        async with rig(tmp_path, replay=replay) as running:
            await plain_post(running)
            await plain_post(running)
        return running

    assert len(asyncio.run(main()).told.troubles) == 1


@pytest.mark.parametrize(
    ("name", "connections"), [("a page of another host", 1), ("a tunnel to another host", 0)]
)
def test_in_a_mode_that_goes_live_other_hosts_are_reached(
    tmp_path: Path, name: str, connections: int
) -> None:
    replay = Replay((tape(tmp_path / "a.yaml", empty()),), Mode.NEW_EPISODES)

    async def main() -> tuple[str, Rig]:
        async with rig(tmp_path, tls=False, replay=replay) as running:
            return await ASKED[name][0](running), running

    said, running = asyncio.run(main())

    assert said.startswith("HTTP/1.1 200")
    assert (running.service.connections, running.told.troubles) == (connections, [])


def test_before_it_is_known_what_is_played_nothing_gets_out(tmp_path: Path) -> None:
    replay = Replay((tape(tmp_path / "a.yaml", empty()),), Mode.ALL)

    async def main() -> tuple[str, Rig]:
        async with rig(tmp_path, tls=False, replay=replay) as running:
            running.addon.recorder = None
            return await plain_post(running), running

    said, running = asyncio.run(main())

    assert said.startswith("403 ")
    assert running.service.connections == 0
