from __future__ import annotations

import threading
from itertools import pairwise
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

import pytest

from holter.sandbox.runner.conduct import Roster
from holter.sandbox.runner.misbehaviour import parse
from holter.sandbox.runner.quota import Quota
from holter.sandbox.runner.slot import Failure, Note, Shop, Slot
from holter.wire.codec import error_reply
from holter.wire.message import Reply

if TYPE_CHECKING:
    from tests.sandbox.runner.conftest import Script

ATTEMPT = "@A_2026-01-02T00:00:00_Attempt=1"


def handout(command: str) -> Reply:
    fields: Any = [
        {"key": "type", "stringValue": "ShellCommandActivity"},
        {"key": "command", "stringValue": command},
    ]
    objects: Any = {ATTEMPT: {"id": ATTEMPT, "name": ATTEMPT, "fields": fields}}
    return Reply(
        200, {"taskObject": {"taskId": "t", "pipelineId": "p", "attemptId": ATTEMPT, "objects": objects}}
    )


def shop_of(script: Script, **options: Any) -> Shop:
    found = script.options(**options)
    return Shop(
        found,
        script.connect(),
        Roster(found.misbehave),
        Quota(found.max_tasks),
        SimpleQueue(),
        threading.Event(),
        threading.Event(),
    )


def run(shop: Shop) -> list[Note | Failure | Any]:
    slot = Slot(shop, 1)
    slot.start()
    slot.join(30)
    shop.service.close()
    assert slot.over
    assert slot.job is None
    notes = []
    while not shop.mail.empty():
        notes.append(shop.mail.get())
    return notes


def test_a_slot_polls_works_acknowledges_and_reports(script: Script) -> None:
    script.answers["PollForTask"] = [handout("sleep 0.3")]
    assert run(shop_of(script, max_tasks=1, scale=0.01)) == [Note.FREE, Note.FREE]
    assert [op for _, op, _ in script.asked][:2] == ["PollForTask", "ReportTaskProgress"]
    assert [op for _, op, _ in script.asked][-1] == "SetTaskStatus"
    assert script.bodies("PollForTask") == [{"workerGroup": "group", "hostname": "host"}]
    assert script.bodies("SetTaskStatus") == [{"taskId": "t", "taskStatus": "FINISHED"}]


def test_an_idle_slot_ends_when_asked_to(script: Script) -> None:
    assert run(shop_of(script, exit_when_idle=True, scale=0.01)) == [Note.FREE]
    assert len(script.bodies("PollForTask")) == 1


def test_trouble_that_may_pass_is_waited_out_longer_each_time(script: Script) -> None:
    script.answers["PollForTask"] = [error_reply("InternalServiceError", "later")] * 4
    run(shop_of(script, exit_when_idle=True, scale=0.1))
    times = script.times("PollForTask")
    gaps = [later - sooner for sooner, later in pairwise(times)]
    assert len(times) == 5
    assert [gap >= pause for gap, pause in zip(gaps, (0.1, 0.2, 0.4, 0.8), strict=True)] == [True] * 4


def test_a_refused_poll_ends_the_slot_with_the_reason(script: Script) -> None:
    script.answers["PollForTask"] = [error_reply("AccessDeniedException", "not you", 403)]
    (note,) = run(shop_of(script))
    assert isinstance(note, Failure)
    assert "AccessDeniedException" in note.text
    assert len(script.bodies("PollForTask")) == 1


def test_empty_answers_that_come_at_once_make_no_storm(script: Script) -> None:
    shop = shop_of(script, scale=0.1)
    slot = Slot(shop, 1)
    slot.start()
    script.until(lambda: len(script.times("PollForTask")) >= 4)
    shop.closing.set()
    slot.join(30)
    shop.service.close()
    times = script.times("PollForTask")
    assert times[3] - times[0] >= 0.3


def test_a_slot_that_waited_for_anothers_poll_polls_no_more_after_closing(script: Script) -> None:
    shop = shop_of(script, max_tasks=1)
    assert shop.quota.claim()
    slot = Slot(shop, 1)
    slot.start()
    slot.join(0.05)
    assert slot.is_alive()
    shop.closing.set()
    shop.quota.settle(taken=False)
    slot.join(30)
    shop.service.close()
    assert slot.over
    assert script.asked == []


def test_a_task_handed_out_to_a_closing_runner_is_given_back_as_failed(script: Script) -> None:
    shop = shop_of(script, max_tasks=1)
    script.answers["PollForTask"] = [handout("touch never")]
    original = script.answer

    def answer(op: str, body: Any) -> Reply:
        if op == "PollForTask":
            shop.closing.set()
        return original(op, body)

    script.answer = answer  # type: ignore[method-assign]  # the moment between poll and answer
    run(shop)
    (status,) = script.bodies("SetTaskStatus")
    assert (status["taskStatus"], status["errorId"]) == ("FAILED", "RunnerStopped")


@pytest.mark.parametrize("seconds", ["0", "0.4"])
def test_a_dropped_task_is_never_mentioned_again(script: Script, seconds: str) -> None:
    script.answers["PollForTask"] = [handout("exit 0"), handout("exit 0")]
    run(shop_of(script, max_tasks=2, scale=0.01, misbehave=(parse(f"no-ack:for={seconds},times=1"),)))
    polls = script.times("PollForTask")
    assert len(script.bodies("SetTaskStatus")) == 1
    assert polls[1] - polls[0] >= float(seconds)
