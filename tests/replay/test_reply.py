from __future__ import annotations

import copy
from typing import Any

import pytest
from tests.replay.tapes import BEAT, POLL, TAPE, handout, recorded, takes

from holter.replay.binding import Binding
from holter.replay.reply import EMPTY, HELD, reply_of
from holter.wire.check import check
from holter.wire.codec import error_code
from holter.wire.message import NOTHING, Interaction
from holter.wire.operations import OPERATIONS


def test_a_hand_out_gets_the_live_id_and_the_recorded_one_stays_as_it_was() -> None:
    (take,), binding = takes(handout("task-1")), Binding()
    before = copy.deepcopy(take.call.response)
    bound = binding.hand_out(TAPE, "task-1")
    reply = reply_of(take, binding, bound)

    assert isinstance(reply.body, dict)
    assert isinstance(reply.body["taskObject"], dict)
    assert reply.body["taskObject"] == {"taskId": bound.live, "attemptId": "@Copy_task-1", "objects": {}}
    assert take.call.response == before
    assert (reply.status, reply.headers) == (200, ())


def test_an_error_names_the_live_task() -> None:
    binding = Binding()
    live = binding.hand_out(TAPE, "task-1").live
    body: Any = {
        "__type": "TaskNotFoundException",
        "message": "no task-1 here, nor task-2",
        "more": ["task-1", 1],
    }
    (take,) = takes(recorded(BEAT, {"taskId": "task-1"}, body, status=400, error="TaskNotFoundException"))
    reply = reply_of(take, binding, None)
    assert reply.body == {**body, "message": f"no {live} here, nor task-2", "more": [live, 1]}
    assert reply.headers == (("x-amzn-ErrorType", "TaskNotFoundException"),)
    assert error_code(reply) == "TaskNotFoundException"


def test_words_of_a_good_answer_are_never_taken_for_aliases() -> None:
    body: Any = {"pipelineObjects": [{"id": "task-1", "name": "task-1", "fields": []}]}
    binding = Binding()
    binding.hand_out(TAPE, "task-1")
    (take,) = takes(recorded("DescribeObjects", {}, body))
    assert reply_of(take, binding, None).body == body


@pytest.mark.parametrize(
    ("call", "status", "code"),
    [
        (
            recorded(BEAT, {}, NOTHING, status=None, error="TaskNotFoundException"),
            400,
            "TaskNotFoundException",
        ),
        (recorded(BEAT, {}, NOTHING, status=None, error="InternalServiceError"), 500, "InternalServiceError"),
        (recorded(BEAT, {}, NOTHING, status=503, error="ServiceUnavailable"), 503, "ServiceUnavailable"),
        (
            recorded(BEAT, {}, {"message": "m"}, status=None, error="InternalServiceError"),
            500,
            "InternalServiceError",
        ),
        (recorded(BEAT, {}, {"canceled": False}, status=None), 200, None),
        (recorded(BEAT, {}, b"<html>", status=502), 502, "502"),
    ],
)
def test_what_was_written_by_hand_may_leave_out_what_follows(
    call: Interaction, status: int, code: str | None
) -> None:
    reply = reply_of(takes(call)[0], Binding(), None)
    assert (reply.status, error_code(reply)) == (status, code)


def test_our_own_answers_are_the_protocols() -> None:
    assert check(EMPTY.body, OPERATIONS[POLL].response) == ()
    assert check(HELD.body, OPERATIONS[BEAT].response) == ()
