from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.sandbox.conftest import Lab


def test_a_poll_waits_for_its_hold_and_is_answered_empty(lab: Lab) -> None:
    poll = lab.wait()
    assert lab.service.next_deadline() == 90
    lab.after(89)
    assert lab.answers == {}
    lab.after(1)
    assert lab.answers == {poll: None}
    assert lab.service.answered() == ()


def test_a_poll_that_waits_gets_what_is_activated_and_what_becomes_ready(lab: Lab, activity: Any) -> None:
    first, second = lab.wait(), lab.wait()
    lab.activate(activity(), activity("B", dependsOn={"ref": "A"}))
    assert lab.answers[first]["attemptId"].startswith("@A_")
    assert second not in lab.answers
    lab.finish(lab.answers[first])
    assert lab.answers[second]["attemptId"].startswith("@B_")


def test_a_call_sees_what_was_due_before_it_even_without_a_tick(lab: Lab, activity: Any) -> None:
    pipeline = lab.activate(activity(maximumRetries="1"))
    lab.finish(lab.poll(), "FAILED")
    lab.now = 130.0
    assert lab.status(pipeline, "@A_2026-11-21T00:00:00_Attempt=2") == "WAITING_FOR_RUNNER"


def test_the_same_seed_and_calls_give_the_same_history(make_lab: type[Lab], activity: Any) -> None:
    def history() -> list[Any]:
        lab = make_lab()
        lab.activate(activity(maximumRetries="1"))
        lab.finish(lab.poll(), "FAILED")
        lab.after(500)
        lab.poll()
        return lab.truth

    assert history() == history()


def test_every_refusal_is_in_the_ground_truth_once(lab: Lab) -> None:
    lab.error("PollForTask")
    lab.error("ReportTaskProgress", taskId="x")
    lab.error("GetPipelineDefinition", pipelineId="df-none")
    refused = lab.whats("refused")
    assert [one.get("op") for one in refused] == ["PollForTask", None, "GetPipelineDefinition"]
    assert [one["why"] for one in refused][1] == "unknown"
    assert refused[2]["error"] == "PipelineNotFoundException"
