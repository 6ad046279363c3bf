"""`holter ctl`: a run that goes on, by its control API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import click

from holter.errors import UsageError

_WITHIN = 10.0
"""Seconds in which a run answers."""


class Run:
    """A run as its control file tells how to reach it."""

    def __init__(self, file: str | None) -> None:
        if file is None:
            raise UsageError("ctl: which run? Give --control-file before the command: the run's own")
        try:
            said = json.loads(Path(file).read_text(encoding="utf-8"))
            self._url, self._token = str(said["url"]), str(said["token"])
        except OSError as why:
            raise UsageError(f"--control-file: {file}: {why.strerror}: does the run go on?") from None
        except (ValueError, KeyError, TypeError):
            raise UsageError(f"--control-file: {file} is not what a run writes there") from None

    def ask(self, method: str, path: str, body: str = "") -> dict[str, Any]:
        """Return what the run answers; `UsageError` with what it says is wrong."""
        connection = HTTPConnection(urlsplit(self._url).netloc, timeout=_WITHIN)
        try:
            connection.request(method, path, body.encode(), {"Authorization": f"Bearer {self._token}"})
            answer = connection.getresponse()
            status, text = answer.status, answer.read()
        except (OSError, HTTPException) as why:
            raise UsageError(f"{self._url} does not answer ({why}): does the run go on?") from None
        finally:
            connection.close()
        if status == 403:
            raise UsageError(f"{self._url} does not take this token: is the control file another run's?")
        found: dict[str, Any] = json.loads(text)
        if status != 200:
            raise UsageError(str(found.get("error", f"{self._url} answers {status}")))
        return found


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
    click.echo(json.dumps(Run(file).ask("GET", "/v1/state"), indent=1))


@command.command()
@click.argument("text")
@click.pass_obj
def mark(file: str | None, text: str) -> None:
    """Write a note into the recording."""
    Run(file).ask("POST", "/v1/marks", json.dumps({"text": text}))


@command.command()
@click.pass_obj
def pause(file: str | None) -> None:
    """Let calls pass unseen for a while: they are neither kept nor judged."""
    Run(file).ask("POST", "/v1/pause")


@command.command()
@click.pass_obj
def resume(file: str | None) -> None:
    """Go on recording."""
    Run(file).ask("POST", "/v1/resume")


@command.group()
def faults() -> None:
    """Look at the rules of the fault plan, and arm or disarm them."""


@faults.command(name="list")
@click.pass_obj
def list_(file: str | None) -> None:
    """Print the rules, a line each: how they stand, what they have met, their name."""
    found = Run(file).ask("GET", "/v1/faults")
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
    if name is None and seconds is not None:
        raise UsageError("--for: a rule that is added says `for` itself; arm it by its name with --for")
    run = Run(file)
    if name is not None:
        body = "" if seconds is None else json.dumps({"for": seconds})
        found = run.ask("POST", f"/v1/faults/{quote(name, safe='')}/arm", body)
    else:
        found = run.ask("POST", "/v1/faults", json.dumps(fault) if fault else _text(rule or ""))
    click.echo(next(_lines([found])))


@faults.command()
@click.argument("name")
@click.pass_obj
def disarm(file: str | None, name: str) -> None:
    """Take a rule out; what goes on because of it goes on."""
    found = Run(file).ask("POST", f"/v1/faults/{quote(name, safe='')}/disarm")
    click.echo(next(_lines([found])))


@faults.command()
@click.argument("name")
@click.pass_obj
def fire(file: str | None, name: str) -> None:
    """Let a rule meet the next call that it is about, whatever its numbers and chances say."""
    found = Run(file).ask("POST", f"/v1/faults/{quote(name, safe='')}/fire")
    click.echo(next(_lines([found])))


def _lines(rules: list[dict[str, Any]]) -> Iterator[str]:
    for row in rules:
        left = f"  {row['left']:.1f} s left" if row["left"] is not None else ""
        yield f"{row['state']:<6} {row['met']:>6}  {row['name']}{left}"


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as why:
        raise UsageError(f"--rule: {path} cannot be read: {why}") from None
