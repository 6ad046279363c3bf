"""`holter record`: a runner's calls through a proxy, kept and judged as they pass."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import click

from holter import wayout
from holter.cli import child
from holter.cli.options import options, planned
from holter.cli.run import Ended, Run, run
from holter.cli.unseen import why
from holter.errors import UsageError
from holter.faults import checks
from holter.faults.planfile import Plans
from holter.recorder import Recording
from holter.replay.modes import Mode
from holter.report import text
from holter.report.lines import Lines
from holter.settings import RECORD_MODE, SETTINGS
from holter.wayout import Parent


@click.command(short_help="Record and audit a runner's calls through a proxy.")
@click.option("-o", "--output", metavar="FILE", help="The cassette to write; by default named by the time.")
@options(
    "append", RECORD_MODE, "upstream", "connect_to", "upstream_ca", "upstream_proxy", "resign", "region",
    "host", "cancel_on", "faults", "fault", "seed", "listen", "port_file", "profile", "scale", "redact",
    "redact_key", "strict", "fail_on",
)  # fmt: skip
@click.argument("command_line", metavar="[-- CMD [ARGS]...]", nargs=-1, type=click.UNPROCESSED)
def command(*, output: str | None, command_line: tuple[str, ...], fail_on: str, **settings: Any) -> int:
    """Record and audit a runner's calls through a proxy.

    With a command, it is run in an environment that leads it through the proxy, signals are passed on,
    and its exit code is kept unless findings or losses make it 1. If no call passed, one line says the
    likeliest cause; the code is then 1 where the client refused Holter's certificate, and with --strict.
    Without a command, Holter serves until interrupted and prints the lines to paste where the runner is
    started (holter env prints them for other shells).
    """
    asked = _asked(output, command_line, settings)
    if command_line:
        child.must_exist(command_line)
    return report(asked, asyncio.run(run(asked)), fail_on)


def _asked(output: str | None, command_line: tuple[str, ...], settings: dict[str, Any]) -> Run:
    _readable("--upstream-ca", settings["upstream_ca"])
    _reverse_only(settings)
    plans = planned(settings, checks.Mode.PROXY)
    _straight(plans, settings)
    tell = _to_stderr if command_line else click.echo
    recording = Recording(
        path=output or datetime.now(UTC).strftime("holter-%Y%m%d-%H%M%S.yaml"),
        append=settings["append"],
        profile=settings["profile"],
        scale=settings["scale"],
        plans=plans,
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
        parent=_parent(settings["upstream_proxy"], settings["listen"]),
        resign=settings["resign"],
        region=settings["region"],
        strict=settings["strict"],
        mode=_mode(settings["mode"], append=settings["append"]),
        hosts=settings["host"],
        detours=settings["connect_to"],
        command=command_line,
    )


def _mode(mode: str | None, *, append: bool) -> Mode | None:
    if mode and append:
        raise UsageError("--append and --mode: give one of them")
    return Mode(mode) if mode else None


def _straight(plans: Plans, settings: dict[str, Any]) -> None:
    """Refuse copies of calls where they could not go to the service as they are."""
    copied = any("duplicate" in one.needs for one in plans.rules)
    for option in ("resign", "upstream_proxy"):
        if settings[option] and copied:
            raise UsageError(
                f"{SETTINGS[option].option}: duplicate sends its copies straight to the service, signed by "
                "the runner; leave one of the two out"
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


def _reverse_only(settings: dict[str, Any]) -> None:
    if settings["resign"] and not settings["upstream"]:
        raise UsageError(
            "--resign: only with --upstream: in forward mode the client's own signature stays valid"
        )
    if settings["region"] and not settings["resign"]:
        raise UsageError("--region: only with --resign")


def _parent(url: str | None, listen: tuple[str, int]) -> Parent | None:
    """Return the proxy to go out through: the one that is asked for, else the one of the environment."""
    if url == "direct":
        return None
    named = ("--upstream-proxy", url) if url else wayout.chained(os.environ)
    if named is None:
        return None
    try:
        parent = wayout.parent(named[1])
    except ValueError as wrong:
        raise UsageError(f"{named[0]}: {wrong}; --upstream-proxy direct goes through none") from None
    if (parent.host, parent.port) == listen:
        raise UsageError(f"{named[0]}: names Holter's own address: unset it, or --upstream-proxy direct")
    return parent


def report(asked: Run, ended: Ended, fail_on: str) -> int:
    """Print the report of a run and return its exit code."""
    audit, recorder = ended.recorder.audit, ended.recorder
    asked.tell("")
    asked.tell(text.render(audit, title=recorder.path).rstrip())
    if not audit.calls:
        command = asked.command or ("the client",)
        line = why(command, os.environ, ended.seen, reverse=asked.upstream is not None)
        asked.tell(f"holter: {line}")
    if recorder.lost or recorder.problem:
        now = recorder.problem or "it works again"
        asked.tell(f"holter: {recorder.lost} entries were lost while recording: {now}")
    failed = any(finding.fails(fail_on) for finding in audit.findings)
    missed = asked.command and not audit.calls and (asked.strict or ended.seen.refused)
    broken = recorder.lost or recorder.problem or ended.failures
    return 1 if failed or missed or broken else ended.code
