from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from holter.sandbox.service import HANDLERS
from holter.wire.check import check
from holter.wire.message import Reply
from holter.wire.operations import OPERATIONS, Role

if TYPE_CHECKING:
    from tests.sandbox.conftest import Lab

START = "2026-11-21T00:00:00"


def test_every_operation_of_the_tables_is_served() -> None:
    polls = {name for name, row in OPERATIONS.items() if row.role is Role.POLL}
    assert set(HANDLERS) | polls == set(OPERATIONS)


def test_creating_a_pipeline_twice_gives_the_same_one(lab: Lab) -> None:
    first = lab.create("p")
    assert lab.create("p") == first
    assert lab.create("q") != first
    assert first.startswith("df-")
    assert len(first) == 23


def test_a_definition_comes_back_as_it_was_put(lab: Lab, activity: Any) -> None:
    pipeline = lab.create()
    assert lab.ok("GetPipelineDefinition", pipelineId=pipeline)["pipelineObjects"] == []
    parameters = [{"id": "myX", "attributes": [{"key": "default", "stringValue": "1"}]}]
    lab.put(pipeline, activity(dependsOn={"ref": "B"}), activity("B"), parameterObjects=parameters)
    got = lab.ok("GetPipelineDefinition", pipelineId=pipeline)
    assert [one["id"] for one in got["pipelineObjects"]] == ["A", "B"]
    assert {"key": "dependsOn", "refValue": "B"} in got["pipelineObjects"][0]["fields"]
    assert got["parameterObjects"] == parameters
    assert lab.ok("GetPipelineDefinition", pipelineId=pipeline, version="active")["pipelineObjects"] == []
    assert "$.version" in lab.error("GetPipelineDefinition", pipelineId=pipeline, version="first")


def test_a_wrong_definition_is_not_kept_and_cannot_be_activated(lab: Lab) -> None:
    pipeline = lab.create()
    wrong = {"id": "A", "type": "ShellCommandActivity", "command": "x"}
    verdict = lab.put(pipeline, wrong)
    assert verdict["errored"]
    assert verdict["validationErrors"] == [{"id": "A", "errors": ["either workerGroup or runsOn is needed"]}]
    assert lab.error("ActivatePipeline", pipelineId=pipeline).endswith("has no definition")


def test_validating_keeps_nothing(lab: Lab) -> None:
    pipeline = lab.create()
    body = {
        "pipelineId": pipeline,
        "pipelineObjects": [{"id": "A", "name": "A", "fields": [{"key": "type", "stringValue": "X"}]}],
    }
    assert lab.ok("ValidatePipelineDefinition", **body)["errored"] is False
    assert lab.ok("GetPipelineDefinition", pipelineId=pipeline)["pipelineObjects"] == []


def test_activation_takes_a_time_and_parameter_values(lab: Lab, activity: Any) -> None:
    pipeline = lab.create()
    lab.put(pipeline, activity(command="#{myX}"), parameterValues=[{"id": "myX", "stringValue": "1"}])
    assert lab.phase(pipeline) == "PENDING"
    lab.ok(
        "ActivatePipeline",
        pipelineId=pipeline,
        startTimestamp=1_400_000_000.5,
        parameterValues=[{"id": "myX", "stringValue": "2"}],
    )
    assert lab.phase(pipeline) == "SCHEDULED"
    task = lab.poll()
    assert task["attemptId"] == "@A_2014-05-13T16:53:20_Attempt=1"
    assert {"key": "command", "stringValue": "2"} in task["objects"][task["attemptId"]]["fields"]


def test_a_schedule_gives_the_time_and_runs_on_gives_the_group(lab: Lab, activity: Any) -> None:
    pipeline = lab.activate(
        activity(schedule={"ref": "S"}, runsOn={"ref": "R"}),
        {"id": "S", "type": "Schedule", "startDateTime": "2030-01-01T00:00:00", "period": "1 hour"},
        {"id": "R", "type": "Ec2Resource"},
    )
    assert lab.poll("wg") is None
    task = lab.poll(f"resource:{pipeline}_@R_2030-01-01T00:00:00")
    assert task["attemptId"] == "@A_2030-01-01T00:00:00_Attempt=1"
    assert lab.fields(pipeline, task["attemptId"])["@scheduledEndTime"] == "2030-01-01T01:00:00"


