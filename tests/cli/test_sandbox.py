from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests import sdk

DEFINITION = {
    "objects": [
        {"id": "Default", "workerGroup": "wg"},
        {"id": "Copy", "type": "ShellCommandActivity", "command": "echo #{myX}"},
    ],
    "parameters": [{"id": "myX", "type": "String", "default": "hi"}],
}


def command(*args: str) -> list[str]:
    return [sys.executable, "-m", "holter", "sandbox", *args]


def environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    return {**kept, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUNBUFFERED": "1"}


@contextmanager
def sandbox(folder: Path, *args: str) -> Iterator[subprocess.Popen[str]]:
    """Run the sandbox until its port file is there; it must end by itself or by a signal of the test."""
    process = subprocess.Popen(
        command("--port-file", "port", *args),
        cwd=folder,
        env=environment(),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with process:
        try:
            deadline = time.monotonic() + 30
            while not (folder / "port").exists():
                assert process.poll() is None, process.stderr and process.stderr.read()
                assert time.monotonic() < deadline
                time.sleep(0.02)
            yield process
        finally:
            process.kill()


def ended(process: subprocess.Popen[str], how: signal.Signals) -> tuple[int, str, str]:
    process.send_signal(how)
    out, err = process.communicate(timeout=30)
    return process.returncode, out, err


def client(folder: Path, scheme: str = "http", verify: str | None = None) -> Any:
    url = f"{scheme}://127.0.0.1:{(folder / 'port').read_text().strip()}"
    return sdk.client(url, verify=verify, retries={"total_max_attempts": 3})


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_end_and_says_how_to_reach_it(
    tmp_path: Path, how: signal.Signals
) -> None:
    with sandbox(tmp_path) as process:
        port = (tmp_path / "port").read_text().strip()
        code, out, err = ended(process, how)
    assert (code, err) == (0, "")
    assert out.splitlines()[1:] == [
        f"export AWS_ENDPOINT_URL_DATA_PIPELINE=http://127.0.0.1:{port}",
        "export AWS_ACCESS_KEY_ID=sandbox AWS_SECRET_ACCESS_KEY=sandbox",
        "export AWS_DEFAULT_REGION=us-east-1",
    ]


def test_work_from_a_definition_is_done_and_the_truth_is_written(tmp_path: Path) -> None:
    (tmp_path / "copy.json").write_text(json.dumps(DEFINITION))
    options = ("--definition", "copy.json", "--log", "truth.jsonl", "--terminate-when-done", "--hold", "0.1")
    with sandbox(tmp_path, *options) as process:
        runner = client(tmp_path)
        task = runner.poll_for_task(workerGroup="wg", hostname="h1")["taskObject"]
        assert {"key": "command", "stringValue": "echo hi"} in task["objects"][task["attemptId"]]["fields"]
        assert runner.report_task_runner_heartbeat(taskrunnerId="r")["terminate"] is False
        runner.set_task_status(taskId=task["taskId"], taskStatus="FINISHED")
        assert "taskObject" not in runner.poll_for_task(workerGroup="wg")
        assert runner.report_task_runner_heartbeat(taskrunnerId="r")["terminate"] is True
        code, out, _ = ended(process, signal.SIGTERM)
    assert code == 0
    assert "# worker group wg: 1 waiting" in out
    truth = [json.loads(line) for line in (tmp_path / "truth.jsonl").read_text().splitlines()]
    assert [one["what"] for one in truth] == [
        "activated",
        "queued",
        "handed",
        "alive",
        "finished",
        "poll-empty",
        "terminated",
    ]
    assert truth[0]["name"] == "copy"


def test_tls_comes_with_a_file_to_trust_it_by(tmp_path: Path) -> None:
    pytest.importorskip("cryptography")
    with sandbox(tmp_path, "--tls", "--tls-name", "other.example", "--ca-file", "ca.pem") as process:
        found = client(tmp_path, "https", verify=str(tmp_path / "ca.pem")).list_pipelines()
        assert found["pipelineIdList"] == []
        code, out, _ = ended(process, signal.SIGINT)
    assert code == 0
    assert f"export AWS_CA_BUNDLE={(tmp_path / 'ca.pem').resolve()}" in out
    assert "PRIVATE" not in (tmp_path / "ca.pem").read_text()


def test_tls_without_a_file_keeps_the_authority_while_it_runs(tmp_path: Path) -> None:
    pytest.importorskip("cryptography")
    with sandbox(tmp_path, "--tls") as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(5)]
        bundle = Path(lines[4].strip().removeprefix("export AWS_CA_BUNDLE="))
        assert client(tmp_path, "https", verify=str(bundle)).list_pipelines()["pipelineIdList"] == []
        assert ended(process, signal.SIGTERM)[0] == 0
    assert not bundle.exists()


def test_the_truth_on_stdout_is_nothing_but_json(tmp_path: Path) -> None:
    with sandbox(tmp_path, "--log", "-") as process:
        port = (tmp_path / "port").read_text().strip()
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{port}/-/terminate", b"", timeout=10) as answered:
            assert answered.status == 200
        code, out, err = ended(process, signal.SIGTERM)
    assert code == 0
    assert [json.loads(line)["what"] for line in out.splitlines()] == ["terminate-asked"]
    assert "export AWS_ENDPOINT_URL_DATA_PIPELINE=" in err


def test_a_port_that_is_taken_is_one_line_and_exit_2(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        found = run(tmp_path, "--listen", address)
    assert found.returncode == 2
    assert found.stderr.startswith(f"holter: cannot listen on {address}: ")
    assert found.stderr.count("\n") == 1
    assert found.stdout == ""


def run(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*args), cwd=folder, env=environment(), text=True, capture_output=True, timeout=60, check=False
    )


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (("--ca-file", "x"), "--tls-name and --ca-file need --tls"),
        (("--hold", "no"), "--hold: 'no' is not a number above 0"),
        (("--scale", "0"), "--scale: "),
        (("--definition", "none.json"), "none.json: cannot be read"),
        (("--definition", "bad.json"), "bad.json: not JSON"),
        (("--log", "none/truth"), "--log: none/truth cannot be written"),
        (("--port-file", "none/port"), "--port-file: none/port cannot be written"),
        (("--listen", "nowhere"), "--listen: "),
    ],
)
def test_a_wrong_option_is_one_line_and_exit_2(tmp_path: Path, args: tuple[str, ...], why: str) -> None:
    (tmp_path / "bad.json").write_text("{")
    found = run(tmp_path, *args)
    assert found.returncode == 2
    assert found.stderr.startswith(f"holter: {why}")
    assert found.stderr.count("\n") == 1


