"""Preconditions as runners meet them: handed out first, asked again, given up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.sandbox.conftest import Lab

CHECK = {"id": "P", "type": "ShellCommandPrecondition", "command": "test -f x"}


def test_a_precondition_goes_out_first_and_its_activity_follows(lab: Lab, activity: Any) -> None:
    pipeline = lab.activate(activity(precondition={"ref": "P"}), CHECK)
    check_task = lab.poll()
    assert check_task["attemptId"] == "@P_2026-11-21T00:00:00_Attempt=1"
    fields = check_task["objects"][check_task["attemptId"]]["fields"]
    assert {"key": "node", "refValue": "@A_2026-11-21T00:00:00"} in fields
    assert lab.poll() is None
    assert lab.status(pipeline, "@A_2026-11-21T00:00:00") == "WAITING_ON_DEPENDENCIES"
    lab.finish(check_task)
    assert lab.poll()["attemptId"] == "@A_2026-11-21T00:00:00_Attempt=1"


def test_a_false_precondition_is_asked_again_until_its_timeout_and_then_its_activity_fails(
    lab: Lab, activity: Any
) -> None:
    pipeline = lab.activate(
        activity(precondition={"ref": "P"}),
        {**CHECK, "preconditionTimeout": "10 minutes", "retryDelay": "4 minutes"},
    )
    asked = []
    for _ in range(3):
        task = lab.poll()
        asked.append((lab.now, task["attemptId"][-1]))
        lab.finish(task, "FALSE")
        lab.after(240)
    assert asked == [(0, "1"), (240, "2"), (480, "3")]
    assert lab.poll() is None
    assert lab.status(pipeline, "@P_2026-11-21T00:00:00") == "FAILED"
    assert lab.status(pipeline, "@A_2026-11-21T00:00:00") == "FAILED"
    assert lab.phase(pipeline) == "FINISHED"


def test_a_precondition_that_nobody_takes_fails_at_its_timeout_and_one_that_runs_may_still_answer(
    lab: Lab, activity: Any
) -> None:
    timed = {**CHECK, "preconditionTimeout": "1 minute"}
    idle = lab.activate(activity(precondition={"ref": "P"}), timed)
    lab.after(61)
    assert lab.status(idle, "@A_2026-11-21T00:00:00") == "FAILED"
    assert lab.poll() is None
    busy = lab.activate(activity(precondition={"ref": "P"}), timed, name="busy")
    task = lab.poll()
    lab.after(100)
    lab.finish(task)
    assert lab.poll()["pipelineId"] == busy


def test_a_precondition_whose_runner_is_lost_after_its_timeout_fails(lab: Lab, activity: Any) -> None:
    timed = {**CHECK, "preconditionTimeout": "1 minute"}
    pipeline = lab.activate(activity(precondition={"ref": "P"}), timed)
    lab.poll()
    lab.after(119)
    assert lab.status(pipeline, "@P_2026-11-21T00:00:00") == "RUNNING"
    lab.after(1)
    assert lab.status(pipeline, "@A_2026-11-21T00:00:00") == "FAILED"
    assert lab.poll() is None


def test_preconditions_of_an_input_count_and_those_of_the_service_are_taken_as_met(
    lab: Lab, activity: Any
) -> None:
    lab.activate(
        activity(precondition={"ref": "S"}, input={"ref": "N"}),
        {"id": "S", "type": "S3KeyExists", "s3Key": "k"},
        {"id": "N", "type": "S3DataNode", "precondition": {"ref": "E"}},
        {"id": "E", "type": "Exists"},
    )
    task = lab.poll()
    assert task["attemptId"].startswith("@E_")
    lab.finish(task)
    assert lab.poll()["attemptId"].startswith("@A_")


def test_a_failed_precondition_fails_its_activity(lab: Lab, activity: Any) -> None:
    pipeline = lab.activate(activity(precondition={"ref": "P"}), CHECK)
    lab.finish(lab.poll(), "FAILED")
    assert lab.status(pipeline, "@A_2026-11-21T00:00:00") == "FAILED"