def test_activating_what_runs_starts_nothing_and_activating_what_has_ended_runs_it_again(
    lab: Lab, activity: Any
) -> None:
    pipeline = lab.activate(activity())
    lab.ok("ActivatePipeline", pipelineId=pipeline)
    lab.finish(lab.poll())
    assert lab.poll() is None
    lab.ok("ActivatePipeline", pipelineId=pipeline)
    assert lab.poll()["attemptId"] == f"@A_{START}_Attempt=2"
    lab.after(3600)
    other = lab.activate(activity(), name="q")
    assert lab.phase(other) == "SCHEDULED"


def test_work_waits_for_what_it_depends_on(lab: Lab, activity: Any) -> None:
    lab.activate(activity("C", dependsOn=[{"ref": "A"}, {"ref": "B"}]), activity("A"), activity("B"))
    tasks = [lab.poll(), lab.poll()]
    assert [task["attemptId"][1] for task in tasks] == ["A", "B"]
    lab.finish(tasks[0])
    assert lab.poll() is None
    lab.finish(tasks[1])
    assert lab.poll()["attemptId"].startswith("@C_")


@pytest.mark.parametrize(
    ("mode", "status", "phase"),
    [("cascade", "CASCADE_FAILED", "FINISHED"), ("none", "WAITING_ON_DEPENDENCIES", "SCHEDULED")],
)
def test_a_failure_cascades_where_the_definition_says_so(
    lab: Lab, activity: Any, mode: str, status: str, phase: str
) -> None:
    pipeline = lab.activate(
        {"id": "Default", "failureAndRerunMode": mode},
        activity("A"),
        activity("B", dependsOn={"ref": "A"}),
        activity("C", dependsOn={"ref": "B"}),
    )
    lab.finish(lab.poll(), "FAILED")
    assert [lab.status(pipeline, f"@{name}_{START}") for name in "ABC"] == ["FAILED", status, status]
    assert lab.phase(pipeline) == phase
    assert lab.service.done


def test_deactivating_cancels_what_runs_and_withdraws_what_waits(lab: Lab, activity: Any) -> None:
    pipeline = lab.activate(activity("A"), activity("B"))
    task = lab.poll()
    lab.beat(task)
    lab.ok("DeactivatePipeline", pipelineId=pipeline)
    assert lab.poll() is None
    assert [lab.status(pipeline, f"@{name}_{START}") for name in "AB"] == ["CANCELED", "CANCELED"]
    assert lab.fields(pipeline, f"@A_{START}")["cancellationReason"] == "the pipeline was deactivated"
    assert lab.phase(pipeline) == "INACTIVE"
    assert lab.beat(task)
    assert lab.error("ReportTaskProgress", taskId=task["taskId"]).startswith("TaskNotFoundException")
    lab.ok("ActivatePipeline", pipelineId=pipeline)
    assert lab.poll()["attemptId"] == f"@A_{START}_Attempt=2"


def test_a_runner_that_was_not_told_yet_may_still_finish_a_cancelled_task(lab: Lab, activity: Any) -> None:
    pipeline = lab.activate(activity())
    task = lab.poll()
    lab.ok("DeactivatePipeline", pipelineId=pipeline)
    lab.finish(task)
    assert lab.status(pipeline, task["attemptId"]) == "CANCELED"


