"""`holter ctl` against runs that go on: a sandbox, a recording, a replay."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from tests.processes import command, environment, holter_run, started, until
from tests.replay.tapes import beat, handout
from tests.test_replayer import tape

from holter.cassette.reader import open_cassette
from holter.wire.message import Mark

RULE = "ReportTaskProgress:cancel:nth_of_task=2"


@contextmanager
def going(folder: Path, *arguments: str) -> Iterator[None]:
    """A run with a control file, ended in good order."""
    file = folder / "control.json"
    line = command(*arguments, "--control-file", str(file))
    with started(line, environment(folder), folder / "out") as process:
        until(file.is_file)
        yield
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0, (folder / "out").read_text()
    assert not file.exists()


def ctl(folder: Path, *arguments: str) -> CompletedProcess[str]:
    return holter_run("ctl", *arguments, home=folder, HOLTER_CONTROL_FILE=str(folder / "control.json"))


def said(folder: Path, *arguments: str) -> str:
    ended = ctl(folder, *arguments)
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


def test_rules_of_a_sandbox_are_listed_added_taken_out_and_fired(tmp_path: Path) -> None:
    (tmp_path / "rule.yaml").write_text(
        "{name: quiet, when: {op: PollForTask}, then: {starve: true}, for: 90}"
    )
    with going(tmp_path, "sandbox"):
        assert said(tmp_path, "faults", "list") == ""
        assert said(tmp_path, "faults", "arm", "--fault", RULE) == f"armed       0  {RULE}\n"
        assert said(tmp_path, "faults", "arm", "--rule", str(tmp_path / "rule.yaml")).startswith("armed ")
        assert said(tmp_path, "faults", "disarm", RULE) == f"off         0  {RULE}\n"
        assert said(tmp_path, "faults", "fire", RULE) == f"off         0  {RULE}\n"
        assert " s left" in said(tmp_path, "faults", "arm", RULE, "--for", "60")
        assert [line.split()[0] for line in said(tmp_path, "faults", "list").splitlines()] == ["armed"] * 2
        wrong = ctl(tmp_path, "faults", "fire", "nobody")
        assert (wrong.returncode, len(wrong.stderr.splitlines())) == (2, 1)
        assert "there is no rule 'nobody'" in wrong.stderr


def test_a_recording_is_looked_at_marked_paused_and_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "run.yaml"
    with going(tmp_path, "record", "-o", str(path)):
        assert json.loads(said(tmp_path, "state"))["recording"]
        said(tmp_path, "mark", "deployed")
        said(tmp_path, "pause")
        assert json.loads(said(tmp_path, "state"))["paused"] is True
        said(tmp_path, "resume")
        said(tmp_path, "faults", "arm", "--fault", RULE)

    marks = [entry.value for entry in open_cassette(str(path)) if isinstance(entry.value, Mark)]
    assert [mark.what for mark in marks if mark.what != "alive"] == [
        "started", "note", "paused", "resumed", "fault", "stopped",
    ]  # fmt: skip
    assert {"text": "deployed"} in [mark.more for mark in marks]


def test_a_replay_has_it_too_and_cannot_be_paused(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", handout(), beat())
    with going(tmp_path, "replay", path):
        assert json.loads(said(tmp_path, "state"))["calls"] == 0
        assert "has no service" in ctl(tmp_path, "pause").stderr


@pytest.mark.parametrize(
    ("arguments", "content", "told"),
    [
        (["state"], None, "does the run go on?"),
        (["state"], "[]", "is not what a run writes there"),
        (["state"], '{"url": "http://127.0.0.1:1", "token": "x"}', "does not answer"),
        (["faults", "arm"], "{}", "give the NAME of a rule, or --fault, or --rule"),
        (["faults", "arm", "--rule", "x", "--for", "3"], "{}", "says `for` itself"),
        (["faults", "arm", "--rule", "gone"], '{"url": "http://127.0.0.1:1", "token": "x"}', "--rule: gone"),
    ],
)
def test_what_cannot_be_is_one_line(
    tmp_path: Path, arguments: list[str], content: str | None, told: str
) -> None:
    if content is not None:
        (tmp_path / "control.json").write_text(content)
    ended = ctl(tmp_path, *arguments)

    assert (ended.returncode, len(ended.stderr.splitlines())) == (2, 1), ended.stderr
    assert told in ended.stderr


@pytest.mark.parametrize(("name"), ["sandbox", "record"])
def test_an_address_that_others_can_reach_is_refused(tmp_path: Path, name: str) -> None:
    file = str(tmp_path / "c")
    ended = holter_run(name, "--control", "0.0.0.0:0", "--control-file", file, home=tmp_path, cwd=tmp_path)

    assert ended.returncode == 2
    assert "--control: 0.0.0.0 can be reached from elsewhere" in ended.stderr
