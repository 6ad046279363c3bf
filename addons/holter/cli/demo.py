"""`holter demo`: a sandbox, Holter in front of it, a runner that goes wrong, and what Holter saw of it."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from holter.cli import story
from holter.cli.encore import second_act
from holter.cli.run import Ended, Run, run
from holter.errors import HolterError, UsageError
from holter.faults.plans import Mode
from holter.faults.sources import gathered
from holter.lease.countdown import Ebb
from holter.lease.finding import Finding
from holter.recorder import Recording
from holter.report import text
from holter.report.lines import Lines
from holter.wire.message import Interaction, Json

HOST = "datapipeline.us-east-1.amazonaws.com"
START_WITHIN = 20.0
"""Seconds that the sandbox is given to start."""

_HOLTER = (sys.executable, "-m", "holter")


class _Watching:
    """Prints what happens and takes note of it."""

    def __init__(self) -> None:
        self.seen = story.Seen()
        self._lines = Lines(click.echo)

    def called(self, interaction: Interaction, age: float | None) -> None:
        """Take note of a call."""
        self.seen.called(interaction)
        self._lines.called(interaction, age)

    def found(self, finding: Finding) -> None:
        """Take note of a finding."""
        self.seen.found(finding, time.time())
        self._lines.found(finding)

    def ebbing(self, ebb: Ebb) -> None:
        """Print that a lease goes down."""
        self._lines.ebbing(ebb)

    def trouble(self, text: str) -> None:
        """Print what went wrong."""
        self._lines.trouble(text)


@click.command(short_help="Watch a runner lose its lease: everything on this machine, in half a minute.")
@click.option(
    "--keep", metavar="DIR", type=click.Path(path_type=Path), help="Keep everything in this folder."
)
def command(*, keep: Path | None) -> int:
    """Watch a runner lose its lease: no network, no account, half a minute.

    Starts the sandbox, Holter as a forward proxy in front of it, and the reference runner with four tasks.
    Then stops the sandbox, and plays the recording to the same runner. Exits 0 when all happened that was
    to happen, Holter and the sandbox agree on every lost lease, and the replay came to the same outcome.
    """
    folder = _folder(keep)
    _say(f"four tasks, all times scaled by {story.SCALE:g}; everything is kept in {folder}")
    for task in story.TASKS:
        _say(f"  {task.id:<10} {task.says}")
    watching = _Watching()
    with _sandbox(folder) as port, open(folder / "runner.log", "w", encoding="utf-8") as log:
        ended = asyncio.run(run(replace(_asked(folder, port, watching), output=log)))
    problems = [*_judged(folder, watching.seen, ended), *_replayed(folder)]
    for problem in problems:
        _say(f"MISSING: {problem}")
    _say(f"next: holter audit {folder / 'demo.yaml'}")
    _say("      holter record -o run.yaml -- YOUR-RUNNER ARGS")
    return 1 if problems else 0


def _say(line: str) -> None:
    click.echo(f"demo: {line}")


def _folder(keep: Path | None) -> Path:
    if keep is None:
        return Path(tempfile.mkdtemp(prefix="holter-demo-"))
    if keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
        raise UsageError(f"--keep: {keep} is there already and not an empty folder")
    keep.mkdir(parents=True, exist_ok=True)
    return keep.resolve()


@contextmanager
def _sandbox(folder: Path) -> Iterator[int]:
    """Run the sandbox beside us; yield its port."""
    (folder / "pipeline.json").write_text(json.dumps(story.definition(), indent=2), encoding="utf-8")
    options = ("--tls", "--terminate-when-done", "--scale", str(story.SCALE))
    files = {"port-file": "sandbox.port", "ca-file": "sandbox-ca.pem", "log": "truth.jsonl"}
    paths = [part for name, file in files.items() for part in (f"--{name}", str(folder / file))]
    command = [*_HOLTER, "sandbox", *options, *paths, "--definition", str(folder / "pipeline.json")]
    with open(folder / "sandbox.log", "w", encoding="utf-8") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    try:
        yield _port(folder, process)
    finally:
        process.terminate()
        process.wait()


def _port(folder: Path, process: subprocess.Popen[bytes]) -> int:
    deadline = time.monotonic() + START_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        if (folder / "sandbox.port").is_file():
            return int((folder / "sandbox.port").read_text(encoding="ascii"))
        time.sleep(0.02)
    said = (folder / "sandbox.log").read_text(encoding="utf-8").strip().splitlines()
    raise HolterError(f"the sandbox did not start: {said[-1] if said else 'it said nothing'}")


def _asked(folder: Path, port: int, watching: _Watching) -> Run:
    recording = Recording(
        str(folder / "demo.yaml"),
        scale=story.SCALE,
        plans=gathered(cancel_on=story.CANCEL_ON, mode=Mode.PROXY),
    )
    return Run(
        recording=recording,
        listener=watching,
        tell=click.echo,
        upstream_ca=str(folder / "sandbox-ca.pem"),
        detours=(((HOST, 443), ("127.0.0.1", port)),),
        command=(*_runner(folder / "work"), "--endpoint", f"https://{HOST}"),
        environment=tuple(story.CREDENTIALS.items()),
        home=folder / "ca",
    )


def _runner(work: Path) -> tuple[str, ...]:
    work.mkdir()
    wrong = [part for task in story.TASKS if task.misbehave for part in ("--misbehave", task.misbehave)]
    return (
        *(*_HOLTER, "runner", "--worker-group", story.WORKER_GROUP, "--hostname", "demo-runner"),
        *("--tasks", str(len(story.TASKS)), "--scale", str(story.SCALE), "--alive-every", "75"),
        *("--work-dir", str(work), *wrong),
    )


def _judged(folder: Path, seen: story.Seen, ended: Ended) -> list[str]:
    """Report what was seen, and return what was to be and was not."""
    audit = ended.recorder.audit
    click.echo()
    click.echo(text.render(audit, title=str(folder / "demo.yaml")))
    truth = [_row(line) for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    problems = story.missing(audit, seen, truth)
    if ended.code:
        problems.append(f"the runner ended with exit code {ended.code}")
    for line in story.comparison(audit, seen, truth):
        _say(line)
    if not problems:
        _say("all of it happened, and Holter and the sandbox agree on every lost lease")
    return problems


def _replayed(folder: Path) -> list[str]:
    """Play the recording to the same runner, and return what was not as it was recorded."""
    click.echo()
    _say("second act: the sandbox is stopped, and the same runner gets its recorded answers")
    with open(folder / "runner-replayed.log", "w", encoding="utf-8") as log:
        lines, problems = second_act(str(folder / "demo.yaml"), _runner(folder / "work-replayed"), log)
    for line in lines:
        _say(line)
    if not problems:
        _say("without any service, every task came to the same end")
    return problems


def _row(line: str) -> dict[str, Json]:
    row: dict[str, Json] = json.loads(line)
    return row
