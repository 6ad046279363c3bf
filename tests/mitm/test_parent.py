"""Out through a company's proxy: with who we are, and past it where that was the way until now."""

from __future__ import annotations

import asyncio
import socket
import ssl
from pathlib import Path
from typing import Any

import pytest

from holter.mitm.parent import Chain, mode
from holter.wayout import Parent

from .outer import outer
from .rig import BROKEN, HOST, OTHER, Rig, kept, rig


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


async def called(
    folder: Path, *, detoured: bool = False, calls: int = 1, **asked: Any
) -> tuple[list[str], Rig]:
    """Make calls through Holter with a parent behind it; return what the parent was asked."""
    async with outer(0) as behind:
        chain = Chain(behind.parent, "", [HOST] if detoured else [])
        async with rig(
            folder, parent=behind.parent, others=lambda _: [chain], detoured=detoured, **asked
        ) as running:
            behind.port = int(running.upstream.rpartition(":")[2])
            reverse = asked.get("mode") == "reverse"
            client = running.client(through=running.address if reverse else None)
            try:
                for _ in range(calls):
                    await asyncio.to_thread(client.report_task_progress, taskId="t", fields=[])
            finally:
                client.close()
            return behind.asked, running


def test_calls_go_out_through_the_proxy_behind_and_show_it_who_we_are(tmp_path: Path) -> None:
    asked, running = asyncio.run(called(tmp_path, calls=2))

    assert asked == [f"CONNECT {HOST}:443 HTTP/1.1"]
    assert [call.op for call in kept(running.cassette)] == ["ReportTaskProgress"] * 2
    assert running.service.asked[0].header("proxy-authorization") is None


def test_reverse_mode_goes_out_through_it_too(tmp_path: Path) -> None:
    asked, running = asyncio.run(called(tmp_path, mode="reverse"))

    assert [line.split()[0] for line in asked] == ["CONNECT"]
    assert len(running.service.asked) == 1
    assert (running.service.asked[0].header("authorization") or "").startswith("AWS4-HMAC-SHA256")


def test_a_detour_is_taken_directly(tmp_path: Path) -> None:
    through, running = asyncio.run(called(tmp_path, detoured=True))

    assert through == []
    assert len(running.service.asked) == 1


@pytest.mark.parametrize("direct", [".amazonaws.com", "a.example, *"])
def test_what_was_reached_directly_still_is(tmp_path: Path, direct: str) -> None:
    async def main() -> None:
        unused = Parent("http", "127.0.0.1", free_port())
        chain = Chain(unused, direct)
        async with rig(tmp_path, parent=unused, others=lambda _: [chain]) as running:
            assert (await running.call("poll_for_task", workerGroup="wg"))["taskObject"]

    asyncio.run(main())


def test_credentials_that_are_refused_break_the_call_and_are_not_shown(tmp_path: Path) -> None:
    async def main() -> Rig:
        async with outer(0, "us er:wrong") as behind:
            chain = Chain(behind.parent)
            async with rig(
                tmp_path, parent=behind.parent, others=lambda _: [chain], detoured=False
            ) as running:
                with pytest.raises(BROKEN):
                    await running.call("poll_for_task", workerGroup="wg")
                assert behind.refused == 1
                return running

    running = asyncio.run(main())
    said = " ".join(running.told.troubles)

    assert "407 Proxy Authentication Required" in said
    assert "wrong" not in said + running.cassette.read_text()


def test_other_hosts_stay_sealed_on_their_way_through_it(tmp_path: Path) -> None:
    """The client sees the other host's own certificate."""

    async def main() -> None:
        async with outer(0) as behind:
            chain = Chain(behind.parent)
            async with rig(
                tmp_path, parent=behind.parent, others=lambda _: [chain], detoured=False
            ) as running:
                behind.port = int(running.upstream.rpartition(":")[2])
                trust = ssl.create_default_context(cafile=str(tmp_path / "service-ca.pem"))
                port = int(running.address.rpartition(":")[2])
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(f"CONNECT {OTHER}:443 HTTP/1.1\r\nHost: {OTHER}:443\r\n\r\n".encode())
                await reader.readuntil(b"\r\n\r\n")
                await writer.start_tls(trust, server_hostname=OTHER)
                writer.write(f"POST / HTTP/1.1\r\nHost: {OTHER}\r\nContent-Length: 0\r\n\r\n".encode())
                assert (await reader.readline()).startswith(b"HTTP/1.1 200")
                writer.close()
                assert behind.asked == [f"CONNECT {OTHER}:443 HTTP/1.1"]
                assert kept(running.cassette) == []

    asyncio.run(main())


def test_plain_requests_are_passed_on_whole_and_with_who_we_are(tmp_path: Path) -> None:
    async def main() -> None:
        async with outer(0) as behind:
            chain = Chain(behind.parent)
            async with rig(
                tmp_path, parent=behind.parent, others=lambda _: [chain], detoured=False, tls=False
            ) as running:
                behind.port = int(running.upstream.rpartition(":")[2])
                port = int(running.address.rpartition(":")[2])
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(f"GET http://{OTHER}/x HTTP/1.1\r\nHost: {OTHER}\r\n\r\n".encode())
                assert (await reader.readline()).startswith(b"HTTP/1.1 200")
                writer.close()
                assert behind.asked == [f"GET http://{OTHER}/x HTTP/1.1"]
                assert running.service.asked[0].header("proxy-authorization") is None

    asyncio.run(main())


def test_plain_requests_that_go_past_it_ask_an_origin(tmp_path: Path) -> None:
    async def main() -> None:
        unused = Parent("http", "127.0.0.1", free_port(), "u:p")
        chain = Chain(unused, "", [OTHER])
        async with rig(tmp_path, parent=unused, others=lambda _: [chain], tls=False) as running:
            port = int(running.address.rpartition(":")[2])
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"GET http://{OTHER}/x HTTP/1.1\r\nHost: {OTHER}\r\n\r\n".encode())
            assert (await reader.readline()).startswith(b"HTTP/1.1 200")
            writer.close()
            assert running.service.asked[0].line == "GET /x HTTP/1.1"
            assert running.service.asked[0].header("proxy-authorization") is None

    asyncio.run(main())


@pytest.mark.parametrize(
    ("parent", "name"),
    [
        (Parent("http", "proxy.example", 3128, "u:p"), "upstream:http://proxy.example:3128"),
        (Parent("https", "::1", 443), "upstream:https://[::1]:443"),
    ],
)
def test_mitmproxys_name_for_it_holds_no_credentials(parent: Parent, name: str) -> None:
    assert mode(parent) == name
