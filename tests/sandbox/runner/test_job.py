from __future__ import annotations

import pytest

from holter.sandbox.runner.handout import Task
from holter.sandbox.runner.job import Job, Why

TASK = Task("task", "attempt", "df-1", "A", "ShellCommandActivity")
SLEEP = ("/bin/sh", "-c", "sleep 100")


def test_ending_a_job_stops_its_command() -> None:
    job = Job(TASK, {})
    work = job.start(SLEEP, None)
    assert work is not None
    assert (job.why, job.ended.is_set()) == (None, False)
    job.end(Why.CANCELED)
    assert work.wait() == -15
    assert job.ended.is_set()


def test_a_job_that_was_ended_never_starts_its_command() -> None:
    job = Job(TASK, {})
    job.end(Why.STOPPED)
    assert job.start(SLEEP, None) is None
    job.kill()
    assert job.progress is None


def test_killing_leaves_the_reason_open() -> None:
    job = Job(TASK, {})
    work = job.start(SLEEP, None)
    assert work is not None
    job.kill()
    assert work.wait() == -9
    assert job.why is None


@pytest.mark.parametrize(
    ("reasons", "why"),
    [
        ([Why.STOPPED], Why.STOPPED),
        ([Why.STOPPED, Why.LOST], Why.LOST),
        ([Why.STOPPED, Why.CANCELED], Why.CANCELED),
        ([Why.CANCELED, Why.STOPPED], Why.CANCELED),
        ([Why.LOST, Why.CANCELED], Why.LOST),
    ],
)
def test_what_the_service_says_outranks_the_wish_to_stop(reasons: list[Why], why: Why) -> None:
    job = Job(TASK, {})
    for reason in reasons:
        job.end(reason)
    assert job.why is why
