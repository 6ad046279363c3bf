"""A command for each finding: what it is given, and what becomes of one that fails, hangs or is too many."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from tests.cli.test_record import SCALE, pipeline, runner
from tests.lease.history import History
from tests.processes import holter_run, sandbox, until
from tests.told import Told

from holter.cli import alarm as module
from holter.cli.alarm import Alarm, variables
from holter.errors import UsageError
from holter.lease.countdown import Ebb
from holter.lease.finding import Finding, State
from holter.wire.message import Interaction

KEEPING = """\
import json, os, sys
said = {name: value for name, value in os.environ.items() if name.startswith("HOLTER_")}
with open(sys.argv[1], "a") as file:
    file.write(json.dumps([json.load(sys.stdin), said]) + "\\n")
"""


def finding() -> Finding:
    return History().handed(0).beat(1, 1000).findings()[0]


def script(folder: Path, text: str, *arguments: str) -> tuple[str, ...]:
    path = folder / "script.py"
    path.write_text(text)
    return (sys.executable, str(path), *arguments)


def test_it_is_given_the_finding_on_stdin_and_in_its_environment(tmp_path: Path) -> None:
    out, told, one = tmp_path / "out", Told(), finding()
    with Alarm(told, script(tmp_path, KEEPING, str(out))) as alarm:
        alarm.found(replace(one, state=State.OPEN))
        until(out.exists)
        alarm.found(one)
        until(lambda: out.read_text().count("\n") == 2)
        alarm.found(replace(one, state=State.WITHDRAWN))
    rows = [json.loads(line) for line in out.read_text().splitlines()]

    assert [row[0]["state"] for row in rows] == ["open", "closed", "withdrawn"]
    assert rows[2][1]["HOLTER_STATE"] == "withdrawn"
    assert rows[1][0]["rule"] == one.rule
    assert rows[1][0]["gap"] == {"certain": 999.0, "possible": 999.0}
    assert rows[1][1].items() >= variables(one).items()
    assert told.findings == [replace(one, state=State.OPEN), one, replace(one, state=State.WITHDRAWN)]
    assert told.troubles == []


def test_everything_else_is_passed_on(tmp_path: Path) -> None:
    told, ebb = Told(), Ebb(0.0, "task-1", 0.8, 12.0)
    with Alarm(told, ("true",)) as alarm:
        alarm.called(Interaction("PollForTask", {}, seq=1), 2.0)
        alarm.ebbing(ebb)
        alarm.trouble("disk")

    assert [(call.seq, age) for call, age in told.calls] == [(1, 2.0)]
    assert (told.ebbs, told.troubles) == ([ebb], ["disk"])


def test_what_the_profile_suppresses_starts_nothing(tmp_path: Path) -> None:
    out, told = tmp_path / "out", Told()
    with Alarm(told, script(tmp_path, KEEPING, str(out))) as alarm:
        alarm.found(replace(finding(), suppressed="known"))

    assert not out.exists()
    assert len(told.findings) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import sys; print('one\\ntwo', file=sys.stderr); sys.exit(3)", "ended with 3: two"),
        ("import os; os.kill(os.getpid(), 9)", "was ended by signal 9"),
        ("raise SystemExit(7)", "ended with 7"),
        ("import sys; print('x\\x1b[2Jy', file=sys.stderr); sys.exit(1)", "ended with 1: x [2Jy"),
    ],
)
def test_one_that_fails_is_told_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    told = Told()
    with Alarm(told, script(tmp_path, text)) as alarm:
        alarm.found(finding())

    assert told.troubles == [f"--on-finding: {sys.executable}: {said}"]


def test_one_that_vanishes_is_told(tmp_path: Path) -> None:
    gone, told = tmp_path / "gone", Told()
    gone.write_text("#!/bin/sh\n")
    gone.chmod(0o700)
    with Alarm(told, (str(gone),)) as alarm:
        gone.unlink()
        alarm.found(finding())

    assert told.troubles == [f"--on-finding: {gone}: cannot be started: No such file or directory"]


def test_one_that_takes_too_long_is_killed_with_what_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TIMEOUT", 1.0)
    pids, told = tmp_path / "pids", Told()
    text = (
        "import os, subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "open(sys.argv[1] + '.part', 'w').write(f'{os.getpid()} {child.pid}')\n"
        "os.rename(sys.argv[1] + '.part', sys.argv[1])\n"
        "time.sleep(600)\n"
    )
    with Alarm(told, script(tmp_path, text, str(pids))) as alarm:
        alarm.found(finding())
        until(pids.exists)
        until(lambda: not any(map(alive, pids.read_text().split())))

    assert told.troubles == [f"--on-finding: {sys.executable}: took longer than 1 s and was killed"]


def alive(pid: str) -> bool:
    """Tell whether a process runs; one that is dead may be there until somebody asks for its end."""
    if Path("/proc/self/stat").exists():
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False
    return subprocess.run(["kill", "-0", pid], capture_output=True, check=False).returncode == 0


def test_a_run_is_never_held_up_and_too_many_are_dropped_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WAITING", 3)
    hold, told = tmp_path / "hold", Told()
    hold.touch()
    text = "import os, sys, time\nwhile os.path.exists(sys.argv[1]):\n    time.sleep(0.02)\n"
    alarm = Alarm(told, script(tmp_path, text, str(hold)))
    with alarm:
        begun = time.monotonic()
        for _ in range(50):
            alarm.found(finding())
        assert time.monotonic() - begun < 2, "it waited for the commands"
        assert 50 - 3 - module.AT_ONCE <= alarm.dropped <= 50 - 3
        hold.unlink()

    assert told.troubles == [f"--on-finding: {alarm.dropped} findings came too fast and started no command"]


def test_at_the_end_what_still_waits_is_waited_for_but_not_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.2)
    monkeypatch.setattr(module, "TIMEOUT", 1.0)
    told = Told()
    with Alarm(told, script(tmp_path, "import time; time.sleep(600)")) as alarm:
        for _ in range(20):
            alarm.found(finding())

    assert alarm.dropped == 20 - module.AT_ONCE
    assert sum("was killed" in line for line in told.troubles) == module.AT_ONCE


def test_a_failure_is_told_on_the_loop_while_the_run_goes_on(tmp_path: Path) -> None:
    told = Told()

    async def run(alarm: Alarm) -> None:
        alarm.found(finding())
        async with asyncio.timeout(20):
            while not told.troubles:
                await asyncio.sleep(0.01)

    with Alarm(told, ("false",)) as alarm:
        asyncio.run(run(alarm))

    assert told.troubles == ["--on-finding: false: ended with 1"]


def test_a_command_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match="--on-finding: no-such-thing: no such command"):
        Alarm(Told(), ("no-such-thing", "x"))


def test_variables_are_fit_for_an_environment() -> None:
    said = variables(replace(finding(), caller="a\0b\nc\ud800", task=None))

    assert said["HOLTER_CALLER"] == "a b c "
    assert said["HOLTER_TASK"] == ""


def test_a_recording_starts_it_for_what_a_real_runner_does_wrong(tmp_path: Path) -> None:
    out, tape = tmp_path / "out", tmp_path / "run.yaml"
    keeping = " ".join(script(tmp_path, KEEPING, str(out)))
    work = pipeline(tmp_path, "sleep 6", reportProgressTimeout="3 minutes")  # 3.6 s
    with sandbox(tmp_path, "--scale", SCALE, "--definition", str(work)) as service:
        ended = holter_run(
            "record", "-o", str(tape), "--scale", SCALE, *service.detour, "--upstream-ca", str(service.ca),
            "--on-finding", keeping,
            "--", *runner("--max-tasks", "1", "--misbehave", "stall:after=1,for=5,times=1"), home=tmp_path,
        )  # fmt: skip
    rows = [json.loads(line) for line in out.read_text().splitlines()]

    assert "--on-finding" not in ended.stderr
    told = {(row[0]["rule"], row[0]["state"]) for row in rows}
    assert {("gap-over-limit", "open"), ("gap-over-limit", "closed")} <= told


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "--on-finding: a command must not be empty"),
        ("'x", '--on-finding: "\'x" is not a command: no closing quotation'),
        ("no-such-thing", "--on-finding: no-such-thing: no such command"),
    ],
)
def test_a_wrong_command_is_one_line_and_exit_2(tmp_path: Path, given: str, said: str) -> None:
    ended = holter_run("record", "-o", str(tmp_path / "x"), "--on-finding", given, home=tmp_path)

    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert said in ended.stderr
    assert not (tmp_path / "x").exists()
