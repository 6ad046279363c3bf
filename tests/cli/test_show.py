"""`holter show`, from files as a user has them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests.cli.terminal import on_terminal
from tests.lease.history import History
from tests.processes import command, environment, holter_run

from holter.cassette.format import Header
from holter.cassette.writer import Writer


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    path = tmp_path / "run.yaml"
    history = History().handed(0).beat(1, 60).finished(90).mark("stopped", 91)
    with Writer.create(str(path), Header(recording="abcd", started=1_800_000_000.0)) as writer:
        for entry in history.entries:
            assert writer.append(entry)
    return path


def seqs(tape: Path, *options: str) -> list[str]:
    ended = holter_run("show", str(tape), *options, home=tape.parent)
    assert (ended.returncode, ended.stderr) == (0, "")
    return [line.split()[1] for line in ended.stdout.splitlines()[1:]]


def test_every_call_is_a_line_with_its_place(tape: Path) -> None:
    ended = holter_run("show", str(tape), home=tape.parent)
    head, *rows = ended.stdout.splitlines()

    assert head.split()[:3] == ["line", "seq", "time"]
    assert [row.split()[1] for row in rows] == ["1", "2", "3", "4"]
    lines = tape.read_text().splitlines()
    assert all(f'"seq":{row.split()[1]},' in lines[int(row.split()[0]) - 1] for row in rows)


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        (["--op", "polLforTask"], ["1"]),
        (["--task", "task-1", "--from", "30"], ["3", "4"]),
        (["--task", "task-9"], []),
        (["--from", "30", "--to", "70"], ["3"]),
        (["--errors"], []),
        (["--marks", "--op", "SetTaskStatus"], ["-", "4", "-"]),
    ],
)
def test_filters_choose(tape: Path, options: list[str], shown: list[str]) -> None:
    assert seqs(tape, *options) == shown


def test_one_call_is_shown_whole(tape: Path) -> None:
    ended = holter_run("show", str(tape), "3", home=tape.parent)

    assert ended.stdout.startswith("call 3, line ")
    assert '  "canceled": false' in ended.stdout


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["99"], "holds no call 99"),
        (["0"], "0 is not in the range"),
        (["3", "--errors"], "SEQ is one call: leave the filters out"),
        (["--op", "Poll"], "--op: 'Poll' is none of PollForTask, "),
        (["--from", "noon"], "--from: 'noon' is neither seconds since the start nor a time"),
    ],
)
def test_what_makes_no_sense_is_one_line_and_exit_2(tape: Path, options: list[str], says: str) -> None:
    ended = holter_run("show", str(tape), *options, home=tape.parent)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert len(ended.stderr.splitlines()) == 1
    assert says in ended.stderr


@pytest.mark.parametrize(
    ("text", "says"),
    [(None, "cannot be read"), ("", "is empty"), ("a: 1\n", "is no Holter cassette"), ("\0\1", "NUL")],
)
def test_what_cannot_be_read_is_one_line_and_exit_2(tmp_path: Path, text: str | None, says: str) -> None:
    if text is not None:
        (tmp_path / "x.yaml").write_text(text)
    ended = holter_run("show", "x.yaml", home=tmp_path, cwd=tmp_path)

    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1
    assert says in ended.stderr


def test_a_cassette_written_by_hand_is_numbered_by_order_and_a_torn_tail_is_told(tmp_path: Path) -> None:
    call = '---\ncall: {op: PollForTask}\nrequest: {workerGroup: "%s"}\nresponse: {}\n'
    path = tmp_path / "hand.yaml"
    path.write_text("holter: 1\n" + call % "a" + call % "b" + '---\ncall: {"op')
    ended = holter_run("show", str(path), home=tmp_path)

    assert [line.split()[1] for line in ended.stdout.splitlines()[1:]] == ["1", "2"]
    assert "torn" in ended.stderr
    assert '"workerGroup": "b"' in holter_run("show", str(path), "2", home=tmp_path).stdout


def test_a_pipe_that_is_closed_ends_it_quietly(tape: Path) -> None:
    tape.write_bytes(tape.read_bytes() + b'---\nmark: {"what":"note"}\n' * 20_000)
    process = subprocess.Popen(
        command("show", str(tape), "--marks"),
        env=environment(tape.parent),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr is not None
    said = process.stderr.read()
    process.stderr.close()
    process.wait(30)
    assert said == b""


def test_on_a_terminal_it_goes_through_the_pager(tape: Path) -> None:
    env = environment(tape.parent, PAGER="sed s/operation/paged/")
    code, said = on_terminal(command("show", str(tape)), env)

    assert code == 0
    assert "paged" in said
    assert "task-1" in said
