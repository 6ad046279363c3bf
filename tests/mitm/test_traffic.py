"""What is noted of traffic that holds no calls."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest
from botocore.exceptions import ProxyConnectionError, SSLError

from holter.handles import RESERVE
from holter.mitm.hosts import Hosts
from holter.mitm.traffic import Traffic

from .rig import HOST, OTHER, Rig, rig


async def handshake(running: Rig, host: str, trust: ssl.SSLContext) -> None:
    """Ask for a tunnel to a host and shake hands in it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(running.address.rpartition(":")[2]))
    writer.write(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n".encode())
    await reader.readuntil(b"\r\n\r\n")
    try:
        await writer.start_tls(trust, server_hostname=host)
    finally:
        writer.close()


def noting() -> Traffic:
    told: list[str] = []
    return Traffic(Hosts(), 1024, told.append)


def test_a_run_with_calls(tmp_path: Path) -> None:
    traffic = noting()

    async def main() -> None:
        async with rig(tmp_path, others=lambda _: [traffic]) as running:
            await running.call("poll_for_task", workerGroup="wg")

    asyncio.run(main())

    assert (traffic.connections, traffic.opened, traffic.sealed, traffic.refused) == (1, {HOST}, set(), set())


def test_connections_that_stay_sealed(tmp_path: Path) -> None:
    traffic = noting()

    async def main() -> None:
        async with rig(tmp_path, others=lambda _: [traffic]) as running:
            await handshake(
                running, OTHER, ssl.create_default_context(cafile=str(tmp_path / "service-ca.pem"))
            )

    asyncio.run(main())

    assert (traffic.connections, traffic.opened, traffic.sealed, traffic.refused) == (
        1,
        set(),
        {OTHER},
        set(),
    )


def test_clients_that_refuse_our_certificate(tmp_path: Path) -> None:
    traffic = noting()

    async def main() -> None:
        async with rig(tmp_path, others=lambda _: [traffic]) as running:
            running.ca = str(tmp_path / "service-ca.pem")
            with pytest.raises((SSLError, ProxyConnectionError)):
                await running.call("poll_for_task", workerGroup="wg")
            await running.until(lambda: bool(traffic.refused))

    asyncio.run(main())

    assert (traffic.opened, traffic.sealed, traffic.refused) == (set(), set(), {HOST})


def test_a_limit_of_open_files_that_comes_near_is_told_once(tmp_path: Path) -> None:
    told: list[str] = []

    async def main() -> None:
        traffic = Traffic(Hosts(), RESERVE + 3, told.append)
        async with rig(tmp_path, others=lambda _: [traffic]) as running:
            clients = [running.client() for _ in range(4)]
            for number, client in enumerate(clients):
                await running.call("poll_for_task", client, workerGroup="wg")
                assert len(told) == (number > 0)
            for client in clients:
                client.close()

    asyncio.run(main())

    assert told == [
        "holter: 4 connections are open, two for each client, and this process may hold "
        f"{RESERVE + 3} files: further clients will wait or fail: raise the hard limit (ulimit -n)"
    ]


def test_connections_that_have_ended_count_no_more(tmp_path: Path) -> None:
    told: list[str] = []

    async def main() -> None:
        traffic = Traffic(Hosts(), RESERVE + 3, told.append)
        async with rig(tmp_path, others=lambda _: [traffic]) as running:
            for ended in range(1, 5):
                await running.call("poll_for_task", workerGroup="wg")
                await running.until(lambda: traffic.open == 0)
                assert traffic.connections == ended

    asyncio.run(main())

    assert told == []
