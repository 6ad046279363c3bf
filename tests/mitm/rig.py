"""A real proxy between a real client and a scripted service, all on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import botocore.exceptions as problems
import botocore.session
from botocore.config import Config

from holter.cassette.reader import open_cassette
from holter.endpoint.tls import context
from holter.lease.countdown import Ebb
from holter.lease.finding import Finding
from holter.mitm import authority
from holter.mitm.addon import Proxy
from holter.mitm.hosts import Hosts
from holter.mitm.launch import Launch, proxy
from holter.mitm.offline import Offline
from holter.player import Player
from holter.recorder import Recorder, Recording
from holter.replayer import Replay, Replayer
from holter.sandbox import certificate
from holter.wayout import Parent
from holter.wire.message import Interaction, Mark

BROKEN = (problems.ConnectionClosedError, problems.ProxyConnectionError)
"""What botocore calls a connection that broke: through a proxy, urllib3 blames the proxy."""

HOST = "datapipeline.us-east-1.amazonaws.com"
OTHER = "other.example.com"

TASK: dict[str, Any] = {
    "taskObject": {
        "taskId": "QUFB+/==:bWFj:1",
        "pipelineId": "df-1",
        "attemptId": "@Copy_2026-01-02T00:00:00_Attempt=1",
        "objects": {},
    }
}


@dataclass
class Asked:
    """A request as the service got it, byte for byte."""

    line: str
    headers: list[tuple[str, str]]
    body: bytes
    connection: int

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def op(self) -> str:
        return (self.header("x-amz-target") or "").partition(".")[2]


Script = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]


async def reply(
    writer: asyncio.StreamWriter, body: bytes, status: str = "200 OK", headers: tuple[str, ...] = ()
) -> None:
    head = [f"HTTP/1.1 {status}", "Content-Type: application/x-amz-json-1.1", f"Content-Length: {len(body)}"]
    writer.write("\r\n".join([*head, *headers, "", ""]).encode() + body)
    await writer.drain()


async def ordinary(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """Answer as the service does to a healthy runner."""
    answers: dict[str, Any] = {"PollForTask": TASK, "ReportTaskProgress": {"canceled": False}}
    body = b"" if asked.op == "SetTaskStatus" else json.dumps(answers.get(asked.op, {})).encode()
    await reply(writer, body)


@dataclass
class Service:
    """The scripted service and what it was asked."""

    script: Script = ordinary
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    tasks: dict[asyncio.Task[None], asyncio.StreamWriter] = field(default_factory=dict)

    async def close(self) -> None:
        """Hang up, and wait until nothing runs any more."""
        tasks = dict(self.tasks)
        for writer in tasks.values():
            writer.close()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number, task = self.connections, asyncio.current_task()
        assert task is not None
        self.tasks[task] = writer
        task.add_done_callback(self.tasks.pop)
        with contextlib.closing(writer), contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                asked = await _read(reader, number)
                self.asked.append(asked)
                await self.script(asked, writer)


async def _read(reader: asyncio.StreamReader, connection: int) -> Asked:
    head = await reader.readuntil(b"\r\n\r\n")
    line, *lines = head.decode("latin-1").split("\r\n")[:-2]
    pairs = (text.partition(":") for text in lines)
    asked = Asked(line, [(name, value.strip()) for name, _, value in pairs], b"", connection)
    asked.body = await reader.readexactly(int(asked.header("content-length") or 0))
    return asked


@dataclass
class Told:
    """What a listener was told."""

    calls: list[Interaction] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    ebbs: list[Ebb] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def called(self, interaction: Interaction, age: float | None) -> None:
        self.calls.append(interaction)

    def found(self, finding: Finding) -> None:
        self.findings.append(finding)

    def ebbing(self, ebb: Ebb) -> None:
        self.ebbs.append(ebb)

    def trouble(self, text: str) -> None:
        self.troubles.append(text)


@dataclass
class Rig:
    """All of it, running."""

    service: Service
    told: Told
    addon: Proxy
    recorder: Recorder | Replayer
    cassette: Path
    address: str
    ca: str
    upstream: str

    def client(self, *, through: str | None = None, **config: Any) -> Any:
        """A botocore client through the forward proxy; in reverse mode, of the proxy as the endpoint."""
        config = {"retries": {"total_max_attempts": 1}, "read_timeout": 10, "connect_timeout": 5, **config}
        if through is None:
            config["proxies"] = {"http": self.address, "https": self.address}
        session = botocore.session.Session()
        return session.create_client(
            "datapipeline",
            region_name="us-east-1",
            aws_access_key_id="AKIDEXAMPLE",
            aws_secret_access_key="secret",
            endpoint_url=through or f"https://{HOST}",
            verify=self.ca,
            config=Config(**config),
        )

    async def call(self, operation: str, client: Any = None, **members: Any) -> Any:
        """Make one call in a thread, as a runner would."""
        mine = client or self.client()
        try:
            return await asyncio.to_thread(getattr(mine, operation), **members)
        finally:
            if client is None:
                mine.close()

    async def until(self, condition: Callable[[], bool], seconds: float = 5.0) -> None:
        """Wait for something to become true."""
        deadline = asyncio.get_running_loop().time() + seconds
        while not condition():
            assert asyncio.get_running_loop().time() < deadline, "it did not happen in time"
            await asyncio.sleep(0.005)


@asynccontextmanager
async def rig(
    folder: Path, *, mode: str = "forward", tls: bool = True, script: Script = ordinary, **asked: Any
) -> AsyncIterator[Rig]:
    """Start service and proxy; `mode` is forward or reverse. With a `replay` its cassettes are played."""
    strict = asked.pop("strict", False)
    detours_to: int | None = asked.pop("port", None)
    parent: Parent | None = asked.pop("parent", None)
    others: Callable[[Proxy], list[object]] = asked.pop("others", lambda _: [])
    replay: Replay | None = asked.pop("replay", None)
    player: Player | None = asked.pop("player", None)
    detoured: bool = asked.pop("detoured", True)
    service, told = Service(script), Told()
    made = certificate.make([HOST, OTHER, "localhost", "127.0.0.1"], datetime.now(UTC))
    (folder / "service-ca.pem").write_bytes(made.authority)
    ca = authority.prepare(authority_folder(folder))
    async with AsyncExitStack() as stack:
        secured: ssl.SSLContext | None = context(made.chain, made.key) if tls else None
        server = await stack.enter_async_context(
            await asyncio.start_server(service.serve, "127.0.0.1", 0, ssl=secured)
        )
        stack.push_async_callback(service.close)
        port = detours_to or server.sockets[0].getsockname()[1]
        scheme = "https" if tls else "http"
        detours = [((name, number), ("127.0.0.1", port)) for name in (HOST, OTHER) for number in (80, 443)]
        addon = Proxy(hosts=Hosts(), detours=detours if detoured else [], strict=strict)
        upstream = f"{scheme}://localhost:{port}"
        reverse, trust = upstream if mode == "reverse" else None, str(folder / "service-ca.pem")
        launch = Launch(("127.0.0.1", 0), ca, reverse, trust, parent)
        behind = [Offline(addon, told.trouble)] if replay else []
        host, number = await stack.enter_async_context(
            proxy(addon, launch, told.trouble, *behind, *others(addon))
        )
        recorder = _recorder(Recording(str(folder / "run.yaml"), **asked), told, replay, player)
        addon.record(recorder, told)
        address = f"http://{host}:{number}"
        yield Rig(service, told, addon, recorder, folder / "run.yaml", address, str(ca), upstream)


def _recorder(
    recording: Recording, told: Told, replay: Replay | None, player: Player | None
) -> Recorder | Replayer:
    return Replayer(replay, told, recording) if replay else Recorder(recording, told, player)


def authority_folder(folder: Path) -> Path:
    """One authority for all tests of a run: making one takes a tenth of a second."""
    return folder.parent / "holter-ca"


def kept(path: Path) -> list[Interaction]:
    """The interactions on the tape."""
    return [entry.value for entry in open_cassette(str(path)) if isinstance(entry.value, Interaction)]


def marks(path: Path) -> list[Mark]:
    """The marks on the tape."""
    return [entry.value for entry in open_cassette(str(path)) if isinstance(entry.value, Mark)]
