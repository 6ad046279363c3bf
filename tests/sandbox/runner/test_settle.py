from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from holter.sandbox.runner.conduct import Roster
from holter.sandbox.runner.handout import Task
from holter.sandbox.runner.job import Job, Why
from holter.sandbox.runner.misbehaviour import parse
from holter.sandbox.runner.outcome import FINISHED, failed
from holter.sandbox.runner.settle import PAUSES, owed, settle
from holter.wire.codec import error_reply
from holter.wire.message import Reply

if TYPE_CHECKING:
    from tests.sandbox.runner.conftest import Script

LATER = error_reply("InternalServiceError", "later")


def job_that(*faults: str, why: Why | None = None) -> Job:
    job = Job(Task("task", "attempt", "df-1", "A", "k"), Roster(map(parse, faults)).deal("A"))
    if why:
        job.end(why)
    return job


@pytest.mark.parametrize(
    ("faults", "why", "is_owed"),
    [
        ((), None, True),
        ((), Why.STOPPED, True),
        ((), Why.CANCELED, False),
        ((), Why.LOST, False),
        (("no-status",), None, False),
        (("status-after-cancel",), Why.CANCELED, True),
        (("status-after-cancel",), Why.LOST, False),
        (("double-status",), Why.CANCELED, False),
    ],
)
def test_a_status_is_owed_unless_the_service_has_ended_the_task(
    faults: tuple[str, ...], why: Why | None, is_owed: bool
) -> None:
    assert owed(job_that(*faults, why=why)) is is_owed


@pytest.mark.parametrize(
    ("faults", "answers", "sent"),
    [
        ((), [], 1),
        (("no-status",), [], 0),
        (("double-status",), [], 2),
        ((), [LATER, LATER], 3),
        ((), [LATER] * 20, len(PAUSES) + 1),
        ((), [error_reply("TaskNotFoundException", "gone")], 1),
        ((), [error_reply("InvalidRequestException", "what?")], 1),
    ],
)
def test_the_status_is_sent_until_it_arrives_or_cannot(
    script: Script, faults: tuple[str, ...], answers: list[Reply], sent: int
) -> None:
    script.answers["SetTaskStatus"] = list(answers)
    service = script.connect()
    settle(job_that(*faults), FINISHED, service, 0.001, threading.Event())
    service.close()
    assert script.bodies("SetTaskStatus") == [{"taskId": "task", "taskStatus": "FINISHED"}] * sent


def test_a_runner_that_is_being_stopped_does_not_insist(script: Script) -> None:
    script.answers["SetTaskStatus"] = [LATER] * 9
    service, stopping = script.connect(), threading.Event()
    stopping.set()
    settle(job_that(), failed("X", "why", "stack"), service, 1.0, stopping)
    service.close()
    assert script.bodies("SetTaskStatus") == [
        {
            "taskId": "task",
            "taskStatus": "FAILED",
            "errorId": "X",
            "errorMessage": "why",
            "errorStackTrace": "stack",
        }
    ]
