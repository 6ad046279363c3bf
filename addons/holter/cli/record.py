"""`holter record`: a runner's calls through a proxy, kept and judged as they pass."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

import click

from holter.cli import child, proxied, views
from holter.cli.options import listening, options, planned
from holter.cli.run import Ended, Run, run
from holter.errors import UsageError
from holter.faults import plans
from holter.recorder import Recording
from holter.replay.modes import Mode
from holter.replayer import Replay
from holter.report import text
from holter.settings import RECORD_MODE


@click.command(short_help="Record and audit a runner's calls through a proxy.")
@click.option("-o", "--output", metavar="FILE", help="The cassette to write; by default named by the time.")
@options(
    "append", RECORD_MODE, "upstream", "connect_to", "upstream_ca", "upstream_proxy", "resign", "region",
    "host", "cancel_on", "faults", "fault", "seed", "listen", "port_file", "profile", "scale", "redact",
    "redact_key", "strict", "plain", "json_lines", "board", "control", "control_file", "on_finding",
    "fail_on",
)  # fmt: skip
@click.argument("command_line", metavar="[-- CMD [ARGS]...]", nargs=-1, type=click.UNPROCESSED)
def command(*, output: str | None, command_line: tuple[str, ...], fail_on: str, **settings: Any) -> int:
    """Record and audit a runner's calls through a proxy.

    With a command, it is run in an environment that leads it through the proxy, signals are passed on,
    and its exit code is kept unless findings or losses make it 1. If no call passed, one line says the
    likeliest cause; the code is then 1 where the client refused Holter's certificate, and with --strict.
    Without a command, Holter serves until interrupted and prints the lines to paste where the runner is
    started (holter env prints them for other shells). On a terminal it then shows a live board.
    """
    asked = _asked(output, command_line, settings)
    if command_line:
        child.must_exist(command_line)
    with asked.alarm or nullcontext():
        return report(asked, asyncio.run(run(asked)), fail_on)


def _asked(output: str | None, command_line: tuple[str, ...], settings: dict[str, Any]) -> Run:
    view = views.around(settings, command_line)
    recording = Recording(
        path=output or datetime.now(UTC).strftime("holter-%Y%m%d-%H%M%S.yaml"),
        append=settings["append"],
        profile=settings["profile"],
        scale=settings["scale"],
        plans=planned(settings, plans.Mode.PROXY),
        redact=settings["redact"],
        redact_keys=settings["redact_key"],
    )
    return Run(
        recording=recording,
        tell=view.tell,
        replay=_replay(recording, settings["mode"]),
        command=command_line,
        **listening(settings, view),
        **proxied.way(settings),
    )


def _replay(recording: Recording, mode: str | None) -> Replay | None:
    """Return the replay of a mode that makes use of the recording that is there."""
    if mode and recording.append:
        raise UsageError("--append and --mode: give one of them")
    if mode is None:
        return None
    return Replay(
        (recording.path,),
        Mode(mode),
        scale=recording.scale,
        profile=recording.profile,
        plans=recording.plans,
    )


def report(asked: Run, ended: Ended, fail_on: str) -> int:
    """Print the report of a run and return its exit code."""
    audit = ended.recorder.audit
    asked.tell("")
    asked.tell(text.render(audit, title=ended.recorder.path).rstrip())
    broken = proxied.failed(asked, ended)
    failed = any(finding.fails(fail_on) for finding in audit.findings)
    code = 1 if failed or broken else ended.code
    if asked.alarm:
        asked.alarm.close()
    if asked.view:
        asked.view.ended(audit, ended.recorder.lost, code)
    return code
