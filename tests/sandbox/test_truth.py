from __future__ import annotations

import json

from holter.sandbox import truth
from holter.sandbox.decision import Decision, Job, Step
from holter.wire.codec import print_of


def test_a_decision_is_one_line_of_json_with_a_print_for_the_task() -> None:
    job = Job("df-1", "@Copy_2_2026-11-21T00:00:00_Attempt=1", "wg")
    one = Decision(Step.EXPIRED, 120.0000004, job, "secret:1", None, "h1", "ack", 120.0, 120.0)
    line = truth.line(truth.of(one, 1_795_219_320.25))
    assert line.endswith("}\n")
    assert json.loads(line) == {
        "at": 120.0,
        "wall": "2026-11-21T00:02:00.250000Z",
        "what": "expired",
        "print": print_of("secret:1"),
        "attempt": "@Copy_2_2026-11-21T00:00:00_Attempt=1",
        "pipeline": "df-1",
        "object": "Copy_2",
        "group": "wg",
        "runner": "h1",
        "why": "ack",
        "limit": 120.0,
        "elapsed": 120.0,
    }


def test_what_is_not_known_is_left_out() -> None:
    one = Decision(Step.POLL_GONE, 1.0, poll=3, group="wg")
    assert list(truth.of(one, 0.0)) == ["at", "wall", "what", "group"]
