"""What a plan is told of a call."""

from __future__ import annotations

import pytest

from holter.wire.message import Payload, Try

from .scenes import BEAT, POLL, asked


@pytest.mark.parametrize(
    ("body", "group", "found"),
    [
        ({"workerGroup": "wg"}, None, "wg"),
        ({"workerGroup": "wg"}, "other", "wg"),
        ({"taskId": "t"}, "other", "other"),
        ({"workerGroup": 3}, None, None),
        (b"no json", "other", "other"),
    ],
)
def test_the_worker_group_is_the_calls_own_else_its_tasks(
    body: Payload, group: str | None, found: str | None
) -> None:
    assert asked(BEAT, body=body, group=group).queue == found


def test_a_call_is_retried_from_an_sdks_second_try_on() -> None:
    tries = (None, Try("a", 1), Try("a", 2, 3))

    assert [asked(POLL, tried=tried).retried for tried in tries] == [False, False, True]


def test_two_calls_that_say_the_same_are_two_calls() -> None:
    assert len({asked(), asked()}) == 2
