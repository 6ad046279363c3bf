"""What each type of task asks the runner to do."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import unquote, urlsplit

from holter.sandbox.runner.client import Ill, Service, Trouble
from holter.sandbox.runner.handout import Task
from holter.sandbox.runner.job import Job, Why
from holter.sandbox.runner.outcome import FALSE, FINISHED, Outcome, ended, failed

_EARLY: Mapping[Why, Outcome] = MappingProxyType(
    {
        Why.STOPPED: failed("RunnerStopped", "the runner was stopped before the task was done"),
        Why.CANCELED: failed("Cancelled", "the task was cancelled"),
        Why.LOST: failed("LeaseLost", "the service knows the task no more"),
    }
)


def perform(job: Job, service: Service, directory: str | None) -> Outcome:
    """Do a task's work and return what came of it; a job that was ended early says so."""
    kind = job.task.kind
    if kind not in _DEEDS:
        return failed("UnsupportedType", f"this runner does no {kind!r}, only {', '.join(_DEEDS)}")
    outcome = _DEEDS[kind](job, service, directory)
    return _EARLY[job.why] if job.why else outcome


def _activity(job: Job, service: Service, directory: str | None) -> Outcome:
    if job.task.command is None:
        return failed("NoCommand", f"{job.task.attempt} has no field 'command'")
    line = _line(job.task, service)
    if isinstance(line, Trouble):
        if line.ill is Ill.GONE:
            job.end(Why.LOST)
        return failed("ExpressionFailed", line.text)
    return _run(job, line, directory)


def _run(job: Job, line: str, directory: str | None) -> Outcome:
    try:
        work = job.start(("/bin/sh", "-c", line), directory)
    except (OSError, ValueError) as why:
        return failed("CommandNotStarted", f"the command could not be started: {why}")
    return ended(work.wait(), work.output()) if work else _EARLY[job.why or Why.STOPPED]


def _line(task: Task, service: Service) -> str | Trouble:
    """Return the command with its arguments, all expressions evaluated by the service."""
    found = []
    for text in (task.command or "", *task.arguments):
        value = _evaluated(text, task, service)
        if isinstance(value, Trouble):
            return value
        found.append(value)
    return " ".join((found[0], *map(shlex.quote, found[1:])))


def _evaluated(text: str, task: Task, service: Service) -> str | Trouble:
    if "#{" not in text:
        return text
    answer = service.ask(
        "EvaluateExpression", pipelineId=task.pipeline, objectId=task.attempt, expression=text
    )
    return answer if isinstance(answer, Trouble) else str(answer.get("evaluatedExpression", ""))


def _shell_precondition(job: Job, service: Service, directory: str | None) -> Outcome:
    """Run the command: exit status 0 is true, another one false; not to have run at all is a failure."""
    outcome = _activity(job, service, directory)
    return FALSE if outcome.error_id in ("CommandFailed", "CommandKilled") else outcome


def _exists(job: Job, _service: Service, _directory: str | None) -> Outcome:
    where = urlsplit(job.task.path or "")
    if where.scheme != "file" or where.netloc not in ("", "localhost"):
        return failed("UnsupportedLocation", f"this runner looks for file:///... only, not {job.task.path!r}")
    return FINISHED if os.path.exists(unquote(where.path)) else FALSE


_DEEDS: Mapping[str, Callable[[Job, Service, str | None], Outcome]] = MappingProxyType(
    {"ShellCommandActivity": _activity, "ShellCommandPrecondition": _shell_precondition, "Exists": _exists}
)
