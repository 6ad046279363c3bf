"""One runner written with boto3, answered from one cassette in three ways: always the same outcome."""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path

import pytest
from tests.processes import holter_run
from tests.replay.tapes import END, beat, empty, end, handout, recorded
from tests.test_replayer import tape

from holter.cassette.format import Header
from holter.testing.run import begun
from holter.testing.wanted import Said

pytest.importorskip("boto3", reason="needs boto3")

RUNNER = """
import json
import boto3
from botocore.exceptions import ClientError


def work():
    client = boto3.client("datapipeline")
    while task := client.poll_for_task(workerGroup="wg", hostname="me").get("taskObject"):
        beats = 0
        while not client.report_task_progress(taskId=task["taskId"])["canceled"] and beats < 2:
            beats += 1
        try:
            client.set_task_status(taskId=task["taskId"], taskStatus="FINISHED")
            yield [task["attemptId"], beats, "FINISHED"]
        except ClientError as refused:
            yield [task["attemptId"], beats, refused.response["Error"]["Code"]]


OUTCOME = list(work())
if __name__ == "__main__":
    print(json.dumps(OUTCOME))
"""
CODE = "TaskNotFoundException"
GONE = {"__type": CODE, "message": "task-2 is gone"}
CALLS = [
    handout("task-1"),
    *[beat("task-1"), beat("task-1"), beat("task-1"), end("task-1")],
    handout("task-2"),
    *[beat("task-2"), beat("task-2", canceled=True)],
    recorded(
        END, {"taskId": "task-2", "taskStatus": "FINISHED"}, GONE, task="task-2", status=400, error=CODE
    ),
    empty(),
]
OUTCOME = [["@Copy_task-1", 2, "FINISHED"], ["@Copy_task-2", 1, CODE]]


@pytest.fixture
def cassette(tmp_path: Path) -> str:
    (tmp_path / "runner.py").write_text(RUNNER)
    return tape(tmp_path / "a.yaml", *CALLS, header=Header("x"))


@pytest.mark.parametrize("way", ["", "holter_endpoint"])
def test_in_this_process(cassette: str, tmp_path: Path, way: str) -> None:
    with begun([cassette], {"unplayed": Said("unplayed", "fail")}, way, record="") as run:
        assert runpy.run_path(str(tmp_path / "runner.py"))["OUTCOME"] == OUTCOME
        assert run.failures == []
        run.witness.assert_no_findings("note")


def test_wrapped_by_the_command(cassette: str, tmp_path: Path) -> None:
    runner = [sys.executable, str(tmp_path / "runner.py")]
    arguments = [cassette, "--scale", "0", "--unplayed", "fail", "--", *runner]
    ended = holter_run("replay", *arguments, home=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout) == OUTCOME
