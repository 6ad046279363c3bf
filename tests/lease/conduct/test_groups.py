from __future__ import annotations

import pytest
from tests.lease.history import task_object

from .stories import Story


def served() -> Story:
    body = task_object("task-1", "@Copy_2026-01-02T00:00:00_Attempt=1")
    story = Story().call("PollForTask", 0, task="task-1", request={"workerGroup": "wg"}, response=body)
    return story.beat(1).ended(2)


CASES = {
    "as it is": (Story().poll(0), []),
    "empty": (Story().poll(0, group=""), ["workergroup-shape"]),
    "a wildcard": (Story().poll(0, group="*"), ["workergroup-shape"]),
    "not quite a wildcard": (Story().poll(0, group="*wg"), []),
    "as the one that gets tasks": (served().poll(10), []),
    "another case": (served().poll(10, group="WG"), ["workergroup-shape?"]),
    "both halves": (Story().poll(0, instanceIdentity={"document": "d", "signature": "s"}), []),
    "one half": (Story().poll(0, instanceIdentity={"document": "d"}), ["identity-partial"]),
    "the other half": (Story().poll(0, instanceIdentity={"signature": "s"}), ["identity-partial"]),
    "no half": (Story().poll(0, instanceIdentity={}), []),
    "a heartbeat of the same group": (Story().alive(0, workerGroup="wg").poll(1), []),
    "a heartbeat of another group": (Story().alive(0, workerGroup="x").poll(1), ["workergroup-mismatch?"]),
    "a heartbeat of one of two": (Story().alive(0, workerGroup="x").poll(1).poll(91, group="x"), []),
    "a heartbeat and no poll": (Story().alive(0, workerGroup="x"), []),
    "a heartbeat of none": (Story().alive(0).poll(1), []),
}


@pytest.mark.parametrize("name", CASES)
def test_what_a_runner_says_of_itself(name: str) -> None:
    story, expected = CASES[name]

    assert story.shows(*expected)
