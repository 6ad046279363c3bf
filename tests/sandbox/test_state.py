from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from holter.wire.codec import print_of

if TYPE_CHECKING:
    from tests.sandbox.conftest import Lab


def test_the_state_tells_pipelines_leases_queues_and_polls(lab: Lab, activity: Any) -> None:
    pipeline = lab.activate(activity(), activity("B"), activity("C", workerGroup="other"))
    task = lab.poll()
    lab.wait("nobody")
    lab.after(30)
    assert lab.service.state(lab.now) == {
        "version": 1,
        "at": 30.0,
        "done": False,
        "polls": 1,
        "queued": {"wg": 1, "other": 1},
        "leases": [
            {
                "print": print_of(task["taskId"]),
                "attempt": task["attemptId"],
                "pipeline": pipeline,
                "runner": "h1",
                "acked": False,
                "canceled": False,
                "limit": 120.0,
                "left": 90.0,
            }
        ],
        "pipelines": [
            {
                "id": pipeline,
                "name": "p",
                "state": "SCHEDULED",
                "objects": {
                    "@A_2026-11-21T00:00:00": "RUNNING",
                    "@B_2026-11-21T00:00:00": "WAITING_FOR_RUNNER",
                    "@C_2026-11-21T00:00:00": "WAITING_FOR_RUNNER",
                },
            }
        ],
    }
    assert task["taskId"] not in json.dumps(lab.service.state(lab.now))
