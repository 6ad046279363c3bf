from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from holter.wire.decision import Deed, Order
from holter.wire.message import Reply

if TYPE_CHECKING:
    from tests.sandbox.conftest import Lab


def test_a_paused_retry_and_a_deleted_pipeline_leave_no_deadline_behind(lab: Lab, activity: Any) -> None:
    pipeline = lab.activate(activity(maximumRetries="1"))
    lab.finish(lab.poll(), "FAILED")
    assert lab.service.next_deadline() == 120
    lab.ok("DeletePipeline", pipelineId=pipeline)
    assert lab.service.next_deadline() is None


def test_a_deleted_pipeline_counts_as_ended(lab: Lab, activity: Any) -> None:
    assert not lab.service.done
    pipeline = lab.activate(activity())
    assert not lab.service.done
    lab.ok("DeletePipeline", pipelineId=pipeline)
    assert lab.service.done


def test_a_definition_that_was_given_at_the_start_runs_each_time_it_is_given(lab: Lab) -> None:
    from holter.sandbox.definitionfile import parse

    body = {"objects": [{"id": "A", "type": "CopyActivity", "workerGroup": "wg"}]}
    ids = {lab.service.start(lab.now, "same name", parse(body)) for _ in range(3)}
    assert {lab.poll()["pipelineId"] for _ in range(3)} == ids
    assert len(ids) == 3


@pytest.mark.parametrize(
    ("deed", "decided"),
    [
        (Deed.TAKE, ["ordered", "expired", "queued"]),
        (Deed.CANCEL, ["ordered", "cancel-asked"]),
        (Deed.DELETE, ["ordered", "canceled", "deleted"]),
    ],
)
def test_an_order_is_carried_out_once_and_stands_in_the_ground_truth(
    lab: Lab, activity: Any, deed: Deed, decided: list[str]
) -> None:
    lab.activate(activity())
    task = lab.poll()["taskId"]
    before = len(lab.truth)
    lab.service.obey(lab.now, Order(deed, task))
    lab.service.obey(lab.now, Order(deed, "nobody's"))

    assert [one["what"] for one in lab.truth[before:]] == decided
    assert lab.truth[before]["deed"] == deed.value
    assert task not in str(lab.truth)


@pytest.mark.parametrize("seed", range(150))
def test_whatever_control_plane_and_runners_do_the_ground_truth_stays_consistent(
    make_lab: type[Lab], activity: Any, seed: int
) -> None:
    lab, dice = make_lab(), random.Random(seed)
    check = {
        "id": "P",
        "type": "ShellCommandPrecondition",
        "command": "x",
        "preconditionTimeout": "20 minutes",
    }
    pipeline = lab.activate(
        {"id": "Default", "failureAndRerunMode": dice.choice(["cascade", "none"])},
        activity("A", maximumRetries="1", precondition={"ref": "P"}),
        activity("B", dependsOn={"ref": "A"}, reportProgressTimeout="3 minutes"),
        activity("C"),
        check,
    )
    tasks: list[str] = []
    start = "2026-11-21T00:00:00"
    for _ in range(120):
        what = dice.randrange(8)
        task = dice.choice(tasks) if tasks else "none"
        if what <= 1:
            found = lab.poll(hostname=f"h{dice.randrange(3)}")
            tasks += [found["taskId"]] if found else []
        elif what == 2:
            reply = lab.raw("PollForTask", {"workerGroup": "wg"})
            tasks += [task_of(reply)] if isinstance(reply, Reply) else []
        elif what == 3:
            lab.raw("ReportTaskProgress", {"taskId": task})
        elif what == 4:
            status = dice.choice(["FINISHED", "FAILED", "FALSE"])
            lab.raw("SetTaskStatus", {"taskId": task, "taskStatus": status})
        elif what == 5:
            verb = dice.choice(["PAUSE", "RESUME", "TRY_CANCEL", "RERUN", "MARK_FINISHED"])
            name = dice.choice("ABCP")
            target = name if verb in ("PAUSE", "RESUME") else f"@{name}_{start}"
            lab.raw("SetStatus", {"pipelineId": pipeline, "objectIds": [target], "status": verb})
        elif what == 6 and dice.random() < 0.3:
            lab.raw("DeactivatePipeline", {"pipelineId": pipeline, "cancelActive": dice.random() < 0.5})
            lab.raw("ActivatePipeline", {"pipelineId": pipeline, "startTimestamp": 1_795_219_200})
        else:
            lab.after(dice.choice([0.5, 60, 119, 121, 181, 901]))
        for found in lab.answers.values():
            tasks += [found["taskId"]] if found and found["taskId"] not in tasks else []
        agree(lab, pipeline)


def task_of(reply: Reply) -> str:
    body: Any = reply.body
    task: str = body["taskObject"]["taskId"]
    return task


def agree(lab: Lab, pipeline: str) -> None:
    """What the pipeline shows and what the keeper holds are the same."""
    state = lab.service.state(lab.now)
    leases, pipelines = state["leases"], state["pipelines"]
    assert isinstance(leases, list)
    assert isinstance(pipelines, list)
    held: dict[str, bool] = {}
    for lease in leases:
        assert isinstance(lease, dict)
        assert isinstance(lease["left"], float | int)
        assert lease["left"] >= 0
        assert lease["attempt"] not in held, "two live leases of one attempt"
        held[str(lease["attempt"])] = bool(lease["canceled"])
    (shown,) = pipelines
    assert isinstance(shown, dict)
    objects = shown["objects"]
    assert isinstance(objects, dict)
    live = {attempt.rpartition("_Attempt=")[0] for attempt, canceled in held.items() if not canceled}
    assert live == {name for name, status in objects.items() if status == "RUNNING"}
    queued = state["queued"]
    assert isinstance(queued, dict)
    waiting = [name for name, status in objects.items() if status == "WAITING_FOR_RUNNER"]
    assert sum(int(str(count)) for count in queued.values()) == len(waiting)
