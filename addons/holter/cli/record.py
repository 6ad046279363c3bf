"""`holter record`: a runner's calls through a proxy, kept and judged as they pass."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from holter import clientenv, portfile
from holter.cli import child
from holter.cli.options import options
from holter.errors import MissingExtraError, UsageError
from holter.recorder import Recorder, Recording
from holter.report import text
from holter.report.lines import Lines

if TYPE_CHECKING:
    from holter.mitm.addon import Proxy

SETTLE = 1.0
"""Seconds that calls of a command that has ended are given to be seen as ended too."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of `holter record`."""

    recording: Recording
    listen: tuple[str, int]
    port_file: str | None
    upstream: str | None
    upstream_ca: str | None
    strict: bool
    hosts: tuple[str, ...]
    detours: tuple[tuple[tuple[str, int], tuple[str, int]], ...]
    fail_on: str
    command: tuple[str, ...]
    tell: Callable[[str], None]


@click.command(short_help="Record and audit a runner's calls through a proxy.")
@click.option("-o", "--output", metavar="FILE", help="The cassette to write; by default named by the time.")
@options(
    "append", "upstream", "connect_to", "upstream_ca", "host", "cancel_on", "listen", "port_file", "profile",
    "scale", "strict", "fail_on",
)  # fmt: skip
@click.argument("command_line", metavar="[-- CMD [ARGS]...]", nargs=-1, type=click.UNPROCESSED)
def command(output: str | None, command_line: tuple[str, ...], **settings: Any) -> int:
    """Record and audit a runner's calls through a proxy.

    With a command, it is run in an environment that leads it through the proxy, signals are passed on,
    and its exit code is kept unless findings or losses make it 1. Without one, Holter serves until
    interrupted and prints the lines to paste where the runner is started.
    """
    run = _run(output, command_line, settings)
    if run.command:
        child.must_exist(run.command)
    return asyncio.run(record(run))


def _run(output: str | None, command_line: tuple[str, ...], settings: dict[str, Any]) -> Run:
    upstream = _upstream(settings["upstream"])
    if settings["upstream_ca"] and not os.path.isfile(settings["upstream_ca"]):
        raise UsageError(f"--upstream-ca: {settings['upstream_ca']}: no such file")
    recording = Recording(
        path=output or datetime.now(UTC).strftime("holter-%Y%m%d-%H%M%S.yaml"),
        append=settings["append"],
        profile=settings["profile"],
        scale=settings["scale"],
        cancel_on=settings["cancel_on"],
    )
    return Run(
        recording=recording,
        listen=settings["listen"],
        port_file=settings["port_file"],
        upstream=upstream,
        upstream_ca=settings["upstream_ca"],
        strict=settings["strict"],
        hosts=settings["host"],
        detours=settings["connect_to"],
        fail_on=settings["fail_on"],
        command=command_line,
        tell=_to_stderr if command_line else click.echo,
    )


def _to_stderr(line: str) -> None:
    click.echo(line, err=True)


def _upstream(url: str | None) -> str | None:
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
        raise UsageError(
            f"--upstream: {url!r} is no URL such as https://datapipeline.us-east-1.amazonaws.com"
        )
    return f"{parts.scheme}://{parts.netloc}"


async def record(run: Run) -> int:
    """Run the proxy around the command, or until interrupted; return the exit code."""
    try:
        from holter.mitm import authority, engine
        from holter.mitm.addon import Proxy
        from holter.mitm.hosts import Hosts
        from holter.mitm.launch import Launch, proxy
    except ModuleNotFoundError as missing:
        raise MissingExtraError("holter record", "proxy", missing.name or "mitmproxy") from None
    certificate = authority.prepare(authority.folder())
    addon = Proxy()
    addon.strict = run.strict
    addon.hosts = Hosts([*run.hosts, *(name for (name, _), _ in run.detours)])
    addon.detours = {(host.lower(), port): target for (host, port), target in run.detours}
    lines = Lines(run.tell)
    launch = Launch(run.listen, certificate, run.upstream, run.upstream_ca)
    with tempfile.NamedTemporaryFile("w", prefix="holter-", suffix=".pem", encoding="utf-8") as bundle:
        bundle.write(authority.bundle(certificate, clientenv.trusted(os.environ)))
        bundle.flush()
        async with proxy(addon, launch, run.tell) as (host, port):
            recording = replace(run.recording, engine=engine.description(), service=_service(run))
            recorder = Recorder(recording, lines)
            addon.record(recorder, lines)
            portfile.write(run.port_file, port)
            code = await _serve(run, _environment(run, f"http://{host}:{port}", bundle.name))
            await _settled(addon)
    return _report(run, recorder, addon.failures, code)


def _service(run: Run) -> str:
    return (urlsplit(run.upstream).netloc if run.upstream else "") or ""


def _environment(run: Run, address: str, bundle: str) -> dict[str, str]:
    if run.upstream:
        return clientenv.reverse(address)
    return clientenv.forward(address, bundle, os.environ)


async def _serve(run: Run, environment: dict[str, str]) -> int:
    if run.command:
        run.tell(f"holter: recording to {run.recording.path}")
        return await child.run(run.command, environment)
    run.tell(f"holter: recording to {run.recording.path} until interrupted; start the runner with")
    for line in clientenv.exports(environment):
        run.tell(f"  {line}")
    sys.stdout.flush()
    await child.interrupted()
    return 0


async def _settled(addon: Proxy) -> None:
    """Wait until the calls of a command that has ended are seen as ended, but not for ever."""
    deadline = addon.clock.now().mono + SETTLE
    while addon.session and addon.session.in_flight and addon.clock.now().mono < deadline:
        await asyncio.sleep(0.01)


def _report(run: Run, recorder: Recorder, failures: int, code: int) -> int:
    run.tell("")
    run.tell(text.render(recorder.audit, title=run.recording.path).rstrip())
    if not recorder.audit.calls:
        run.tell("holter: no Data Pipeline call passed; does the runner heed HTTPS_PROXY?")
    if recorder.lost:
        run.tell(f"holter: {recorder.lost} entries were lost: {recorder.problem}")
    failed = any(finding.fails(run.fail_on) for finding in recorder.audit.findings)
    return 1 if failed or recorder.lost or failures else code
