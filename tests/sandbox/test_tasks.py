from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from holter.lease.profile import Profile
from holter.wire.check import check
from holter.wire.operations import OPERATIONS

if TYPE_CHECKING:
    from tests.sandbox.conftest import Lab


def test_a_hand_out_has_the_documented_form(lab: Lab, activity: Any) -> None:
    pipeline = lab.activate(
        activity(command="echo #{myX} #{@scheduledStartTime}", reportProgressTimeout="30 minutes"),
        parameterValues=[{"id": "myX", "stringValue": "v"}],
    )
    lab.after(12)
    task = lab.poll()
    attempt = "@A_2026-11-21T00:00:00_Attempt=1"
    assert check({"taskObject": task}, OPERATIONS["PollForTask"].response) == ()
    assert (task["pipelineId"], task["attemptId"], list(task["objects"])) == (pipeline, attempt, [attempt])
    assert len(task["taskId"]) > 900
    assert all(sign in task["taskId"] for sign in "+/=:")
    assert task["objects"][attempt] == {
        "id": attempt,
        "name": attempt,
        "fields": [
            {"key": "type", "stringValue": "ShellCommandActivity"},
            {"key": "command", "stringValue": "echo v 2026-11-21T00:00:00"},
            {"key": "workerGroup", "stringValue": "wg"},
            {"key": "reportProgressTimeout", "stringValue": "30 minutes"},
            {"key": "parent", "refValue": "A"},
            {"key": "@componentParent", "refValue": "A"},
            {"key": "@instanceParent", "refValue": "@A_2026-11-21T00:00:00"},
            {"key": "@activeInstances", "refValue": "@A_2026-11-21T00:00:00"},
            {"key": "@sphere", "stringValue": "ATTEMPT"},
            {"key": "@status", "stringValue": "WAITING_FOR_RUNNER"},
            {"key": "@version", "stringValue": "1"},
            {"key": "@pipelineId", "stringValue": pipeline},
            {"key": "@scheduledStartTime", "stringValue": "2026-11-21T00:00:00"},
            {"key": "@scheduledEndTime", "stringValue": "2026-11-21T00:00:00"},
            {"key": "@actualStartTime", "stringValue": "2026-11-21T00:00:12"},
        ],
    }


def test_progress_is_kept_on_the_attempt(lab: Lab, activity: Any) -> None:
    pipeline = lab.activate(activity())
    task = lab.poll(hostname="h9")
    lab.after(60)
    fields = [
        {"key": "percentComplete", "stringValue": "50"},
        {"key": "@status", "stringValue": "FINISHED"},
        {"key": "node", "refValue": "N"},
    ]
    assert lab.ok("ReportTaskProgress", taskId=task["taskId"], fields=fields) == {"canceled": False}
    lab.after(60)
    assert lab.ok(
        "ReportTaskProgress", taskId=task["taskId"], fields=[{"key": "percentComplete", "stringValue": "60"}]
    ) == {"canceled": False}
    shown = lab.fields(pipeline, task["attemptId"])
    assert {
        key: shown[key] for key in ("percentComplete", "@status", "node", "hostname", "reportProgressTime")
    } == {
        "percentComplete": "60",
        "@status": "RUNNING",
        "node": "N",
        "hostname": "h9",
        "reportProgressTime": "2026-11-21T00:02:00",
    }


def test_a_finished_task_ends_its_attempt_instance_and_pipeline(lab: Lab, activity: Any) -> None:
    pipeline = lab.activate(activity())
    task = lab.poll()
    lab.after(30)
    lab.finish(task)
    shown = lab.fields(pipeline, task["attemptId"])
    assert (shown["@status"], shown["attemptStatus"], shown["@actualEndTime"]) == (
        "FINISHED",
        "FINISHED",
        "2026-11-21T00:00:30",
    )
    assert lab.status(pipeline, "@A_2026-11-21T00:00:00") == "FINISHED"
    assert lab.phase(pipeline) == "FINISHED"
    again = lab.error("SetTaskStatus", taskId=task["taskId"], taskStatus="FINISHED")
    assert again == "TaskNotFoundException: The task has ended already"


def test_a_failed_task_keeps_its_error_and_is_tried_again_as_often_as_the_definition_says(
    lab: Lab, activity: Any
) -> None:
    pipeline = lab.activate(activity(maximumRetries="2", retryDelay="5 minutes"))
    for number in (1, 2, 3):
        task = lab.poll()
        assert task["attemptId"].endswith(f"_Attempt={number}")
        lab.finish(task, "FAILED", errorId="Exit", errorMessage="exit 3", errorStackTrace="at 2")
        shown = lab.fields(pipeline, task["attemptId"])
        assert [shown[key] for key in ("@status", "errorId", "errorMessage", "errorStackTrace")] == [
            "FAILED",
            "Exit",
            "exit 3",
            "at 2",
        ]
        lab.after(299)
        assert lab.poll() is None
        lab.after(1)
    assert lab.poll() is None
    assert lab.status(pipeline, "@A_2026-11-21T00:00:00") == "FAILED"


