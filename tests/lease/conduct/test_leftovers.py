from __future__ import annotations

import pytest

from holter.wire.message import Origin

from .stories import Story


def stranger(origin: Origin = Origin.LIVE) -> Story:
    story = Story()
    for at in (0, 60):
        story.call("ReportTaskProgress", at, task="task-9", response={"canceled": False}, origin=origin)
    story.call("SetTaskStatus", 61, task="task-9", request={"taskStatus": "FINISHED"}, origin=origin)
    return story


CASES = {
    "handed out": (Story().began().ended(2), []),
    "never handed out": (stranger(), ["task-id-unknown?"]),
    "never handed out by the sandbox": (stranger(Origin.SANDBOX), ["task-id-unknown-in-replay"]),
    "never handed out by a cassette": (stranger(Origin.CASSETTE), ["task-id-unknown-in-replay"]),
    "unknown and refused": (stranger(Origin.REFUSED), ["task-id-unknown-in-replay"]),
    "Holter was away": (stranger(Origin.SANDBOX).restart(70), ["task-id-unknown?"]),
    "open, beating to the end": (Story().began().beat(60, 100).poll(101, 10), []),
    "open, silent for a while": (Story().began().beat(60).poll(100, 10), ["terminal-missing-at-exit?"]),
    "open, and killed": (Story().began().mark("alive", 200.0), []),
    "given up before": (Story().began().mark("stopped", 1000.0), []),
    "open when Holter stopped": (Story().began().mark("stopped", 100.0), ["terminal-missing-at-exit?"]),
    "open when its command ended": (
        Story().began().exited(2.0).mark("stopped", 3.0),
        ["terminal-missing-at-exit?"],
    ),
    "ended before its command": (Story().began().ended(2).exited(2.5).mark("stopped", 3.0), []),
    "open when an earlier command ended": (
        Story().began().exited(2.0).restart(3.0).beat(5).mark("stopped", 6.0),
        [],
    ),
    "just open when Holter stopped": (Story().began().mark("stopped", 76.0), []),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_left_at_the_end(name: str) -> None:
    story, expected = CASES[name]

    assert story.shows(*expected)