@pytest.mark.parametrize("end", ["FINISHED", "FAILED", "lost"])
def test_deactivating_without_cancelling_waits_for_what_runs(lab: Lab, activity: Any, end: str) -> None:
    pipeline = lab.activate(activity("A", maximumRetries="3"), activity("B", dependsOn={"ref": "A"}))
    task = lab.poll()
    lab.ok("DeactivatePipeline", pipelineId=pipeline, cancelActive=False)
    assert lab.phase(pipeline) == "DEACTIVATING"
    assert lab.error("ActivatePipeline", pipelineId=pipeline).endswith("still being deactivated")
    assert not lab.beat(task)
    if end == "lost":
        lab.after(1000)
    else:
        lab.finish(task, end)
    assert lab.phase(pipeline) == "INACTIVE"
    lab.after(1000)
    assert lab.poll() is None


def test_deactivating_what_never_ran_is_refused(lab: Lab) -> None:
    assert lab.error("DeactivatePipeline", pipelineId=lab.create()).endswith("was never activated")


def test_a_deleted_pipeline_answers_its_runners_and_everybody_that_it_is_gone(
    lab: Lab, activity: Any
) -> None:
    pipeline = lab.activate(activity("A", maximumRetries="1"), activity("B"))
    task = lab.poll()
    assert lab.ok("DeletePipeline", pipelineId=pipeline) == b""
    for op in ("ReportTaskProgress", "SetTaskStatus"):
        body = {"taskId": task["taskId"], **({"taskStatus": "FAILED"} if op == "SetTaskStatus" else {})}
        assert lab.error(op, **body).startswith("PipelineDeletedException")
    assert lab.error("DescribePipelines", pipelineIds=[pipeline]).startswith("PipelineDeletedException")
    assert lab.error("DescribePipelines", pipelineIds=["df-X"]).startswith("PipelineNotFoundException")
    lab.after(10_000)
    assert lab.poll() is None


def test_set_status_pauses_and_resumes_components(lab: Lab, activity: Any) -> None:
    pipeline = lab.activate(activity())
    lab.ok("SetStatus", pipelineId=pipeline, objectIds=["A"], status="PAUSE")
    assert lab.status(pipeline, f"@A_{START}") == "PAUSED"
    assert lab.poll() is None
    assert not lab.service.done
    lab.ok("SetStatus", pipelineId=pipeline, objectIds=["A"], status="RESUME")
    assert lab.poll()["attemptId"] == f"@A_{START}_Attempt=1"


def test_set_status_cancels_one_instance(lab: Lab, activity: Any) -> None:
    pipeline = lab.activate(activity(), activity("B"))
    task = lab.poll()
    lab.ok("SetStatus", pipelineId=pipeline, objectIds=[f"@A_{START}"], status="TRY_CANCEL")
    assert lab.beat(task)
    assert lab.status(pipeline, f"@A_{START}") == "CANCELED"
    assert lab.poll()["attemptId"].startswith("@B_")


def test_set_status_runs_a_failure_again_with_those_that_failed_with_it(lab: Lab, activity: Any) -> None:
    pipeline = lab.activate(
        {"id": "Default", "failureAndRerunMode": "cascade"},
        activity("A"),
        activity("B", dependsOn={"ref": "A"}),
        activity("C"),
    )
    lab.finish(lab.poll(), "FAILED")
    lab.ok("SetStatus", pipelineId=pipeline, objectIds=[f"@A_{START}"], status="RERUN")
    lab.poll()
    again = lab.poll()
    assert again["attemptId"] == f"@A_{START}_Attempt=2"
    assert lab.status(pipeline, f"@B_{START}") == "WAITING_ON_DEPENDENCIES"
    lab.finish(again)
    assert lab.poll()["attemptId"].startswith("@B_")


def test_an_activity_that_failed_with_its_precondition_checks_it_again_when_rerun(
    lab: Lab, activity: Any
) -> None:
    check_object = {"id": "P", "type": "ShellCommandPrecondition", "command": "x"}
    pipeline = lab.activate(activity(precondition={"ref": "P"}), check_object, activity("C"))
    lab.poll()
    lab.finish(lab.poll(), "FAILED")
    lab.ok("SetStatus", pipelineId=pipeline, objectIds=[f"@A_{START}"], status="RERUN")
    assert lab.poll()["attemptId"] == f"@P_{START}_Attempt=2"