@pytest.mark.parametrize(("retries", "attempts"), [(None, 1), ("0", 1), ("1", 2), ("5", 6)])
def test_retries_are_none_unless_asked_for_and_come_two_minutes_apart_at_least(
    lab: Lab, activity: Any, retries: str | None, attempts: int
) -> None:
    lab.activate(activity(retryDelay="1 minute", **({"maximumRetries": retries} if retries else {})))
    count = 0
    while task := lab.poll():
        count += 1
        lab.finish(task, "FAILED")
        lab.after(119.9)
        assert lab.poll() is None
        lab.after(0.1)
    assert count == attempts


@pytest.mark.parametrize("scale", [1.0, 0.01])
def test_a_lease_keeps_the_pipelines_own_progress_limit_scaled(
    make_lab: type[Lab], activity: Any, scale: float
) -> None:
    lab = make_lab(profile=Profile().scaled(scale))
    lab.activate(activity(reportProgressTimeout="10 minutes"))
    task = lab.poll()
    lab.after(119 * scale)
    assert not lab.beat(task)
    lab.after(599 * scale)
    assert not lab.beat(task)
    waiting = lab.wait(hostname="h2") if scale == 1 else None
    lab.after(601 * scale)
    (expired,) = lab.whats("expired")
    assert expired["why"] == "progress"
    assert expired["limit"] == expired["elapsed"] == pytest.approx(600 * scale)
    assert lab.error("ReportTaskProgress", taskId=task["taskId"]).startswith(
        "TaskNotFoundException: The task was assigned again"
    )
    assert waiting is None or lab.answers[waiting] is None
    second = lab.poll(hostname="h2")
    assert second["attemptId"] == task["attemptId"]
    assert second["taskId"] != task["taskId"]


def test_a_lost_attempt_goes_to_a_poll_that_waits_and_forgets_its_first_runners_words(
    lab: Lab, activity: Any
) -> None:
    pipeline = lab.activate(activity())
    task = lab.poll()
    lab.after(100)
    waiting = lab.wait(hostname="h2")
    lab.after(20)
    assert lab.answers[waiting]["attemptId"] == task["attemptId"]
    shown = lab.fields(pipeline, task["attemptId"])
    assert (shown["hostname"], shown["@status"], "reportProgressTime" in shown) == ("h2", "RUNNING", False)


def test_an_expired_attempt_waits_for_a_runner_again(lab: Lab, activity: Any) -> None:
    pipeline = lab.activate(activity())
    task = lab.poll()
    lab.after(121)
    assert lab.status(pipeline, task["attemptId"]) == "WAITING_FOR_RUNNER"


def test_false_is_no_answer_of_an_activity(lab: Lab, activity: Any) -> None:
    lab.activate(activity())
    task = lab.poll()
    assert (
        lab.error("SetTaskStatus", taskId=task["taskId"], taskStatus="FALSE")
        == "InvalidRequestException: $.taskStatus: FALSE is an answer of preconditions only"
    )
    lab.finish(task)


def test_a_runner_is_told_to_leave_when_it_was_asked_to(lab: Lab) -> None:
    def told(runner: str) -> Any:
        return lab.ok("ReportTaskRunnerHeartbeat", taskrunnerId=runner, hostname="h")["terminate"]

    assert not told("r1")
    lab.service.terminate(lab.now, "r1")
    assert (told("r1"), told("r2")) == (True, False)
    lab.service.terminate(lab.now)
    assert told("r2")
    assert [one["taskrunner"] for one in lab.whats("terminated")] == ["r1", "r2"]


def test_runners_are_told_to_leave_when_all_is_done(make_lab: type[Lab], activity: Any) -> None:
    lab = make_lab(terminate_when_done=True)

    def told() -> Any:
        return lab.ok("ReportTaskRunnerHeartbeat", taskrunnerId="r")["terminate"]

    assert not told()
    lab.activate(activity(), activity("B", dependsOn={"ref": "A"}))
    assert not told()
    lab.finish(lab.poll())
    assert not told()
    lab.finish(lab.poll())
    assert told()


