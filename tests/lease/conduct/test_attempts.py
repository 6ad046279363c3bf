from __future__ import annotations

import pytest

from holter.wire.message import Origin

from .stories import NOT_FOUND, Story

COPY = "@Copy_2026-01-02T00:00:00_Attempt={}"
OPEN = "terminal-missing-at-exit?"


def first(number: int = 1, **limits: str) -> Story:
    story = Story()
    story.handed(0, "task-1", COPY.format(number), **limits)
    story.beat(1)
    return story


def again(at: float, number: int) -> Story:
    story = first()
    story.handed(at, "task-2", COPY.format(number))
    story.beat(at + 1, task="task-2")
    return story


def done(story: Story, at: float) -> Story:
    story.call("SetTaskStatus", at, task="task-2", request={"taskStatus": "FINISHED"})
    return story


CASES = {
    "handed out again while it is held": (done(again(60, 1), 62), ["redelivery"]),
    "the next attempt while it is held": (done(again(60, 2), 62), ["redelivery?", OPEN]),
    "the next attempt after a silence": (done(again(950, 2), 952), ["redelivery-after-gap"]),
    "another attempt altogether": (done(again(60, 5), 62), [OPEN]),
    "the gap itself says so": (done(again(950, 1), 952), []),
}


@pytest.mark.parametrize("name", CASES)
def test_an_attempt_that_is_handed_out_again(name: str) -> None:
    story, expected = CASES[name]

    assert story.shows(*expected)


def test_an_attempt_that_ended_is_followed_by_the_next_one() -> None:
    story = first().ended(60, "FAILED", errorId="x")
    story.handed(200, "task-2", COPY.format(2))
    story.beat(201, task="task-2")

    assert done(story, 202).shows()


def test_a_failed_beat_leaves_it_open_whether_the_runner_was_silent() -> None:
    story = first()
    story.failing(890, 400, "ThrottlingException")
    story.handed(950, "task-2", COPY.format(2))
    story.beat(951, task="task-2")

    assert done(story, 952).shows("redelivery-after-gap?")


def test_two_tasks_of_one_attempt_are_both_taken() -> None:
    story = again(60, 1)

    assert story.beat(62).shows("redelivery")
    assert story.beat(64).shows("redelivery", "split-brain")


def test_the_old_task_is_refused() -> None:
    assert again(60, 1).gone(64, NOT_FOUND).shows("redelivery")


def test_an_answer_of_ours_is_not_the_service_s() -> None:
    story = again(60, 1)
    story.call("ReportTaskProgress", 70, task="task-1", response={"canceled": False}, origin=Origin.FAULT)

    assert story.shows("redelivery")


@pytest.mark.parametrize(
    ("number", "limits", "expected"),
    [
        (6, {}, []),
        (7, {}, ["retries-over-cap?"]),
        (3, {"maximumRetries": "2"}, []),
        (4, {"maximumRetries": "2"}, ["retries-over-cap?"]),
        (4, {"maximumRetries": "#{myRetries}"}, []),
    ],
)
def test_attempts_are_counted(number: int, limits: dict[str, str], expected: list[str]) -> None:
    assert first(number, **limits).ended(60).shows(*expected)


def test_after_blind_time_a_hand_out_proves_nothing() -> None:
    story = again(60, 1).restart(70)

    assert done(story.beat(80), 81).shows("redelivery")
