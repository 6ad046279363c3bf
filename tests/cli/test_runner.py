from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import holter
from holter.cli.runner import command
from holter.sandbox.runner import runner
from holter.sandbox.runner.misbehaviour import Kind, parse
from holter.sandbox.runner.options import Options


def options_of(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Options:
    """Return what the command would run with."""
    found: list[Options] = []
    monkeypatch.setattr(runner, "run", found.append)
    result: Result = CliRunner().invoke(command, ["--worker-group", "wg", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return found[0]


def test_the_defaults_are_the_documented_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = options_of(monkeypatch), options_of(monkeypatch)
    assert (first.worker_group, first.tasks, first.beat_every, first.alive_every) == ("wg", 1, 60.0, 900.0)
    assert (first.scale, first.poll_timeout, first.max_tasks, first.misbehave) == (1.0, 95.0, None, ())
    assert first.hostname == second.hostname != ""
    assert first.runner_id.startswith(first.hostname)
    assert first.runner_id != second.runner_id


def test_the_options_defaults_are_the_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    assert options_of(monkeypatch, "--hostname", "h", "--runner-id", "r") == Options("wg", "h", "r")


def test_every_option_arrives(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = options_of(
        monkeypatch,
        *("--tasks", "3", "--hostname", "h", "--runner-id", "r", "--beat-every", "10", "--alive-every", "20"),
        *("--grace", "5", "--scale", "0.5", "--max-tasks", "7", "--exit-when-idle", "--poll-timeout", "2"),
        *("--endpoint", "http://127.0.0.1:1", "--region", "eu-west-1", "--work-dir", str(tmp_path)),
        *("--misbehave", "no-ack", "--misbehave", "crash:after=3"),
    )
    assert found == Options(
        "wg",
        "h",
        "r",
        tasks=3,
        beat_every=10.0,
        alive_every=20.0,
        grace=5.0,
        scale=0.5,
        max_tasks=7,
        exit_when_idle=True,
        poll_timeout=2.0,
        endpoint="http://127.0.0.1:1",
        region="eu-west-1",
        work_dir=str(tmp_path),
        misbehave=(parse("no-ack"), parse("crash:after=3")),
    )


def test_the_help_lists_every_kind_of_misbehaviour() -> None:
    text = CliRunner().invoke(command, ["--help"]).output
    assert all(f"\n  {kind}" in text for kind in Kind)
    assert "never scaled" in text


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "Missing option '--worker-group'"),
        (["--worker-group", ""], "--worker-group: needs 1 to 1024 characters"),
        (["--worker-group", "wg", "--scale", "0"], "'0' is not a number above 0"),
        (["--worker-group", "wg", "--beat-every", "nan"], "'nan' is not a number above 0"),
        (["--worker-group", "wg", "--tasks", "0"], "0 is not in the range x>=1"),
        (["--worker-group", "wg", "--misbehave", "sulk"], "'sulk' is none of no-ack, late-ack"),
        (
            ["--worker-group", "wg", "--misbehave", "stall:far=1"],
            "'far' is no key of it; it takes for, after",
        ),
        (["--worker-group", "wg", "--work-dir", "/no/such/folder"], "does not exist"),
        (["--worker-group", "wg", "--endpoint", "nonsense"], "nonsense"),
    ],
)
def test_a_wrong_option_is_one_line_and_exit_status_2(arguments: list[str], complaint: str) -> None:
    found = subprocess.run(
        [sys.executable, "-m", "holter", "runner", *arguments],
        env={"PYTHONPATH": str(Path(holter.__file__).parents[1]), "PATH": "/usr/bin:/bin"},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert found.returncode == 2
    assert complaint in found.stderr
    assert len(found.stderr.splitlines()) == 1
