"""`holter ctl`: a run that goes on, by its control API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from holter.control import Control
from holter.errors import UsageError


@click.group(short_help="Look at a run that goes on, and change its faults.")
@click.option(
    "--control-file",
    envvar="HOLTER_CONTROL_FILE",
    metavar="FILE",
    help="What the run was given as --control-file; also from HOLTER_CONTROL_FILE.",
)
@click.pass_context
def command(context: click.Context, control_file: str | None) -> None:
    """Look at a run that goes on, and change its faults.

    The run is a holter record, replay or sandbox that was started with --control-file.
    """
    context.obj = control_file


@command.command()
@click.pass_obj
def state(file: str | None) -> None:
    """Print how the run stands, as JSON."""
    click.echo(json.dumps(_run(file).ask("GET", "/v1/state"), indent=1))


@command.command()
@click.argument("text")
@click.pass_obj
def mark(file: str | None, text: str) -> None:
    """Write a note into the recording."""
    _run(file).ask("POST", "/v1/marks", json.dumps({"text": text}))


@command.command()
@click.pass_obj
def pause(file: str | None) -> None:
    """Let calls pass unseen for a while: they are neither kept nor judged."""
    _run(file).ask("POST", "/v1/pause")


@command.command()
@click.pass_obj
def resume(file: str | None) -> None:
    """Go on recording."""
    _run(file).ask("POST", "/v1/resume")


@command.group()
def faults() -> None:
    """Look at the rules of the fault plan, and arm or disarm them."""


@faults.command(name="list")
@click.pass_obj
def list_(file: str | None) -> None:
    """Print the rules, a line each: how they stand, what they have met, their name."""
    found = _run(file).ask("GET", "/v1/faults")
    for line in _lines(found["rules"]):
        click.echo(line)


@faults.command()
@click.argument("name", required=False)
@click.option("--fault", metavar="OPERATION:FAULT[:KEY=VALUE]...", help="Add this rule, in short form.")
@click.option("--rule", metavar="FILE", help="Add the rule in this file, as it stands in a plan.")
@click.option("--for", "seconds", metavar="SECONDS", type=float, help="Only for so long; scaled as the run.")
@click.pass_obj
def arm(
    file: str | None, name: str | None, fault: str | None, rule: str | None, seconds: float | None
) -> None:
    """Arm a rule by its name, or add one."""
    if sum(given is not None for given in (name, fault, rule)) != 1:
        raise UsageError("arm: give the NAME of a rule, or --fault, or --rule")
    if rule is not None and seconds is not None:
        raise UsageError("--for: a rule in a file says `for` itself")
    run, limit = _run(file), {} if seconds is None else {"for": seconds}
    if name is not None:
        found = run.rule(name, "arm", json.dumps(limit))
    else:
        body = json.dumps({"fault": fault, **limit}) if fault is not None else _text(rule or "")
        found = run.ask("POST", "/v1/faults", body)
    click.echo(next(_lines([found])))


@faults.command()
@click.argument("name")
@click.pass_obj
def disarm(file: str | None, name: str) -> None:
    """Take a rule out; what goes on because of it goes on."""
    found = _run(file).rule(name, "disarm")
    click.echo(next(_lines([found])))


@faults.command()
@click.argument("name")
@click.pass_obj
def fire(file: str | None, name: str) -> None:
    """Let a rule meet the next call that it is about, whatever its numbers and chances say."""
    found = _run(file).rule(name, "fire")
    click.echo(next(_lines([found])))


def _run(file: str | None) -> Control:
    if file is None:
        raise UsageError("ctl: which run? Give --control-file before the command: the run's own")
    return Control(file)


def _lines(rules: list[dict[str, Any]]) -> Iterator[str]:
    for row in rules:
        left = f"  {row['left']:.1f} s left" if row["left"] is not None else ""
        yield f"{row['state']:<6} {row['met']:>6}  {row['name']}{left}"


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as why:
        raise UsageError(f"--rule: {path} cannot be read: {why}") from None
