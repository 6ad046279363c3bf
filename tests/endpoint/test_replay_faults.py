"""Faults over a replay on the plain endpoint: what boto sees of each, and what is kept."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import botocore.exceptions as problems
import pytest
from tests.faults.scenes import text
from tests.replay.tapes import beat, end, handout
from tests.test_replayer import tape

from holter.faults.planfile import parse
from holter.wire.message import Broken, Mark, Origin

from .test_replay import site

BEAT = "when: {op: ReportTaskProgress, nth: 1}, "
WHOLE = [handout(), beat(), beat(), end("task-1")]
BROKEN = (problems.ConnectionClosedError, problems.EndpointConnectionError)


def seen(folder: Path, rule: str, **more: Any) -> tuple[Any, Any]:
    """What came of a task's first beat, and what was told of it."""
    path = tape(folder / "a.yaml", *WHOLE)
    with site(path, plans=parse(text(rule), "p")) as running:
        client = running.client(retries={"total_max_attempts": 1}, **more)
        task = client.poll_for_task(workerGroup="wg")["taskObject"]["taskId"]
        try:
            found: Any = client.report_task_progress(taskId=task)
            found.pop("ResponseMetadata")
        except Exception as why:  # noqa: BLE001 - whatever it is, it is what the client saw
            found = why
        client.close()
        deadline = time.monotonic() + 5
        while len(running.told.calls) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        return found, running.told.calls[1][0]


@pytest.mark.parametrize(
    ("rule", "expected", "upstream"),
    [
        ("then: {cancel: true}", {"canceled": True}, False),
        (BEAT + "then: {patch: {canceled: true}}", {"canceled": True}, True),
        (BEAT + "then: {missing: canceled}", {}, True),
        (BEAT + "then: {empty: true}", {}, True),
        (BEAT + "then: {malformed: true}", {}, True),
        (BEAT + "then: {gzip: true}", UnicodeDecodeError, True),
        (BEAT + "then: {stale_date: 7200}", {"canceled": False}, True),
        (BEAT + "then: {cut: true}", {}, True),
        (BEAT + "then: {error: InternalServiceError}", problems.ClientError, False),
        (BEAT + "then: {html: 502}", problems.ClientError, False),
        (BEAT + "then: {close: true}", BROKEN, False),
        (BEAT + "then: {close: true, stage: after}", BROKEN, True),
        (BEAT + "then: {reset: true}", BROKEN, False),
        (BEAT + "then: {refuse: 30}", BROKEN, False),
    ],
)  # fmt: skip
def test_what_the_client_sees_and_what_is_told(
    tmp_path: Path, rule: str, expected: Any, *, upstream: bool
) -> None:
    found, call = seen(tmp_path, rule)

    assert found == expected if isinstance(expected, dict) else isinstance(found, expected), repr(found)
    assert (call.origin, call.fault, call.upstream is not None) == (Origin.FAULT, "r1", upstream)


def test_delays_add_to_those_of_the_tape_and_the_answer_stays_the_tapes(tmp_path: Path) -> None:
    began = time.monotonic()
    found, call = seen(tmp_path, BEAT + "then: [{delay: 0.2}, {delay: 0.2, stage: after}]")

    assert time.monotonic() - began >= 0.4
    assert found == {"canceled": False}
    assert (call.origin, call.fault) == (Origin.CASSETTE, "r1")


@pytest.mark.parametrize("stage", ["before", "after"])
def test_a_client_that_gives_up_is_told_as_such(tmp_path: Path, stage: str) -> None:
    found, call = seen(tmp_path, BEAT + f"then: {{hold: 60, stage: {stage}}}", read_timeout=0.3)

    assert isinstance(found, problems.ReadTimeoutError)
    assert (call.broken, call.origin) == (Broken.CLIENT, Origin.FAULT)


def test_connections_are_turned_away_while_the_fault_lasts(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", *WHOLE)
    with site(path, plans=parse(text("when: {op: PollForTask, nth: 1}, then: {refuse: 60}"), "p")) as running:
        client = running.client(retries={"total_max_attempts": 1})
        for _ in range(3):
            with pytest.raises(BROKEN):
                client.poll_for_task(workerGroup="wg")
        client.close()
        assert len(running.told.calls) == 1, "the others were turned away before they could ask"


def test_what_a_fault_broke_in_the_recording_is_broken_again_and_the_next_try_gets_the_next(
    tmp_path: Path,
) -> None:
    said = {"did": "decided", "rule": "r1", "op": "ReportTaskProgress", "task": "task-1"}
    path = tape(
        tmp_path / "a.yaml",
        handout(asked=1.0),
        Mark("fault", None, 2.0, {**said, "decision": "break", "cut": "reset", "why": "the rule says so"}),
        beat(asked=2.0, fault="r1", broken=Broken.US, origin=Origin.FAULT),
        *[Mark("fault", None, 2.5, {"did": "refused", "rule": "r1"})] * 2,
        Mark("fault", None, 3.0, {**said, "decision": "answer", "status": 200}),
        beat(asked=3.0, canceled=True, fault="r1", origin=Origin.FAULT),
    )
    with site(path, allow_faults=True) as running:
        client = running.client(retries={"total_max_attempts": 1})
        task = client.poll_for_task(workerGroup="wg")["taskObject"]["taskId"]
        for _ in range(3):
            with pytest.raises(BROKEN):
                client.report_task_progress(taskId=task)
        assert client.report_task_progress(taskId=task)["canceled"] is True
        client.close()

    told = [(call.fault, call.origin, call.broken) for call, _ in running.told.calls]
    assert told[1:] == [("r1", Origin.FAULT, Broken.US), ("r1", Origin.FAULT, None)]
