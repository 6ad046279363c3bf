"""Faults through the real proxy: what boto sees of each, what the service got, and what is kept."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import botocore.exceptions as problems
import pytest
from tests.faults.scenes import text

from holter.faults.planfile import parse
from holter.lease.audit import audited
from holter.lease.profile import DOCUMENTED
from holter.wire.message import Broken, Interaction, Origin

from .rig import TASK, Asked, Rig, kept, marks, rig

BEAT = "when: {op: ReportTaskProgress}, "
BROKEN = (problems.ConnectionClosedError, problems.ProxyConnectionError, problems.EndpointConnectionError)


@dataclass
class Seen:
    """What came of one beat: the client's answer or exception, the service's calls, what was kept."""

    answer: Any
    error: Exception | None
    elapsed: float
    service: list[Asked]
    calls: list[Interaction]
    decided: list[dict[str, Any]]

    @property
    def code(self) -> str | None:
        response = getattr(self.error, "response", {})
        return response.get("Error", {}).get("Code")  # type: ignore[no-any-return]  # botocore is untyped


def beat(
    folder: Path, *rules: str, mode: str = "forward", tls: bool = True, beats: int = 1, **config: Any
) -> Seen:
    """Send beats of one task through a proxy with a plan; the last is what was seen."""

    async def main() -> Seen:
        plans = parse(text(*rules), "plan.yaml")
        async with rig(folder, mode=mode, tls=tls, plans=plans) as running:
            client = running.client(through=running.address if mode == "reverse" else None, **config)
            for _ in range(beats):
                answer, error, began = None, None, time.monotonic()
                try:
                    answer = await running.call("report_task_progress", client, taskId="a-task-0001")
                except Exception as why:  # noqa: BLE001 - whatever it is, it is what the client saw
                    error = why
                elapsed = time.monotonic() - began
            client.close()
            await running.until(lambda: not running.recorder.session.in_flight)
            asked = list(running.service.asked)
            assert running.addon.failures == 0
        said = [dict(mark.more) for mark in marks(running.cassette) if mark.what == "fault"]
        return Seen(answer, error, elapsed, asked, kept(running.cassette), said[1:])

    return asyncio.run(main())


MODES = [("forward", True), ("reverse", False)]


@pytest.mark.parametrize(("mode", "tls"), MODES)
@pytest.mark.parametrize(
    ("rule", "seen", "served", "upstream"),
    [
        ("then: {cancel: true}", {"canceled": True}, 0, None),
        ("then: {cancel: true, stage: after}", {"canceled": True}, 1, 200),
        (BEAT + "then: {answer: {canceled: true}}", {"canceled": True}, 0, None),
        (BEAT + "then: {patch: {canceled: true}}", {"canceled": True}, 1, 200),
        (BEAT + "then: {missing: canceled}", {}, 1, 200),
        (BEAT + "then: {gzip: true}", UnicodeDecodeError, 1, 200),
        (BEAT + "then: {stale_date: 7200}", {"canceled": False}, 1, 200),
        (BEAT + "then: {content_type: text/html}", {"canceled": False}, 1, 200),
        (BEAT + "then: {empty: true}", {}, 1, 200),
        (BEAT + "then: {lose_lease: true}", "TaskNotFoundException", 0, None),
        (BEAT + "then: {pipeline_deleted: true}", "PipelineDeletedException", 0, None),
        (BEAT + "then: {error: InternalServiceError}", "InternalServiceError", 0, None),
        (BEAT + "then: {error: InternalServiceError, stage: after}", "InternalServiceError", 1, 200),
        (BEAT + "then: {error: ExpiredTokenException}", "ExpiredTokenException", 0, None),
        (BEAT + "then: {throttle: 1}", "ThrottlingException", 0, None),
        (BEAT + "then: {html: 502}", "502", 0, None),
        (BEAT + "then: {malformed: true}", {}, 1, 200),
        (BEAT + "then: {truncate: 0.5}", {}, 1, 200),
        (BEAT + "then: {close: true}", BROKEN, 0, None),
        (BEAT + "then: {close: true, stage: after}", BROKEN, 1, 200),
        ("then: {swallow_ack: true}", BROKEN, 1, 200),
        (BEAT + "then: {reset: true}", BROKEN, 0, None),
        (BEAT + "then: {reset: true, stage: after}", BROKEN, 1, 200),
        (BEAT + "then: {cut: true}", {}, 1, 200),
        (BEAT + "then: {refuse: 30}", BROKEN, 0, None),
    ],
)  # fmt: skip
def test_what_the_client_sees_and_what_is_kept(
    tmp_path: Path, *, mode: str, tls: bool, rule: str, seen: Any, served: int, upstream: int | None
) -> None:
    found = beat(tmp_path, rule, mode=mode, tls=tls)

    if isinstance(seen, dict):
        assert found.error is None
        assert {key: value for key, value in found.answer.items() if key != "ResponseMetadata"} == seen
    elif isinstance(seen, str):
        assert found.code == seen
    else:
        assert isinstance(found.error, seen), repr(found.error)
    assert len(found.service) == served
    (call,) = found.calls
    assert (call.origin, call.fault) == (Origin.FAULT, "r1")
    assert (call.upstream or {}).get("status") == upstream
    (decided,) = found.decided
    assert (decided["rule"], decided["op"], decided["task"]) == ("r1", "ReportTaskProgress", "task-1")


@pytest.mark.parametrize(
    ("fault", "said"), [("close", "closed connection without response"), ("reset", "ConnectionResetError")]
)
def test_a_reset_is_told_from_a_close(tmp_path: Path, fault: str, said: str) -> None:
    """In the clear it is; of TLS, Python's own makes the same end of both."""
    found = beat(tmp_path, BEAT + f"then: {{{fault}: true}}", mode="reverse", tls=False)

    assert said in repr(getattr(found.error, "kwargs", found.error))


