"""One run of the proxy around a command, or until interrupted."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

from holter import clientenv, portfile
from holter.cli.child import Signals
from holter.errors import MissingExtraError
from holter.recorder import Recorder, Recording
from holter.session import Listener

if TYPE_CHECKING:
    from holter.mitm.addon import Proxy

SETTLE = 1.0
"""Seconds that calls of a command that has ended are given to be seen as ended too."""


@dataclass(frozen=True, slots=True)
class Run:
    """What is asked of a run; the settings of the same names tell more.

    `environment` is added to the command's own, `output` takes what it writes instead of our own streams,
    `home` is where the certificate authority is kept.
    """

    recording: Recording
    listener: Listener
    tell: Callable[[str], None]
    listen: tuple[str, int] = ("127.0.0.1", 0)
    port_file: str | None = None
    upstream: str | None = None
    upstream_ca: str | None = None
    strict: bool = False
    hosts: tuple[str, ...] = ()
    detours: tuple[tuple[tuple[str, int], tuple[str, int]], ...] = ()
    command: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    output: IO[str] | None = None
    home: Path | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: the command's exit code, and how often something of ours failed."""

    recorder: Recorder
    code: int
    failures: int


async def run(asked: Run) -> Ended:
    """Run the proxy around the command, or until interrupted."""
    try:
        from holter.mitm import authority, engine
        from holter.mitm.addon import Proxy
        from holter.mitm.hosts import Hosts
        from holter.mitm.launch import Launch, proxy
    except ModuleNotFoundError as missing:
        raise MissingExtraError("holter record", "proxy", missing.name or "mitmproxy") from None
    certificate = authority.prepare(asked.home or authority.folder())
    hosts = Hosts([*asked.hosts, *(name for (name, _), _ in asked.detours)])
    addon = Proxy(hosts=hosts, detours=asked.detours, strict=asked.strict)
    launch = Launch(asked.listen, certificate, asked.upstream, asked.upstream_ca)
    pem = authority.bundle(certificate, clientenv.trusted(os.environ))
    with Signals() as signals, _kept(pem) as bundle:
        async with proxy(addon, launch, asked.tell) as (host, port):
            recording = replace(asked.recording, engine=engine.description(), service=_service(asked))
            recorder = Recorder(recording, asked.listener)
            addon.record(recorder, asked.listener)
            if recorder.plans.rules:
                asked.tell(f"holter: faults are armed, drawn by seed {recorder.plans.seed}")
            portfile.write(asked.port_file, port)
            code = await _serve(asked, signals, _environment(asked, f"http://{host}:{port}", bundle))
            await _settled(addon)
    return Ended(recorder, code, addon.failures)


@contextmanager
def _kept(pem: str) -> Iterator[str]:
    """Keep a bundle in a file as long as the run lasts; yield its path."""
    with tempfile.NamedTemporaryFile("w", prefix="holter-", suffix=".pem", encoding="utf-8") as file:
        file.write(pem)
        file.flush()
        yield file.name


def _service(asked: Run) -> str:
    return urlsplit(asked.upstream or "").netloc


def _environment(asked: Run, address: str, bundle: str) -> dict[str, str]:
    if asked.upstream:
        return clientenv.reverse(address)
    return clientenv.forward(address, bundle, os.environ)


async def _serve(asked: Run, signals: Signals, environment: dict[str, str]) -> int:
    if asked.command:
        asked.tell(f"holter: recording to {asked.recording.path}")
        return await signals.run(asked.command, {**environment, **dict(asked.environment)}, asked.output)
    asked.tell(f"holter: recording to {asked.recording.path} until interrupted; start the runner with")
    for line in clientenv.exports(environment):
        asked.tell(f"  {line}")
    await signals.ended.wait()
    return 0


async def _settled(addon: Proxy) -> None:
    """Wait until the calls of a command that has ended are seen as ended, but not for ever."""
    deadline = addon.clock.now().mono + SETTLE
    while addon.session and addon.session.in_flight and addon.clock.now().mono < deadline:
        await asyncio.sleep(0.01)