def test_an_expression_is_evaluated_as_its_object_sees_it(lab: Lab, activity: Any) -> None:
    schedule = {
        "id": "S",
        "type": "Schedule",
        "startDateTime": "2012-12-12T00:00:00",
        "endDateTime": "2012-12-21T18:00:00",
    }
    pipeline = lab.activate(activity(), schedule)
    task = lab.poll()
    text = "Transform started at #{startDateTime} and finished at #{endDateTime}"

    def value(object_id: str, expression: str) -> Any:
        return lab.ok("EvaluateExpression", pipelineId=pipeline, objectId=object_id, expression=expression)[
            "evaluatedExpression"
        ]

    assert value("S", text) == "Transform started at 2012-12-12T00:00:00 and finished at 2012-12-21T18:00:00"
    assert value(task["attemptId"], "#{@status} #{parent.@id} #{hostname}") == "RUNNING A h1"
    assert value("@A_2026-11-21T00:00:00", "#{format(@scheduledStartTime,'YYYY')}") == "2026"
    wrong = lab.error("EvaluateExpression", pipelineId=pipeline, objectId="A", expression="#{rand()}")
    assert wrong == "InvalidRequestException: $.expression: #{rand()}: the function rand is not supported"
    assert "no object 'X'" in lab.error(
        "EvaluateExpression", pipelineId=pipeline, objectId="X", expression=""
    )


@pytest.mark.parametrize(
    ("op", "body", "why"),
    [
        ("PollForTask", {}, "$.workerGroup: is missing"),
        (
            "PollForTask",
            {"workerGroup": "wg", "hostName": "h"},
            "$.hostName: is unknown (did you mean hostname?)",
        ),
        (
            "ReportTaskProgress",
            {"taskId": "t", "fields": [{"key": "k", "stringValue": "a", "refValue": "b"}]},
            "$.fields[0]: has stringValue and refValue",
        ),
        (
            "SetTaskStatus",
            {"taskId": "t", "taskStatus": "DONE"},
            "$.taskStatus: 'DONE' is none of FINISHED, FAILED, FALSE",
        ),
        (
            "SetTaskStatus",
            {"taskId": "t", "taskStatus": "FAILED", "errorStackTrace": "x" * 1025},
            "$.errorStackTrace: has 1025 characters",
        ),
        ("ReportTaskProgress", b"{", "$: is not JSON"),
        ("ReportTaskProgress", b"", "$.taskId: is missing"),
    ],
)
def test_a_request_against_the_tables_is_refused_with_its_path(
    lab: Lab, op: str, body: Any, why: str
) -> None:
    reply = lab.raw(op, body)
    assert getattr(reply, "status", None) == 400
    text = str(getattr(reply, "body", ""))
    assert "InvalidRequestException" in text
    assert why in text.replace('\\"', '"') or why.replace("'", '"') in text
    assert [one["op"] for one in lab.whats("refused")] == [op]


def test_a_refused_beat_does_not_renew(lab: Lab, activity: Any) -> None:
    lab.activate(activity())
    task = lab.poll()
    lab.after(100)
    assert lab.error("ReportTaskProgress", taskId=task["taskId"], bogus=1).startswith(
        "InvalidRequestException"
    )
    lab.after(21)
    assert [one["why"] for one in lab.whats("expired")] == ["ack"]


def test_no_task_id_ever_reaches_the_ground_truth(lab: Lab, activity: Any) -> None:
    lab.activate(activity(), activity("B"))
    tasks = [lab.poll(), lab.poll()]
    lab.beat(tasks[0])
    lab.error("ReportTaskProgress", taskId=tasks[0]["taskId"], bogus=1)
    lab.error("ReportTaskProgress", taskId="made-up")
    lab.after(2_000)
    assert not any(task["taskId"] in str(lab.truth) or "made-up" in str(lab.truth) for task in tasks)
    assert not any(task["taskId"] in str(lab.service.state(lab.now)) for task in tasks)


def test_thousands_of_histories_end_well_on_a_virtual_clock(make_lab: type[Lab], activity: Any) -> None:
    for seed in range(300):
        lab, dice = make_lab(), random.Random(seed)
        lab.activate(activity(), activity("B", maximumRetries="2"), activity("C", dependsOn={"ref": "A"}))
        for _ in range(200):
            task = lab.poll()
            for _ in range(dice.randrange(4) if task else 0):
                lab.after(dice.choice([10, 119, 121, 700]))
                lab.raw("ReportTaskProgress", {"taskId": task["taskId"]})
            if task and dice.random() < 0.8:
                lab.raw(
                    "SetTaskStatus",
                    {"taskId": task["taskId"], "taskStatus": dice.choice(["FINISHED", "FAILED"])},
                )
            lab.after(dice.choice([1, 200]))
            if lab.service.done:
                break
        assert lab.service.done
        handed, expired, finished = (len(lab.whats(what)) for what in ("handed", "expired", "finished"))
        assert handed == expired + finished