def test_delays_before_and_after_the_service_are_felt(tmp_path: Path) -> None:
    found = beat(tmp_path, BEAT + "then: [{delay: 0.3}, {delay: 0.2, stage: after}]")

    assert 0.5 <= found.elapsed < 5
    (call,) = found.calls
    assert (call.origin, call.fault, call.upstream, call.status) == (Origin.LIVE, "r1", None, 200)
    assert call.mono[0] is not None
    assert call.mono[1] is not None
    assert call.mono[1] - call.mono[0] >= 0.5
    assert [said["delay"] for said in found.decided] == [0.3, 0.2]


@pytest.mark.parametrize("stage", ["before", "after"])
def test_a_held_client_gives_up_and_that_is_what_is_kept(tmp_path: Path, stage: str) -> None:
    found = beat(tmp_path, BEAT + f"then: {{hold: 60, stage: {stage}}}", read_timeout=0.3)

    assert isinstance(found.error, problems.ReadTimeoutError)
    assert found.elapsed < 10
    (call,) = found.calls
    assert (call.broken, call.origin, call.fault) == (Broken.CLIENT, Origin.FAULT, "r1")
    assert (call.upstream is not None, len(found.service)) == ((True, 1) if stage == "after" else (False, 0))


def test_a_hold_is_bounded(tmp_path: Path) -> None:
    found = beat(tmp_path, BEAT + "then: {hold: 0.3}")

    assert isinstance(found.error, BROKEN)
    assert found.elapsed >= 0.3
    assert found.calls[0].broken is Broken.US


@pytest.mark.parametrize(("mode", "tls"), MODES)
def test_the_service_gets_copies_that_are_the_same(tmp_path: Path, mode: str, tls: bool) -> None:
    found = beat(tmp_path, BEAT + "then: {duplicate: 3}", mode=mode, tls=tls)

    assert found.answer["canceled"] is False
    assert len(found.service) == 3
    signed = {(asked.header("authorization"), asked.header("host"), asked.body) for asked in found.service}
    assert len(signed) == 1
    assert [call.origin for call in found.calls] == [Origin.LIVE]


@pytest.mark.parametrize(
    ("rule", "tries", "ok"),
    [
        ("then: {throttle: 2}", 3, True),
        ("then: {throttle: 3}", 3, False),
        ("then: {error: InternalServiceError}", 3, False),
        ("then: {error: InternalServiceError, status: 400}", 1, False),
        ("then: {error: TaskNotFoundException}", 1, False),
        ("then: {close: true}", 3, False),
        ("then: {reset: true}", 3, False),
        ("then: {html: 503}", 3, False),
    ],
)
def test_an_sdk_tries_again_as_often_as_it_does(tmp_path: Path, rule: str, tries: int, ok: bool) -> None:
    found = beat(tmp_path, f"when: {{op: ReportTaskProgress, nth: 1}}, {rule}", retries={"mode": "standard"})

    assert (found.error is None) is ok
    assert len(found.calls) == tries
    assert {call.tried.n for call in found.calls if call.tried} == set(range(1, tries + 1))


def test_connections_are_turned_away_for_a_while_and_then_all_is_well(tmp_path: Path) -> None:
    async def main() -> tuple[list[type | None], int]:
        plans = parse(text("when: {op: ReportTaskProgress, nth: 1}, then: {refuse: 60}"), "p")
        async with rig(tmp_path, plans=plans) as running:
            found = [await tried(running) for _ in range(2)]
            running.addon.clock.skip(61)
            found.append(await tried(running))
        return found, len(running.service.asked)

    async def tried(running: Rig) -> type | None:
        try:
            await running.call("report_task_progress", taskId="a-task-0001")
        except Exception as why:  # noqa: BLE001 - whatever it is, it is what the client saw
            return type(why)
        return None

    found, served = asyncio.run(main())
    assert [kind is not None and issubclass(kind, BROKEN) for kind in found] == [True, True, False]
    assert served == 1


def test_what_a_fault_answers_blames_nobody_and_what_the_service_took_counts(tmp_path: Path) -> None:
    async def main() -> None:
        plans = parse(text("then: {swallow_ack: true}", "then: {swallow_status: true}"), "p")
        async with rig(tmp_path, plans=plans) as running:
            client = running.client(retries={"mode": "standard"})
            task = (await running.call("poll_for_task", client, workerGroup="wg", hostname="r"))["taskObject"]
            with pytest.raises(BROKEN):
                await running.call("report_task_progress", client, taskId=task["taskId"])
            with pytest.raises(BROKEN):
                await running.call("set_task_status", client, taskId=task["taskId"], taskStatus="FINISHED")
            client.close()

    asyncio.run(main())

    calls = kept(tmp_path / "run.yaml")
    assert [(call.broken, call.upstream is not None) for call in calls[1:]] == [(Broken.US, True)] * 6
    audit = audited(calls, DOCUMENTED)
    (lease,) = audit.leases
    assert (lease.outcome, audit.findings) == ("finished", [])
    assert TASK["taskObject"]["taskId"] not in (tmp_path / "run.yaml").read_text()