def test_set_status_marks_an_instance_finished(lab: Lab, activity: Any) -> None:
    pipeline = lab.activate(activity(), activity("B", dependsOn={"ref": "A"}))
    task = lab.poll()
    lab.ok("SetStatus", pipelineId=pipeline, objectIds=[f"@A_{START}"], status="MARK_FINISHED")
    assert lab.beat(task)
    assert lab.poll()["attemptId"].startswith("@B_")


@pytest.mark.parametrize(
    ("ids", "status", "why"),
    [
        (["A"], "FINISHED", "$.status: 'FINISHED' is none of PAUSE"),
        (["A"], "RERUN", "'A' is no instance"),
        ([f"@A_{START}"], "PAUSE", "is no component"),
        (["X"], "PAUSE", "'X' is no component"),
    ],
)
def test_set_status_refuses_what_does_not_fit(
    lab: Lab, activity: Any, ids: list[str], status: str, why: str
) -> None:
    pipeline = lab.activate(activity())
    assert why in lab.error("SetStatus", pipelineId=pipeline, objectIds=ids, status=status)


def test_set_status_refuses_a_finished_pipeline(lab: Lab, activity: Any) -> None:
    pipeline = lab.activate(activity())
    lab.finish(lab.poll())
    assert lab.error("SetStatus", pipelineId=pipeline, objectIds=[f"@A_{START}"], status="RERUN").endswith(
        "is FINISHED"
    )


def test_tags_come_and_go(lab: Lab) -> None:
    pipeline = lab.ok("CreatePipeline", name="p", uniqueId="u", tags=[{"key": "a", "value": "1"}])[
        "pipelineId"
    ]
    lab.ok("AddTags", pipelineId=pipeline, tags=[{"key": "b", "value": "2"}, {"key": "a", "value": "3"}])
    lab.ok("RemoveTags", pipelineId=pipeline, tagKeys=["b", "c"])
    found = lab.ok("DescribePipelines", pipelineIds=[pipeline])["pipelineDescriptionList"][0]
    assert found["tags"] == [{"key": "a", "value": "3"}]
    many = [{"key": f"k{n}", "value": ""} for n in range(10)]
    assert "at most 10" in lab.error("AddTags", pipelineId=pipeline, tags=many)


def test_all_answers_fit_the_protocols_tables(lab: Lab, activity: Any) -> None:
    pipeline = lab.activate(activity(), activity("B"))
    lab.poll()
    calls: dict[str, dict[str, Any]] = {
        "DescribePipelines": {"pipelineIds": [pipeline]},
        "DescribeObjects": {
            "pipelineId": pipeline,
            "objectIds": ["A", f"@A_{START}", f"@A_{START}_Attempt=1"],
        },
        "ListPipelines": {},
        "QueryObjects": {"pipelineId": pipeline, "sphere": "ATTEMPT"},
        "GetPipelineDefinition": {"pipelineId": pipeline},
        "ReportTaskRunnerHeartbeat": {"taskrunnerId": "r"},
        "EvaluateExpression": {"pipelineId": pipeline, "objectId": "A", "expression": "x"},
        "DeactivatePipeline": {"pipelineId": pipeline},
    }
    for op, body in calls.items():
        assert check(lab.ok(op, **body), OPERATIONS[op].response) == (), op


def test_an_unknown_operation_is_refused(lab: Lab) -> None:
    reply = lab.raw("PollForTasks", {})
    assert isinstance(reply, Reply)
    assert dict(reply.headers)["x-amzn-ErrorType"] == "UnknownOperationException"


def test_an_empty_body_is_an_empty_request(lab: Lab) -> None:
    reply = lab.raw("ListPipelines", b"")
    assert isinstance(reply, Reply)
    assert reply.status == 200
