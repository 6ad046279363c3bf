from __future__ import annotations

from typing import Any

import pytest

from holter.sandbox.runner.handout import Task, read

ATTEMPT = "@Slow_2026-01-02T00:00:00_Attempt=1"


def handout(attempt: str = ATTEMPT, *fields: tuple[str, str], **objects: Any) -> dict[str, Any]:
    rows = [{"key": key, "stringValue": value} for key, value in fields]
    own = {"id": attempt, "name": attempt, "fields": [*rows, {"key": "parent", "refValue": "Slow"}]}
    return {
        "taskObject": {
            "taskId": "t",
            "pipelineId": "df-1",
            "attemptId": attempt,
            "objects": {attempt: own, **objects},
        }
    }


@pytest.mark.parametrize(
    "answer",
    [{}, {"taskObject": None}, {"taskObject": {}}, {"taskObject": {"taskId": ""}}, {"taskObject": []}],
)
def test_an_answer_without_a_task_hands_out_nothing(answer: dict[str, Any]) -> None:
    assert read(answer) is None


@pytest.mark.parametrize(
    ("attempt", "component"),
    [
        (ATTEMPT, "Slow"),
        ("@A_b_2026-01-02T00:00:00_Attempt=12", "A_b"),
        ("@Old_2026-01-02T00:00:00_1_Attempt=1", "Old"),
        ("o-1234", "o-1234"),
        ("", ""),
    ],
)
def test_the_component_stands_in_the_attempt_id(attempt: str, component: str) -> None:
    task = read(handout(attempt))
    assert task is not None
    assert (task.attempt, task.component) == (attempt, component)


def test_the_attempts_fields_say_what_to_do() -> None:
    fields = [
        ("type", "ShellCommandActivity"),
        ("command", "echo"),
        ("scriptArgument", "a"),
        ("scriptArgument", "b c"),
    ]
    assert read(handout(ATTEMPT, *fields)) == Task(
        "t", ATTEMPT, "df-1", "Slow", "ShellCommandActivity", "echo", ("a", "b c")
    )


def test_a_parent_is_asked_for_what_the_attempt_leaves_out() -> None:
    parent = {
        "fields": [
            {"key": "type", "stringValue": "Exists"},
            {"key": "directoryPath", "stringValue": "file:///x"},
        ]
    }
    task = read(handout(ATTEMPT, ("type", "Own"), Slow=parent))
    assert task is not None
    assert (task.kind, task.path) == ("Own", "file:///x")


def test_parents_in_a_circle_and_odd_objects_are_read_once() -> None:
    circle = {"fields": [{"key": "parent", "refValue": ATTEMPT}, "odd", {"key": "command"}]}
    task = read(handout(ATTEMPT, Slow=circle))
    assert task is not None
    assert task.command == ""


@pytest.mark.parametrize("objects", [None, [], {}, {ATTEMPT: None}, {ATTEMPT: {"fields": "none"}}])
def test_a_handout_without_readable_fields_is_still_a_task(objects: Any) -> None:
    task = read({"taskObject": {"taskId": "t", "attemptId": ATTEMPT, "objects": objects}})
    assert task == Task("t", ATTEMPT, "", "Slow", "")
