"""`holter replay` as a user runs it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from tests.processes import HOST, command, environment, holter_run, sandbox, started, until
from tests.replay.tapes import beat, empty, end
from tests.test_replayer import tape

from holter.wire.message import Interaction, Json, Origin

ROOT = Path(__file__).parents[2]
RUNNER = ("holter", "runner", "--worker-group", "wg", "--scale", "0.001", "--exit-when-idle")
BEATING = [beat() for _ in range(3)]


def working(alias: str = "task-1", command_: str = "exit 0") -> Interaction:
    """A hand-out of a shell command that the reference runner can run."""
    name = f"@Copy_{alias}"
    fields: Json = [
        {"key": "type", "stringValue": "ShellCommandActivity"},
        {"key": "command", "stringValue": command_},
    ]
    task: Json = {
        "taskId": alias,
        "attemptId": name,
        "objects": {name: {"id": name, "name": name, "fields": fields}},
    }
    return Interaction("PollForTask", {"workerGroup": "wg"}, {"taskObject": task}, status=200)


def replay(home: Path, *arguments: str, runner: tuple[str, ...] = RUNNER) -> subprocess.CompletedProcess[str]:
    return holter_run("replay", *arguments, "--scale", "0", "--", *command(*runner[1:]), home=home)


def test_a_runner_is_driven_through_a_task_and_its_code_is_kept(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", working(), *BEATING, end(), empty())
    ended = replay(tmp_path, path)
    assert ended.returncode == 0, ended.stderr
    assert "SetTaskStatus  task-1  FINISHED" in ended.stderr
    assert ended.stdout == ""
    assert Path(path).read_bytes().count(b"\ncall: ") == 6


def test_the_command_finds_its_way_by_the_environment(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", working())
    print_it = "import os, json; print(json.dumps(dict(os.environ)))"
    ended = holter_run(
        "replay", path, "--", sys.executable, "-c", print_it, home=tmp_path, NO_PROXY="a.example"
    )
    found = json.loads(ended.stdout)
    assert found["AWS_ENDPOINT_URL_DATA_PIPELINE"].startswith("http://127.0.0.1:")
    assert found["AWS_ENDPOINT_URL"] == found["AWS_ENDPOINT_URL_DATA_PIPELINE"]
    assert (found["AWS_ACCESS_KEY_ID"], found["AWS_REGION"]) == ("holter", "us-east-1")
    assert found["NO_PROXY"] == "a.example,127.0.0.1"
    assert "no Data Pipeline call came" in ended.stderr


def test_without_a_command_it_serves_until_it_is_ended(tmp_path: Path) -> None:
    path, port, out = tape(tmp_path / "a.yaml", working(), beat()), tmp_path / "port", tmp_path / "out"
    arguments = command("replay", path, "--port-file", str(port), "--unplayed", "fail")
    with started(arguments, environment(tmp_path), out) as process:
        until(port.is_file)
        url = f"http://127.0.0.1:{int(port.read_text())}/"
        request = urllib.request.Request(
            url, b'{"workerGroup":"wg"}', {"X-Amz-Target": "DataPipeline.PollForTask"}
        )
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as answer:
            assert "taskObject" in json.load(answer)
        process.terminate()
        assert process.wait(20) == 1
    told = out.read_text()
    assert f"export AWS_ENDPOINT_URL_DATA_PIPELINE={url.rstrip('/')}" in told
    assert "export AWS_ACCESS_KEY_ID=holter" in told
    assert f"{path}:27: ReportTaskProgress was never asked for" in told


@pytest.mark.parametrize(
    ("policy", "code", "told"), [("ignore", 0, False), ("warn", 0, True), ("fail", 1, True)]
)
def test_what_was_never_played(tmp_path: Path, policy: str, code: int, told: bool) -> None:
    path = tape(tmp_path / "a.yaml", empty(), *(beat() for _ in range(7)))
    ended = replay(tmp_path, path, "--unplayed", policy)
    assert ended.returncode == code, ended.stderr
    assert ("was never asked for" in ended.stderr) is told
    assert ("and 2 more were never asked for" in ended.stderr) is told


def test_a_miss_is_told_and_the_runners_own_code_kept(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", empty("other"))
    ended = replay(tmp_path, path, runner=(*RUNNER, "--max-tasks", "1"))
    assert "no recorded answer for PollForTask: it differs; nearest is" in ended.stderr
    assert "2 calls were refused, having no recorded answer" in ended.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.yaml"], "holter: missing.yaml: cannot be read"),
        (["FILE", "--mode", "some"], "--mode: 'some' is none of none, once, new_episodes, all, passthrough"),
        (
            ["FILE", "--mode", "all"],
            "--mode all: the plain endpoint passes no call on to a service: use --proxy",
        ),
        (["FILE", "--pace", "fast"], "--pace: 'fast' is none of ordinal, lease"),
        (["FILE", "--end", "stop"], "--end: 'stop' is none of hold, fail, loop"),
        (["FILE", "--unplayed", "x"], "--unplayed: 'x' is none of ignore, warn, fail"),
        (["FILE", "--scale", "-1"], "--scale: '-1' is not a number"),
        (
            ["FILE", "--ignore", "PollTask=hostname"],
            "match_on.PollTask: is no operation (did you mean PollForTask?)",
        ),
        (["FILE", "--ignore", "PollForTask=host"], "match_on.PollForTask.ignore: 'host' leads nowhere"),
        (["FILE", "--ignore", "PollForTask"], "--ignore: 'PollForTask' is not OPERATION=PATH,..."),
        (["FILE", "--max-age", "0"], "--max-age: '0' is not a whole number from 1 up"),
        (["FAULTY"], "was recorded under faults (cancel)"),
        (["FILE", "--"], "after -- a command is missing"),
        ([], "Missing argument 'FILE...'"),
    ],
)
def test_wrong_words_are_one_line(tmp_path: Path, arguments: list[str], said: str) -> None:
    files = {
        "FILE": tape(tmp_path / "a.yaml", empty()),
        "FAULTY": tape(tmp_path / "b.yaml", beat(fault="cancel", origin=Origin.FAULT)),
    }
    ended = holter_run("replay", *(files.get(word, word) for word in arguments), home=tmp_path, cwd=tmp_path)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert said in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_a_command_that_is_not_there_is_told_before_anything_is_played(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", empty())
    ended = holter_run("replay", path, "--", "no-such-command", home=tmp_path)
    assert ended.returncode == 3


def test_nothing_heavy_is_imported(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", empty())
    code = (
        "import sys\n"
        "from holter.cli import holter\n"
        f"words = ['replay', {path!r}, '--', {sys.executable!r}, '-c', '']\n"
        "code = holter.main(words, standalone_mode=False)\n"
        "found = {'mitmproxy', 'botocore', 'yaml', 'rich', 'jinja2', 'cryptography'} & set(sys.modules)\n"
        "assert not found, found\n"
        "sys.exit(code)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr


def outcomes(text: str) -> list[tuple[str, str]]:
    """What became of the tasks, from the lines of a run."""
    return sorted(re.findall(r"SetTaskStatus  task-\d+  (\w+ ?\w*)  .*-> (\d+)", text))


def test_a_recording_is_replayed_to_the_same_outcome_with_the_service_gone(tmp_path: Path) -> None:
    works = {"Good": "exit 0", "Bad": "exit 3", "Slow": "sleep 0.5"}
    common = {"type": "ShellCommandActivity", "workerGroup": "wg"}
    objects = [{"id": "Default", "name": "Default", "scheduleType": "ondemand"}]
    objects += [{"id": name, "name": name, **common, "command": line} for name, line in works.items()]
    path, definition = tmp_path / "run.yaml", tmp_path / "pipeline.json"
    definition.write_text(json.dumps({"objects": objects}))
    runner = command("runner", "--worker-group", "wg", "--scale", "0.02", "--max-tasks", "3", "--tasks", "2")
    with sandbox(tmp_path, "--scale", "0.02", "--definition", str(definition)) as service:
        recorded = holter_run(
            "record", "-o", str(path), "--scale", "0.02", *service.detour, "--upstream-ca", str(service.ca),
            "--", *runner, "--endpoint", f"https://{HOST}", home=tmp_path,
        )  # fmt: skip
    assert recorded.returncode == 0, recorded.stderr
    replayed = holter_run("replay", str(path), "--scale", "0", "--", *runner, home=tmp_path)

    assert replayed.returncode == 0, replayed.stderr
    assert outcomes(replayed.stderr) == outcomes(recorded.stderr)
    assert len(outcomes(recorded.stderr)) == 3
    assert "no recorded answer" not in replayed.stderr