def test_the_help_tells_the_plain_paths(tmp_path: Path) -> None:
    found = run(tmp_path, "--help")
    assert found.returncode == 0
    assert "/-/state" in found.stdout
    assert "/-/terminate" in found.stdout


def test_a_fault_plan_is_told_carried_out_and_held_against_what_followed(tmp_path: Path) -> None:
    (tmp_path / "copy.json").write_text(json.dumps(DEFINITION))
    rule = "{name: r1, then: {lose_lease: true}, expect: {polls_again: true}}"
    (tmp_path / "plan.yaml").write_text(f"holter-plan: 1\nseed: 7\nrules:\n  - {rule}\n")
    options = ("--definition", "copy.json", "--log", "-", "--faults", "plan.yaml")
    with sandbox(tmp_path, *options) as process:
        runner = client(tmp_path)
        task = runner.poll_for_task(workerGroup="wg", hostname="h1")["taskObject"]
        with pytest.raises(runner.exceptions.TaskNotFoundException):
            runner.report_task_progress(taskId=task["taskId"])
        code, out, err = ended(process, signal.SIGTERM)

    assert code == 1
    assert "# faults are armed, drawn by seed 7" in err
    assert "ReportTaskProgress  task-1" in err
    assert "expectation-missed: task-1: after 'r1', no poll followed; expected a poll" in err
    assert [json.loads(line)["what"] for line in out.splitlines()][-3:] == ["expired", "queued", "refused"]


def test_a_plan_that_cannot_be_is_one_line_and_nothing_listens(tmp_path: Path) -> None:
    ended = subprocess.run(
        command("--port-file", "port", "--fault", "PollForTask:cancl"),
        cwd=tmp_path, env=environment(), text=True, capture_output=True, timeout=60, check=False,
    )  # fmt: skip

    assert (ended.returncode, len(ended.stderr.splitlines())) == (2, 1)
    assert "'cancl' is no fault" in ended.stderr
    assert not (tmp_path / "port").exists()
