"""The last word on a task: whether SetTaskStatus is owed, and seeing that it arrives."""

from __future__ import annotations

import threading

from holter.sandbox.runner.client import Ill, Service, Trouble
from holter.sandbox.runner.job import Job, Why
from holter.sandbox.runner.log import say
from holter.sandbox.runner.misbehaviour import Kind
from holter.sandbox.runner.outcome import Outcome

PAUSES = (5.0, 10.0, 20.0, 40.0)
"""Seconds between further attempts to deliver a status: well inside a lease of 5 minutes."""


def owed(job: Job) -> bool:
    """Tell whether the runner reports a status: not for a task that was cancelled or lost."""
    if Kind.NO_STATUS in job.conduct or job.why is Why.LOST:
        return False
    return job.why is not Why.CANCELED or Kind.STATUS_AFTER_CANCEL in job.conduct


def settle(job: Job, outcome: Outcome, service: Service, scale: float, stopping: threading.Event) -> None:
    """Report what came of a task, if a report is owed."""
    if not owed(job):
        say(f"{job.task.attempt}: over, reports nothing")
        return
    for _ in range(2 if Kind.DOUBLE_STATUS in job.conduct else 1):
        _deliver(job, outcome, service, scale, stopping)


def _deliver(job: Job, outcome: Outcome, service: Service, scale: float, stopping: threading.Event) -> None:
    """Send SetTaskStatus; go on a few times while no try arrived, unless the runner is being stopped."""
    for pause in (*PAUSES, None):
        answer = service.ask("SetTaskStatus", taskId=job.task.task_id, **outcome.members())
        if not isinstance(answer, Trouble):
            say(f"{job.task.attempt}: {outcome.status} {outcome.message or ''}")
            return
        say(f"{job.task.attempt}: {answer.text}")
        if answer.ill is not Ill.PASSING or pause is None or stopping.wait(pause * scale):
            return
