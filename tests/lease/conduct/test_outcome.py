from __future__ import annotations

import pytest
from tests.lease.history import task_object

from .stories import Story


def task(kind: str | None) -> Story:
    body = task_object("task-1", "@Copy_2026-01-02T00:00:00_Attempt=1", *([("type", kind)] if kind else []))
    story = Story().call("PollForTask", 0, task="task-1", request={"workerGroup": "wg"}, response=body)
    return story.beat(1)


SHELL = "ShellCommandActivity"
CASES = {
    "finished": (task(SHELL).ended(2), []),
    "failed, with a reason": (task(SHELL).ended(2, "FAILED", errorId="x"), []),
    "failed, with a message": (task(SHELL).ended(2, "FAILED", errorMessage="x"), []),
    "failed, with a stack alone": (
        task(SHELL).ended(2, "FAILED", errorStackTrace="x"),
        ["failed-without-error"],
    ),
    "failed, with an empty reason": (task(SHELL).ended(2, "FAILED", errorId=""), ["failed-without-error"]),
    "finished, with an error": (task(SHELL).ended(2, errorId="x"), ["error-fields-on-finished"]),
    "finished, with empty errors": (task(SHELL).ended(2, errorId="", errorMessage=None), []),
    "an id of the service's": (task(SHELL).ended(2, "FAILED", errorId="Service_x"), ["errorid-reserved"]),
    "an id like it": (task(SHELL).ended(2, "FAILED", errorId="service_x"), []),
    "an activity is false": (task(SHELL).ended(2, "FALSE"), ["false-on-activity"]),
    "a precondition is false": (task("Exists").ended(2, "FALSE"), []),
    "a resource is false": (task("Ec2Resource").ended(2, "FALSE"), ["false-on-activity?"]),
    "who knows what is false": (task(None).ended(2, "FALSE"), []),
    "a precondition failed": (
        task("ShellCommandPrecondition").ended(2, "FAILED", errorId="x"),
        ["failed-on-precondition"],
    ),
    "the service's precondition failed": (task("S3KeyExists").ended(2, "FAILED", errorId="x"), []),
}


@pytest.mark.parametrize("name", CASES)
def test_how_a_task_is_said_to_end(name: str) -> None:
    story, expected = CASES[name]

    assert story.shows(*expected)
