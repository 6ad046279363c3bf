"""Hundreds of runners whose polls are all held at once, and one that works beside them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.mitm.rig import Asked, Service, kept, reply
from tests.processes import HOST, PATIENCE, command, environment, started, until

from holter.endpoint.tls import context
from holter.handles import RESERVE
from holter.sandbox import certificate

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

RUNNERS = 300
HELD = 2.0
"""Seconds for which all are held together: 90 s in the service."""


@dataclass
class Holding:
    """Holds every poll until all are to be answered, each with a task of its own."""

    waiting: int = 0
    release: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        if asked.op != "PollForTask":
            await reply(writer, b'{"canceled":false}')
            return
        self.waiting += 1
        await self.release.wait()
        task = {"taskId": f"task-of-{json.loads(asked.body)['hostname']}", "attemptId": "@A", "objects": {}}
        await reply(writer, json.dumps({"taskObject": task}).encode())


@dataclass
class Crowd:
    """A Holter in front of a service that holds, and the way to it."""

    script: Holding
    port: int
    pid: int
    trust: ssl.SSLContext
    log: Path

    async def call(self, op: str, body: dict[str, str]) -> Any:
        """Make one call over a connection of its own, as through any proxy."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        with contextlib.closing(writer):
            writer.write(f"CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}:443\r\n\r\n".encode())
            await reader.readuntil(b"\r\n\r\n")
            await writer.start_tls(self.trust, server_hostname=HOST)
            data = json.dumps(body).encode()
            head = f"POST / HTTP/1.1\r\nHost: {HOST}\r\nX-Amz-Target: DataPipeline.{op}\r\n"
            writer.write(f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data)
            answer = await reader.readuntil(b"\r\n\r\n")
            length = answer.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            return json.loads(await reader.readexactly(int(length)))

    def polls(self, count: int) -> list[asyncio.Task[Any]]:
        """Let so many runners poll."""
        return [
            asyncio.create_task(self.call("PollForTask", {"workerGroup": "wg", "hostname": f"host-{number}"}))
            for number in range(count)
        ]

    def seconds(self) -> float:
        """How long the proxy has worked: times of proc(5), user and system."""
        times = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")

    def handles(self) -> int:
        """How many files and connections the proxy holds."""
        return len(os.listdir(f"/proc/{self.pid}/fd"))


async def happened(condition: Callable[[], bool]) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(PATIENCE * 6):
        while not condition():
            await asyncio.sleep(0.05)


@asynccontextmanager
async def crowd(folder: Path, *, files: int | None = None) -> AsyncIterator[Crowd]:
    """Run the service here and `holter record` beside it, which may hold so many files."""
    script = Holding()
    service, made = Service(script), certificate.make([HOST], datetime.now(UTC))
    (folder / "service-ca.pem").write_bytes(made.authority)
    server = await asyncio.start_server(
        service.serve, "127.0.0.1", 0, ssl=context(made.chain, made.key), backlog=RUNNERS
    )
    port, log = folder / "port", folder / "log"
    line = command(
        *("record", "-o", str(folder / "run.yaml"), "--port-file", str(port), "--fail-on", "never"),
        *("--upstream-ca", str(folder / "service-ca.pem")),
        *("--connect-to", f"{HOST}:443:127.0.0.1:{server.sockets[0].getsockname()[1]}"),
    )
    limited = ["sh", "-c", f'ulimit -n {files}; exec "$@"', "sh", *line] if files else line
    with started(limited, environment(folder), log) as process:
        until(lambda: port.is_file() or process.poll() is not None)
        authority = folder / "ca" / "mitmproxy-ca-cert.pem"
        trust = ssl.create_default_context(cafile=str(authority))
        yield Crowd(script, int(port.read_text()), process.pid, trust, log)
    server.close()
    await service.close()


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="looks into proc(5)")
def test_each_of_hundreds_gets_its_answer_and_holding_them_costs_next_to_nothing(tmp_path: Path) -> None:
    async def main() -> tuple[list[Any], float, int, float]:
        async with crowd(tmp_path) as running:
            polls = running.polls(RUNNERS)
            await happened(lambda: running.script.waiting == RUNNERS)
            before, slowest = running.seconds(), 0.0
            for _ in range(10):
                began = asyncio.get_running_loop().time()
                await running.call("ReportTaskProgress", {"taskId": "worked-on"})
                slowest = max(slowest, asyncio.get_running_loop().time() - began)
                await asyncio.sleep(HELD / 10)
            worked, handles = running.seconds() - before, running.handles()
            running.script.release.set()
            async with asyncio.timeout(PATIENCE * 3):
                return await asyncio.gather(*polls), worked, handles, slowest

    answers, worked, handles, slowest = asyncio.run(main())

    assert [found["taskObject"]["taskId"] for found in answers] == [
        f"task-of-host-{number}" for number in range(RUNNERS)
    ]
    assert worked < HELD / 2
    assert 2 * RUNNERS < handles <= 2 * RUNNERS + RESERVE
    assert slowest < PATIENCE / 2
    polls = [call for call in kept(tmp_path / "run.yaml") if call.op == "PollForTask"]
    assert len({call.task for call in polls}) == RUNNERS
    assert {call.status for call in polls} == {200}
    assert "holter: " not in (tmp_path / "log").read_text().partition("\n")[2]


def test_too_few_files_for_all_are_told_of_and_those_who_found_none_come_later(tmp_path: Path) -> None:
    async def main() -> tuple[int, str]:
        async with crowd(tmp_path, files=RESERVE + 40) as running:
            polls = running.polls(30)
            await happened(lambda: "connections are open" in running.log.read_text())
            running.script.release.set()
            async with asyncio.timeout(PATIENCE * 3):
                found = await asyncio.gather(*polls, return_exceptions=True)
            return sum(isinstance(one, dict) for one in found), running.log.read_text()

    answered, said = asyncio.run(main())

    assert answered >= 20
    (line,) = [line for line in said.splitlines() if "connections are open" in line]
    assert line.endswith(
        f"may hold {RESERVE + 40} files: further clients will wait or fail: raise the hard limit (ulimit -n)"
    )
    assert "Traceback" not in said
