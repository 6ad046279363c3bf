"""`holter record`: a runner's calls through a proxy, kept and judged as they pass."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import click

from holter.cli import child
from holter.cli.options import options, planned
from holter.cli.run import Ended, Run, run
from holter.errors import UsageError
from holter.faults.checks import Mode
from holter.recorder import Recording
from holter.report import text
from holter.report.lines import Lines


@click.command(short_help="Record and audit a runner's calls through a proxy.")
@click.option("-o", "--output", metavar="FILE", help="The cassette to write; by default named by the time.")
@options(
    "append", "upstream", "connect_to", "upstream_ca", "host", "cancel_on", "faults", "fault", "seed",
    "listen", "port_file", "profile",
    "scale", "redact", "redact_key", "strict", "fail_on",
)  # fmt: skip
@click.argument("command_line", metavar="[-- CMD [ARGS]...]", nargs=-1, type=click.UNPROCESSED)
def command(*, output: str | None, command_line: tuple[str, ...], fail_on: str, **settings: Any) -> int:
    """Record and audit a runner's calls through a proxy.

    With a command, it is run in an environment that leads it through the proxy, signals are passed on,
    and its exit code is kept unless findings or losses make it 1. Without one, Holter serves until
    interrupted and prints the lines to paste where the runner is started.
    """
    asked = _asked(output, command_line, settings)
    if command_line:
        child.must_exist(command_line)
    return report(asked, asyncio.run(run(asked)), fail_on)


def _asked(output: str | None, command_line: tuple[str, ...], settings: dict[str, Any]) -> Run:
    _readable("--upstream-ca", settings["upstream_ca"])
    tell = _to_stderr if command_line else click.echo
    recording = Recording(
        path=output or datetime.now(UTC).strftime("holter-%Y%m%d-%H%M%S.yaml"),
        append=settings["append"],
        profile=settings["profile"],
        scale=settings["scale"],
        plans=planned(settings, Mode.PROXY),
        redact=settings["redact"],
        redact_keys=settings["redact_key"],
    )
    return Run(
        recording=recording,
        listener=Lines(tell),
        tell=tell,
        listen=settings["listen"],
        port_file=settings["port_file"],
        upstream=_upstream(settings["upstream"]),
        upstream_ca=settings["upstream_ca"],
        strict=settings["strict"],
        hosts=settings["host"],
        detours=settings["connect_to"],
        command=command_line,
    )


def _to_stderr(line: str) -> None:
    click.echo(line, err=True)


def _readable(option: str, path: str | None) -> None:
    if path and not os.path.isfile(path):
        raise UsageError(f"{option}: {path}: no such file")


def _upstream(url: str | None) -> str | None:
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
        raise UsageError(
            f"--upstream: {url!r} is no URL such as https://datapipeline.us-east-1.amazonaws.com"
        )
    return f"{parts.scheme}://{parts.netloc}"


def report(asked: Run, ended: Ended, fail_on: str) -> int:
    """Print the report of a run and return its exit code."""
    audit, recorder = ended.recorder.audit, ended.recorder
    asked.tell("")
    asked.tell(text.render(audit, title=recorder.path).rstrip())
    if not audit.calls:
        asked.tell("holter: no Data Pipeline call passed; does the runner heed HTTPS_PROXY?")
    if recorder.lost or recorder.problem:
        now = recorder.problem or "it works again"
        asked.tell(f"holter: {recorder.lost} entries were lost while recording: {now}")
    failed = any(finding.fails(fail_on) for finding in audit.findings)
    return 1 if failed or recorder.lost or recorder.problem or ended.failures else ended.code
