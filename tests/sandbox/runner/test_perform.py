from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from holter.sandbox.runner.handout import Task
from holter.sandbox.runner.job import Job, Why
from holter.sandbox.runner.outcome import Outcome
from holter.sandbox.runner.perform import perform
from holter.wire.codec import error_reply
from holter.wire.message import Reply

if TYPE_CHECKING:
    from tests.sandbox.runner.conftest import Script


def task(kind: str, command: str | None = None, *arguments: str, path: str | None = None) -> Task:
    return Task("task", "@A_2026-01-02T00:00:00_Attempt=1", "df-1", "A", kind, command, arguments, path)


def done(script: Script, work: Task, directory: Path | None = None) -> Outcome:
    service = script.connect()
    try:
        return perform(Job(work, {}), service, str(directory) if directory else None)
    finally:
        service.close()


@pytest.mark.parametrize(
    ("kind", "command", "status", "error"),
    [
        ("ShellCommandActivity", "exit 0", "FINISHED", None),
        ("ShellCommandActivity", "exit 3", "FAILED", "CommandFailed"),
        ("ShellCommandActivity", "kill -9 $$", "FAILED", "CommandKilled"),
        ("ShellCommandActivity", None, "FAILED", "NoCommand"),
        ("ShellCommandActivity", "exit \x00", "FAILED", "CommandNotStarted"),
        ("ShellCommandPrecondition", "exit 0", "FINISHED", None),
        ("ShellCommandPrecondition", "exit 1", "FALSE", None),
        ("ShellCommandPrecondition", "kill -9 $$", "FALSE", None),
        ("ShellCommandPrecondition", None, "FAILED", "NoCommand"),
        ("HiveActivity", "exit 0", "FAILED", "UnsupportedType"),
        ("", None, "FAILED", "UnsupportedType"),
    ],
)
def test_each_type_of_task_is_done_or_refused_by_name(
    script: Script, kind: str, command: str | None, status: str, error: str | None
) -> None:
    outcome = done(script, task(kind, command))
    assert (outcome.status, outcome.error_id) == (status, error)


def test_arguments_reach_the_command_as_they_are(script: Script, tmp_path: Path) -> None:
    work = task("ShellCommandActivity", "printf '%s|' >out", "a b", "$HOME", "it's", "")
    assert done(script, work, tmp_path).status == "FINISHED"
    assert (tmp_path / "out").read_text() == "a b|$HOME|it's||"


def test_expressions_are_evaluated_by_the_service(script: Script, tmp_path: Path) -> None:
    script.answers["EvaluateExpression"] = [
        Reply(200, {"evaluatedExpression": "printf '%s|' >out"}),
        Reply(200, {"evaluatedExpression": "x y"}),
    ]
    work = task("ShellCommandActivity", "#{c}", "plain", "#{a}")
    assert done(script, work, tmp_path).status == "FINISHED"
    assert (tmp_path / "out").read_text() == "plain|x y|"
    assert script.bodies("EvaluateExpression")[0] == {
        "pipelineId": "df-1",
        "objectId": "@A_2026-01-02T00:00:00_Attempt=1",
        "expression": "#{c}",
    }


@pytest.mark.parametrize(
    ("code", "why"), [("InvalidRequestException", None), ("TaskNotFoundException", Why.LOST)]
)
def test_an_expression_that_cannot_be_evaluated_fails_the_task(
    script: Script, code: str, why: Why | None
) -> None:
    script.answers["EvaluateExpression"] = [error_reply(code, "no")]
    job, service = Job(task("ShellCommandActivity", "#{c}"), {}), script.connect()
    outcome = perform(job, service, None)
    service.close()
    assert job.why is why
    assert outcome.error_id == ("ExpressionFailed" if why is None else "LeaseLost")


@pytest.mark.parametrize(("name", "status"), [("there is", "FINISHED"), ("there is not", "FALSE")])
def test_a_file_exists_or_not(script: Script, tmp_path: Path, name: str, status: str) -> None:
    (tmp_path / "there is").touch()
    assert done(script, task("Exists", path=(tmp_path / name).as_uri())).status == status


@pytest.mark.parametrize("path", [None, "", "s3://bucket/key", "file://elsewhere/x", "/plain"])
def test_what_lies_elsewhere_is_refused(script: Script, path: str | None) -> None:
    outcome = done(script, task("Exists", path=path))
    assert (outcome.status, outcome.error_id) == ("FAILED", "UnsupportedLocation")


@pytest.mark.parametrize(
    ("why", "error"), [(Why.STOPPED, "RunnerStopped"), (Why.CANCELED, "Cancelled"), (Why.LOST, "LeaseLost")]
)
def test_a_job_ended_early_says_why(script: Script, why: Why, error: str) -> None:
    service = script.connect()
    job = Job(task("ShellCommandActivity", "exit 0"), {})
    job.end(why)
    outcome = perform(job, service, None)
    service.close()
    assert (outcome.status, outcome.error_id) == ("FAILED", error)
