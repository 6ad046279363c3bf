"""The sandbox under a fault plan: what boto sees, and what the service itself makes of it."""

from __future__ import annotations

import random
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest
from tests import sdk
from tests.faults.scenes import text
from tests.told import Told

from holter.endpoint import faulted
from holter.endpoint.faulted import FaultedHandler
from holter.endpoint.server import Server, serving
from holter.endpoint.thread import in_thread
from holter.faults.checks import check
from holter.faults.planfile import parse
from holter.faults.plans import Mode
from holter.lease.profile import Profile
from holter.sandbox.definition import Definition
from holter.sandbox.definitionfile import read
from holter.sandbox.service import Service
from holter.trial import Trial
from holter.wire.message import Origin

problems = pytest.importorskip("botocore.exceptions")

WORK = """{"objects": [
  {"id": "Default", "workerGroup": "wg"},
  {"id": "Copy", "type": "ShellCommandActivity", "command": "true"}
]}"""


class Site:
    """A sandbox under a plan in a thread, its clients, and the truth of what it decided."""

    def __init__(self, url: str, handler: FaultedHandler, told: Told, truth: list[dict[str, Any]]) -> None:
        self.url, self.handler, self.told, self.truth = url, handler, told, truth

    def client(self, **config: Any) -> Any:
        return sdk.client(self.url, **config)

    def whats(self, *names: str) -> list[str]:
        return [one["what"] for one in list(self.truth) if one["what"] in names]


@contextmanager
def site(*rules: str) -> Iterator[Site]:
    plans, told, truth = parse(text(*rules), "p"), Told(), list[dict[str, Any]]()
    check(plans.rules, Mode.SANDBOX)
    trial = Trial(plans, Profile(), told)
    work: Definition = read(WORK, "work.json")

    def make(began: float) -> Service:
        log: Any = truth.append
        made = Service(profile=Profile(), began=began, random_bytes=random.randbytes, log=log)
        made.start(0.0, "work", work)
        return made

    @asynccontextmanager
    async def start() -> AsyncIterator[tuple[FaultedHandler, Server]]:
        async with (
            faulted.running(make, trial) as handler,
            serving(handler, refusing=handler.refusing) as server,
        ):
            yield handler, server

    with in_thread(start) as hosted:
        handler, server = hosted.value
        yield Site(f"http://127.0.0.1:{server.port}", handler, told, truth)
    trial.close()


def poll(client: Any) -> Any:
    return client.poll_for_task(workerGroup="wg", hostname="h1")["taskObject"]


def code(call: Any, **arguments: Any) -> str:
    with pytest.raises(problems.ClientError) as wrong:
        call(**arguments)
    return str(wrong.value.response["Error"]["Code"])


def test_a_lost_lease_is_really_lost_and_goes_out_again_under_a_new_task_id() -> None:
    with site("when: {op: ReportTaskProgress, nth_of_task: 2}, then: {lose_lease: true}") as running:
        client = running.client()
        first = poll(client)
        client.report_task_progress(taskId=first["taskId"])
        assert code(client.report_task_progress, taskId=first["taskId"]) == "TaskNotFoundException"
        again = poll(client)

        assert (again["attemptId"], again["taskId"] != first["taskId"]) == (first["attemptId"], True)
        assert code(client.set_task_status, taskId=first["taskId"], taskStatus="FINISHED") == (
            "TaskNotFoundException"
        )
        client.set_task_status(taskId=again["taskId"], taskStatus="FINISHED")
        assert running.whats("expired", "handed", "finished") == ["handed", "expired", "handed", "finished"]
        assert [one["why"] for one in running.truth if one["what"] == "expired"] == ["taken"]


def test_an_attempt_that_is_out_is_handed_out_again_under_a_new_task_id() -> None:
    with site("when: {op: PollForTask, nth: 2}, then: {reassign: any}") as running:
        client = running.client()
        first, again = poll(client), poll(client)

        assert again["attemptId"] == first["attemptId"]
        assert again["taskId"] != first["taskId"]
        assert code(client.report_task_progress, taskId=first["taskId"]) == "TaskNotFoundException"
        assert client.report_task_progress(taskId=again["taskId"])["canceled"] is False


def test_a_cancelled_task_and_a_deleted_pipeline_are_so_in_the_service() -> None:
    with site("when: {op: ReportTaskProgress, nth: 1}, then: {cancel: true}") as running:
        client = running.client()
        task = poll(client)["taskId"]
        assert client.report_task_progress(taskId=task)["canceled"] is True
        assert "CANCELED" in str(running.handler.sandbox.service.state(1.0)["pipelines"])
    with site("when: {op: ReportTaskProgress, nth: 1}, then: {pipeline_deleted: true}") as running:
        client = running.client()
        task = poll(client)["taskId"]
        for _ in range(2):
            assert code(client.report_task_progress, taskId=task) == "PipelineDeletedException"
        assert running.handler.sandbox.service.state(1.0)["pipelines"] == []


def test_the_service_takes_what_the_runner_hears_nothing_of() -> None:
    with site("then: {swallow_ack: true}") as running:
        client = running.client()
        task = poll(client)["taskId"]
        with pytest.raises(problems.ConnectionClosedError):
            client.report_task_progress(taskId=task)

        assert running.whats("acked") == ["acked"]
        deadline = time.monotonic() + 5
        while len(running.told.calls) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        call = running.told.calls[1][0]
        assert (call.origin, call.fault, (call.upstream or {})["status"]) == (Origin.FAULT, "r1", 200)


def test_copies_reach_the_service_and_a_delay_is_kept() -> None:
    rule = "when: {op: ReportTaskProgress}, then: [{delay: 0.2}, {duplicate: 3}, {delay: 0.2, stage: after}]"
    with site(rule) as running:
        client = running.client()
        task, began = poll(client)["taskId"], time.monotonic()
        assert client.report_task_progress(taskId=task)["canceled"] is False

        assert time.monotonic() - began >= 0.4
        assert running.whats("acked", "beat") == ["acked", "beat", "beat"]


def test_a_poll_whose_client_gives_up_leaves_the_queue() -> None:
    with site("when: {op: ReportTaskProgress}, then: {cancel: true}") as running:
        client = running.client(read_timeout=0.3)
        poll(client)
        with pytest.raises(problems.ReadTimeoutError):
            poll(client)
        deadline = time.monotonic() + 5
        while not running.whats("poll-gone") and time.monotonic() < deadline:
            time.sleep(0.01)

        assert running.whats("poll-gone") == ["poll-gone"]


def test_what_is_no_call_goes_to_the_sandbox_as_it_is() -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with site("then: {cancel: true}") as running:
        with opener.open(f"{running.url}/-/state") as answer:
            assert b'"pipelines"' in answer.read()
        assert running.told.calls == []
