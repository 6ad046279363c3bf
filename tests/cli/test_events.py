"""A run as JSON lines."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from tests.cli.test_replay import working
from tests.processes import PATIENCE, command, environment, holter_run, started, until
from tests.replay.tapes import beat
from tests.test_replayer import tape

from holter.cli.events import Events
from holter.lease.countdown import Ebb

QUICK = ("--scale", "0.002")  # a lease that is not acknowledged is over in 0.24 s


def ask(port: Path, op: str, **body: str) -> Any:
    request = urllib.request.Request(
        f"http://127.0.0.1:{int(port.read_text())}/",
        json.dumps(body).encode(),
        {"X-Amz-Target": f"DataPipeline.{op}", "Content-Type": "application/x-amz-json-1.1"},
    )
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as answer:
        return json.load(answer)


def test_a_lease_that_goes_down_and_trouble_are_events(capsys: pytest.CaptureFixture[str]) -> None:
    told: list[str] = []
    events = Events(told.append)
    events.ebbing(Ebb(0.0, "task-1", 0.8, 12.0))
    events.trouble("disk full")

    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [
        {"event": "ebb", "at": "1970-01-01T00:00:00.000000Z", "task": "task-1", "share": 0.8, "left": 12.0},
        {"event": "trouble", "text": "disk full"},
    ]
    assert [line.split("  ")[-1] for line in told] == [
        "task-1: 80% of its lease used up, 12.00 s left without a beat",
        "holter: disk full",
    ]


def replayed(folder: Path, *options: str) -> tuple[list[dict[str, Any]], str, int]:
    """The events of a replay in which a task is handed out, beats, and is left alone; stderr and the code."""
    path, port = tape(folder / "a.yaml", working(), beat()), folder / "port"
    env = environment(folder)
    words = command("replay", path, "--json-lines", "--port-file", str(port), *options)
    with (
        open(folder / "err", "wb") as err,
        subprocess.Popen(words, env=env, stdout=subprocess.PIPE, stderr=err, text=True) as run,
    ):
        assert run.stdout
        try:
            lines = [run.stdout.readline()]
            until(port.is_file)
            task = ask(port, "PollForTask", workerGroup="wg")["taskObject"]["taskId"]
            ask(port, "ReportTaskProgress", taskId=task)
            while '"gap-over-limit"' not in lines[-1]:
                lines.append(run.stdout.readline())
            run.terminate()
            lines += run.stdout.readlines()
            code = run.wait(PATIENCE)
        finally:
            run.kill()
    return [json.loads(line) for line in lines], (folder / "err").read_text(), code


def test_every_event_is_an_object_on_a_line_and_people_are_told_on_stderr(tmp_path: Path) -> None:
    events, told, code = replayed(tmp_path, *QUICK)
    first, *middle, last = events
    calls = [event for event in middle if event["event"] == "call"]
    findings = [event["finding"] for event in middle if event["event"] == "finding"]

    assert {event["event"] for event in middle} >= {"call", "finding"}
    assert (first["event"], first["version"], first["mode"]) == ("started", 1, "replay")
    assert first["start"][0].startswith("export AWS_ENDPOINT_URL_DATA_PIPELINE=http://127.0.0.1:")
    assert [event["call"]["op"] for event in calls] == ["PollForTask", "ReportTaskProgress"]
    assert (calls[0]["age"], calls[1]["response"]) == (None, {"canceled": False})
    assert calls[1]["age"] > 0
    told_first = next(finding for finding in findings if finding["rule"] == "gap-over-limit")
    assert (told_first["state"], findings[-1]["state"]) == ("open", "closed")
    assert (last["event"], last["code"], last["summary"]["calls"]) == ("stopped", code, 2)
    assert code == 1
    assert "start the runner with" in told
    assert "ReportTaskProgress  task-1" in told
    assert "ERROR gap-over-limit: task-1" in told


def test_the_end_comes_last_whatever_commands_for_findings_come_to(tmp_path: Path) -> None:
    events, _, _ = replayed(tmp_path, *QUICK, "--on-finding", "sh -c 'sleep 0.5; exit 3'")
    told = [event["event"] for event in events]

    assert "trouble" in told
    assert told.index("stopped") == len(told) - 1


def test_who_stops_reading_does_not_stop_the_run(tmp_path: Path) -> None:
    path, port = tape(tmp_path / "a.yaml", working(), *(beat() for _ in range(3))), tmp_path / "port"
    reading, writing = os.pipe()
    words = command("replay", path, "--scale", "0", "--json-lines", "--port-file", str(port))
    with open(tmp_path / "err", "wb") as err:
        run = subprocess.Popen(words, env=environment(tmp_path), stdout=writing, stderr=err)
    os.close(writing)
    try:
        until(port.is_file)
        os.close(reading)
        task = ask(port, "PollForTask", workerGroup="wg")["taskObject"]["taskId"]
        for _ in range(3):
            assert ask(port, "ReportTaskProgress", taskId=task) == {"canceled": False}
        run.terminate()

        assert run.wait(PATIENCE) == 0
    finally:
        run.kill()
    told = (tmp_path / "err").read_text()
    assert told.count("--json-lines: stdout takes no more (Broken pipe)") == 1
    assert "Traceback" not in told


def test_a_sandbox_has_them_too(tmp_path: Path) -> None:
    port, out = tmp_path / "port", tmp_path / "out"
    words = command("sandbox", "--json-lines", "--port-file", str(port))
    with started(words, environment(tmp_path), out) as run:
        until(port.is_file)
        ask(port, "ListPipelines")
        until(lambda: '"ListPipelines"' in out.read_text())
        run.terminate()
        assert run.wait(PATIENCE) == 0
    events = [json.loads(line) for line in out.read_text().splitlines() if line.startswith("{")]

    assert [event["event"] for event in events] == ["started", "call", "stopped"]
    assert events[0]["recording"] is None


def test_around_a_command_they_are_refused(tmp_path: Path) -> None:
    ended = holter_run("record", "--json-lines", "--", "true", home=tmp_path, cwd=tmp_path)

    assert ended.returncode == 2
    assert ended.stderr.startswith("holter: --json-lines: stdout is the command's own")
    assert [*tmp_path.glob("*.yaml")] == []
