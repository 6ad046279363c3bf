"""reassign, as a plan asks for it."""

from __future__ import annotations

from typing import Any

import pytest

from holter.faults.plan import Plan
from holter.wire.codec import answer
from holter.wire.decision import Deed, Forward, Order
from holter.wire.message import Json, Reply

from .scenes import BEAT, END, POLL, asked, given, live, plan, refusal


def handout(task: str) -> Reply:
    body: Json = {"taskObject": {"taskId": task, "attemptId": f"@{task}"}}
    return Reply(200, body, live().headers)


def handed(made: Plan, task: str, runner: str = "runner-1", group: str = "wg") -> None:
    poll = asked(POLL, body={"workerGroup": group}, runner=runner)
    assert made.before(poll) is None
    made.after(poll, handout(task))
    made.ended(poll)


def polled(made: Plan, runner: str = "runner-1", group: str = "wg") -> Any:
    poll = asked(POLL, body={"workerGroup": group}, runner=runner)
    decision = made.before(poll)
    made.ended(poll)
    if decision is None:
        return None
    body: Any = given(decision).body
    return body["taskObject"]["taskId"]


def test_a_beats_own_task_is_handed_out_once_more_at_the_next_poll() -> None:
    made = plan("when: {op: ReportTaskProgress, nth: 1}, then: {reassign: any}")
    handed(made, "a")
    handed(made, "b")
    assert made.before(asked(BEAT, "a")) is None

    assert [polled(made), polled(made)] == ["a", None]


@pytest.mark.parametrize(
    ("to", "found"), [("any", ["a", None]), ("same", [None, "a"]), ("another", ["a", None])]
)
def test_it_goes_to_the_runner_that_is_meant(to: str, found: list[str | None]) -> None:
    made = plan(f"when: {{op: ReportTaskProgress, nth: 1}}, then: {{reassign: {to}}}")
    handed(made, "a")
    made.before(asked(BEAT, "a"))

    assert [polled(made, "runner-2"), polled(made, "runner-1")] == found


def test_on_a_poll_the_latest_task_of_that_worker_group_is_handed_out_again() -> None:
    made = plan("when: {op: PollForTask, nth: 4}, then: {reassign: any}")
    handed(made, "a")
    handed(made, "b")
    handed(made, "c", group="other")

    assert [polled(made), polled(made)] == ["b", None]


def test_a_task_that_has_ended_is_not_out_any_more() -> None:
    made = plan("when: {op: PollForTask, first: 9}, then: {reassign: any}")
    handed(made, "a")
    end = asked(END, "a")
    made.before(end)
    made.after(end, answer({}))

    assert polled(made) is None


def test_the_answer_says_nothing_of_the_length_of_another() -> None:
    made = plan("when: {op: PollForTask, nth: 2}, then: {reassign: any}")
    handed(made, "a")
    reply = given(made.before(asked(POLL)))

    assert not {name.lower() for name, _ in reply.headers} & {"content-length", "x-amz-crc32"}


def test_a_runner_is_any_same_or_another() -> None:
    assert "did you mean another?" in refusal("when: {op: PollForTask}, then: {reassign: anothr}")


def test_a_service_that_obeys_takes_the_lease_and_hands_out_by_itself() -> None:
    made = plan("when: {op: PollForTask, nth: 2}, then: {reassign: any}", obeyed=True)
    handed(made, "a")

    again = made.before(asked(POLL, body={"workerGroup": "wg"}))
    assert again == Forward(by="r1", order=Order(Deed.TAKE, "a"))
