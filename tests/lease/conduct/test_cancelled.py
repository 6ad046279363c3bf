from __future__ import annotations

import pytest

from holter.lease.profile import DOCUMENTED
from holter.wire.message import Origin, Try

from .stories import Story


def cancelled() -> Story:
    story = Story().began()
    story.beat(60, canceled=True)
    return story


CASES = {
    "silent at once": (cancelled(), []),
    "a last beat within the grace": (cancelled().beat(120), ["cancel-latency"]),
    "a beat after the grace": (cancelled().beat(120.1), ["cancel-ignored", "cancel-latency"]),
    "a beat that was on its way": (cancelled().beat(62), []),
    "the next try of a call from before": (cancelled().retried(180), []),
    "handed out again": (cancelled().handed(170).beat(171).ended(172), []),
    "failed at the moment of the cancel": (cancelled().ended(60, "FAILED", errorId="x"), []),
    "failed at once, as told": (
        cancelled().ended(60.1, "FAILED", errorId="x"),
        ["status-after-cancel?", "cancel-latency"],
    ),
    "the next try of a status from before": (
        cancelled().ended(60.1, "FAILED", errorId="x", tried=Try("a", 2)),
        [],
    ),
    "failed soon after": (
        cancelled().ended(70, "FAILED", errorId="x"),
        ["status-after-cancel?", "cancel-latency"],
    ),
    "failed long after": (
        cancelled().ended(130, "FAILED", errorId="x"),
        ["status-after-cancel", "cancel-latency"],
    ),
    "finished soon after": (cancelled().ended(70), ["finished-after-cancel?", "cancel-latency"]),
    "finished long after": (cancelled().ended(130), ["finished-after-cancel", "cancel-latency"]),
    "Holter was away in between": (cancelled().restart(70).beat(200).ended(201), []),
}


@pytest.mark.parametrize("name", CASES)
def test_what_comes_after_a_cancel(name: str) -> None:
    story, expected = CASES[name]

    assert story.shows(*expected)


def test_a_cancel_that_a_fault_made_is_to_be_obeyed_too() -> None:
    story = Story().began()
    story.call("ReportTaskProgress", 60, task="task-1", response={"canceled": True}, origin=Origin.FAULT)

    assert story.beat(130, 190).shows("cancel-ignored", "cancel-latency")


def test_the_finding_names_both_calls_and_how_often_it_was() -> None:
    (found, latency) = cancelled().beat(130, 190).found()

    assert (found.interactions, found.gap and found.gap.certain) == ((3, 4), 70.0)
    assert found.message == (
        "task-1 was told canceled: true, and had a beat 70.00 s later; the grace is 60 s; 2 times in all"
    )
    assert latency.gap is not None
    assert latency.gap.certain == 130.0


def test_the_grace_is_scaled() -> None:
    assert cancelled().beat(63).shows("cancel-latency")
    assert "cancel-ignored" in [one.rule for one in cancelled().beat(63).found(DOCUMENTED.scaled(0.01))]
