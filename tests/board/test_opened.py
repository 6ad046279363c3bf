"""One call opened: bodies, and what the operation tables say."""

from __future__ import annotations

from holter.board.opened import opened
from holter.wire.message import NOTHING, Interaction


def test_what_is_wrong_with_request_and_answer_is_said_with_its_path() -> None:
    call = Interaction("ReportTaskProgress", {"taskld": "task-1"}, {"canceled": "no"}, seq=3, status=200)
    found = opened(call)

    assert (found["request"], found["response"]) == ({"taskld": "task-1"}, {"canceled": "no"})
    assert found["checks"] == [
        {"path": "request.taskld", "says": "is unknown (did you mean taskId?)"},
        {"path": "request.taskId", "says": "is missing"},
        {"path": "response.canceled", "says": "must be true or false, not a string"},
    ]


def test_a_body_that_is_no_json_is_left_out_and_named() -> None:
    found = opened(Interaction("PollForTask", b"\xff", NOTHING, seq=1))

    assert "request" not in found
    assert "response" not in found
    assert found["opaque"] == ["request"]


def test_a_list_of_calls_does_without_what_the_tables_say() -> None:
    assert set(opened(Interaction("PollForTask", {}, {}, seq=1), checks=False)) == {
        "call", "request", "response",
    }  # fmt: skip
