from __future__ import annotations

import pytest

from holter.wire.message import Try

from .stories import DELETED, NOT_FOUND, Story


def ended(number: str | None = "a") -> Story:
    return Story().began().ended(60, tried=Try(number, 1) if number else None)


CASES = {
    "nothing more": (ended(), []),
    "a beat beside it": (ended().beat(62), []),
    "a beat soon after": (ended().beat(70), ["progress-after-terminal?"]),
    "a beat long after": (ended().beat(121), ["progress-after-terminal"]),
    "the next try of a beat from before": (ended().retried(130), []),
    "ended twice": (ended().ended(70, tried=Try("b", 1)), ["double-terminal-same"]),
    "ended twice, without numbers": (ended(None).ended(70), ["double-terminal-same?"]),
    "the next try of the same call": (ended().ended(70, tried=Try("a", 2)), []),
    "ended in two ways": (
        ended().ended(70, "FAILED", errorId="x", tried=Try("b", 1)),
        ["double-terminal-conflict"],
    ),
    "ended in two ways, without numbers": (
        ended(None).ended(70, "FAILED", errorId="x"),
        ["double-terminal-conflict"],
    ),
    "ended twice, and refused": (
        ended().ended(70, tried=Try("b", 1), error=NOT_FOUND),
        ["status-after-terminal"],
    ),
    "ended in two ways, and refused": (
        ended(None).ended(70, "FAILED", errorId="x", error=DELETED),
        ["status-after-terminal"],
    ),
    "ended twice, refused, without numbers": (
        ended(None).ended(70, error=NOT_FOUND),
        ["status-after-terminal?"],
    ),
    "the next try of the same call, refused": (ended().ended(70, tried=Try("a", 2), error=NOT_FOUND), []),
    "ended twice, and throttled": (ended().ended(70, tried=Try("b", 1), error="ThrottlingException"), []),
    "handed out again": (ended().handed(70).beat(71, 131).ended(132, tried=Try("b", 1)), []),
    "Holter was away in between": (ended().restart(70).beat(200), []),
}


@pytest.mark.parametrize("name", CASES)
def test_what_comes_after_the_end(name: str) -> None:
    story, expected = CASES[name]

    assert story.shows(*expected)


def test_an_end_that_the_service_refused_is_none() -> None:
    story = Story().began()
    story.call("SetTaskStatus", 60, task="task-1", request={"taskStatus": "FINISHED"}, status=500, error="X")

    assert story.beat(70).ended(130).shows()
