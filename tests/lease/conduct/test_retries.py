from __future__ import annotations

import pytest

from holter.lease.profile import DOCUMENTED
from holter.wire.message import Broken, Json, Origin

from .stories import Story

BAD: Json = {"workerGroup": "\0"}
INVALID = "InvalidRequestException"


def errors(
    count: int,
    every: float,
    error: str = "ThrottlingException",
    *,
    status: int = 400,
    request: Json = None,
    origin: Origin = Origin.LIVE,
) -> Story:
    story = Story()
    for number in range(count):
        at, body = round(number * every, 6), request or {"workerGroup": "wg"}
        story.call("PollForTask", at, request=body, status=status, error=error, origin=origin)
    return story


def then(story: Story, other: Story, at: float) -> Story:
    for entry in other.entries[1:]:
        story.call(entry.op, at, request=entry.request, status=entry.status, error=entry.error)  # type: ignore[union-attr]  # calls
        at += 0.9
    return story


THROTTLES = {
    "never waits": (errors(14, 0.9), ["throttle-no-backoff"]),
    "never waits, for a moment": (errors(11, 0.9), []),
    "waits": (errors(14, 1.1), []),
    "full speed": (errors(110, 0.1), ["throttle-no-backoff", "poll-storm"]),
    "an answer in between": (then(errors(7, 0.9).poll(7, 0.0), errors(8, 0.9), 8), []),
    "another error": (errors(14, 0.9, "InternalServiceError", status=500), []),
    "by its status alone": (errors(14, 0.9, "429", status=429), ["throttle-no-backoff"]),
    "a fault of ours": (errors(14, 0.9, origin=Origin.FAULT), ["throttle-no-backoff!"]),
}

LASTING = {
    "three times": (errors(3, 5, "AccessDeniedException"), ["retry-non-retryable"]),
    "twice": (errors(2, 5, "AccessDeniedException"), []),
    "after a while": (errors(3, 21, "AccessDeniedException"), []),
    "an error that passes": (errors(3, 5, "ServiceUnavailable", status=503), []),
    "a request of its own": (
        then(errors(2, 1, INVALID), errors(1, 1, INVALID, request=BAD), 2),
        [],
    ),
    "a refusal in replay": (errors(3, 5, "InvalidRequestException", origin=Origin.REFUSED), []),
}


@pytest.mark.parametrize("name", [*THROTTLES, *LASTING])
def test_errors_in_a_row(name: str) -> None:
    story, expected = {**THROTTLES, **LASTING}[name]

    assert story.shows(*expected)


def failing(error: str = "InternalServiceError", status: int = 500, origin: Origin = Origin.LIVE) -> Story:
    story = Story().began()
    story.call("ReportTaskProgress", 60, task="task-1", status=status, error=error, origin=origin)
    return story


REPEATS = {
    "tried again": (failing().beat(61, 121).ended(122), []),
    "the next beat in time": (failing().beat(135).ended(136), []),
    "the next beat late": (failing().beat(135.1).ended(136), ["no-retry-on-5xx"]),
    "throttled": (failing("ThrottlingException", 400).beat(150).ended(151), ["no-retry-on-5xx"]),
    "refused for good": (failing("AccessDeniedException", 403).beat(150).ended(151), []),
    "ended in time": (failing().ended(100), []),
    "ended late": (failing().ended(150), []),
    "a fault of ours": (failing(origin=Origin.FAULT).beat(150).ended(151), ["no-retry-on-5xx!"]),
    "a refusal in replay": (failing(origin=Origin.REFUSED).beat(150).ended(151), []),
    "Holter was away": (failing().restart(70).beat(150).ended(151), []),
}


@pytest.mark.parametrize("name", REPEATS)
def test_a_beat_that_failed(name: str) -> None:
    story, expected = REPEATS[name]

    assert story.shows(*expected)


@pytest.mark.parametrize(
    ("who", "expected"),
    [(Broken.CLIENT, ["no-retry-on-5xx"]), (Broken.US, []), (Broken.UPSTREAM, ["no-retry-on-5xx"])],
)
def test_a_beat_that_broke(who: Broken, expected: list[str]) -> None:
    story = Story().began()
    story.call("ReportTaskProgress", 60, task="task-1", status=None, broken=who)

    assert story.beat(150).ended(151).shows(*expected)


def test_an_sdk_s_own_delays_are_not_scaled() -> None:
    story = failing().beat(79).ended(79.5)

    assert "no-retry-on-5xx" not in [one.rule for one in story.found(DOCUMENTED.scaled(0.01))]
