"""A whole life through real botocore clients, over real sockets, on scaled limits."""

from __future__ import annotations

import json
import os
import random
import socket
import time
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests import sdk

from holter.endpoint.sandbox import SandboxHandler, running
from holter.endpoint.server import Server, serving
from holter.endpoint.thread import Hosted, in_thread
from holter.endpoint.tls import context
from holter.lease.profile import Limits, Profile
from holter.sandbox import certificate
from holter.sandbox.service import Service

pytest.importorskip("botocore.session")

SCALE = 0.005  # ack 0.6 s, progress 4.5 s


class Site:
    """A sandbox in a thread, and clients of it."""

    def __init__(
        self, hosted: Hosted[tuple[SandboxHandler, Server]], truth: list[dict[str, Any]], scheme: str
    ) -> None:
        self.handler, self.server = hosted.value
        self.hosted, self.truth = hosted, truth
        self.url = f"{scheme}://127.0.0.1:{self.server.port}"

    def client(self, **more: Any) -> Any:
        return sdk.client(self.url, **more)

    def whats(self, what: str) -> list[dict[str, Any]]:
        return [one for one in list(self.truth) if one["what"] == what]

    def until(self, met: Callable[[], Any]) -> None:
        deadline = time.monotonic() + 15
        while not met():
            assert time.monotonic() < deadline, self.truth
            time.sleep(0.01)


@contextmanager
def site(profile: Profile, tls: Any = None, **options: Any) -> Iterator[Site]:
    truth: list[dict[str, Any]] = []

    def make(began: float) -> Service:
        return Service(
            profile=profile, began=began, random_bytes=random.randbytes, log=truth.append, **options
        )

    @asynccontextmanager
    async def start() -> AsyncIterator[tuple[SandboxHandler, Server]]:
        async with running(make) as handler, serving(handler, tls=tls) as server:
            yield handler, server

    with in_thread(start) as hosted:
        yield Site(hosted, truth, "https" if tls else "http")


@pytest.fixture
def here() -> Iterator[Site]:
    with site(Profile().scaled(SCALE)) as made:
        yield made


def activate(client: Any, *objects: dict[str, str], name: str = "p") -> str:
    pipeline: str = client.create_pipeline(name=name, uniqueId=name)["pipelineId"]
    bodies = [
        {
            "id": one["id"],
            "name": one["id"],
            "fields": [
                {"key": key, ("refValue" if key in ("precondition", "dependsOn") else "stringValue"): value}
                for key, value in one.items()
                if key != "id"
            ],
        }
        for one in objects
    ]
    assert not client.put_pipeline_definition(pipelineId=pipeline, pipelineObjects=bodies)["errored"]
    client.activate_pipeline(pipelineId=pipeline)
    return pipeline


def shell(name: str = "A", **more: str) -> dict[str, str]:
    return {"id": name, "type": "ShellCommandActivity", "command": "true", "workerGroup": "wg", **more}


def test_a_whole_life_of_a_task(here: Site) -> None:
    client = here.client()
    pipeline = activate(client, shell())
    task = client.poll_for_task(workerGroup="wg", hostname="h1")["taskObject"]
    fields = [{"key": "percentComplete", "stringValue": "50"}]
    assert client.report_task_progress(taskId=task["taskId"], fields=fields)["canceled"] is False
    assert client.report_task_runner_heartbeat(taskrunnerId="r")["terminate"] is False
    reply = client.set_task_status(taskId=task["taskId"], taskStatus="FINISHED")["ResponseMetadata"]
    assert (reply["HTTPHeaders"]["content-length"], len(reply["RequestId"])) == ("0", 36)
    with pytest.raises(client.exceptions.TaskNotFoundException):
        client.set_task_status(taskId=task["taskId"], taskStatus="FINISHED")
    described = client.describe_objects(pipelineId=pipeline, objectIds=[task["attemptId"]])["pipelineObjects"]
    assert {"key": "@status", "stringValue": "FINISHED"} in described[0]["fields"]
    assert "taskObject" not in client.poll_for_task(workerGroup="wg")
    assert [one["what"] for one in here.truth] == [
        "activated",
        "queued",
        "handed",
        "acked",
        "alive",
        "finished",
        "refused",
        "poll-empty",
    ]


def test_a_late_ack_loses_the_task_to_a_poll_that_waits(here: Site) -> None:
    client = here.client()
    activate(client, shell())
    task = client.poll_for_task(workerGroup="wg", hostname="h1")["taskObject"]
    second: dict[str, Any] = {}
    while "taskObject" not in second:
        second = client.poll_for_task(workerGroup="wg", hostname="h2")
    again = second["taskObject"]
    assert again["attemptId"] == task["attemptId"]
    assert again["taskId"] != task["taskId"]
    with pytest.raises(client.exceptions.TaskNotFoundException, match="assigned again"):
        client.report_task_progress(taskId=task["taskId"])
    assert client.report_task_progress(taskId=again["taskId"])["canceled"] is False
    (expired,) = here.whats("expired")
    assert (expired["why"], expired["limit"], expired["runner"]) == ("ack", 0.6, "h1")
    assert expired["elapsed"] == pytest.approx(0.6)


def test_the_progress_limit_comes_from_the_pipeline(here: Site) -> None:
    client = here.client()
    activate(client, shell(reportProgressTimeout="4 minutes"))
    task = client.poll_for_task(workerGroup="wg")["taskObject"]
    for _ in range(4):
        time.sleep(0.2)  # four beats are longer than the ack limit
        assert client.report_task_progress(taskId=task["taskId"])["canceled"] is False
    here.until(lambda: here.whats("expired"))
    (expired,) = here.whats("expired")
    assert (expired["why"], expired["limit"]) == ("progress", 1.2)


def test_deactivating_tells_the_runner_at_its_next_beat(here: Site) -> None:
    client = here.client()
    pipeline = activate(client, shell())
    task = client.poll_for_task(workerGroup="wg")["taskObject"]
    client.report_task_progress(taskId=task["taskId"])
    client.deactivate_pipeline(pipelineId=pipeline)
    assert client.report_task_progress(taskId=task["taskId"])["canceled"] is True
    with pytest.raises(client.exceptions.TaskNotFoundException):
        client.report_task_progress(taskId=task["taskId"])


def test_a_precondition_that_is_false_comes_again(here: Site) -> None:
    client = here.client()
    check = {"id": "P", "type": "ShellCommandPrecondition", "command": "x"}
    activate(client, shell(precondition="P"), check)
    for number, status in ((1, "FALSE"), (2, "FINISHED")):
        task: dict[str, Any] = {}
        while "taskObject" not in task:
            task = client.poll_for_task(workerGroup="wg")
        assert task["taskObject"]["attemptId"].startswith("@P_")
        assert task["taskObject"]["attemptId"].endswith(f"_Attempt={number}")
        client.set_task_status(taskId=task["taskObject"]["taskId"], taskStatus=status)
    task = client.poll_for_task(workerGroup="wg")
    assert task["taskObject"]["attemptId"].startswith("@A_")


def test_a_wrong_request_is_refused_with_its_path(here: Site) -> None:
    client = here.client()
    with pytest.raises(client.exceptions.InvalidRequestException, match=r"\$\.errorStackTrace: has 1025"):
        client.set_task_status(taskId="t", taskStatus="FAILED", errorStackTrace="x" * 1025)
    with pytest.raises(client.exceptions.PipelineNotFoundException):
        client.get_pipeline_definition(pipelineId="df-none")


def test_a_large_expression_is_carried(here: Site) -> None:
    client = here.client()
    pipeline = activate(client, shell())
    text = ("e" * 400_000 + "é#{workerGroup}") * 50
    found = client.evaluate_expression(pipelineId=pipeline, objectId="A", expression=text)
    assert found["evaluatedExpression"] == ("e" * 400_000 + "éwg") * 50


def test_runners_are_told_to_leave_over_the_plain_path(here: Site) -> None:
    client = here.client()

    def told(runner: str) -> Any:
        return client.report_task_runner_heartbeat(taskrunnerId=runner)["terminate"]

    for body, expected in ((b'{"taskrunnerId": "r1"}', [True, False]), (b"", [True, True])):
        assert fetch(here, "/-/terminate", body)[0] == 200
        assert [told("r1"), told("r2")] == expected


def fetch(here: Site, path: str, body: bytes | None = None) -> tuple[int, Any]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(here.url + path, body), timeout=10) as answered:
            return answered.status, json.load(answered)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def test_the_state_is_told_over_the_plain_path(here: Site) -> None:
    client = here.client()
    pipeline = activate(client, shell(), shell("B"))
    task = client.poll_for_task(workerGroup="wg", hostname="h1")["taskObject"]
    status, state = fetch(here, "/-/state")
    assert status == 200
    assert (state["version"], state["done"], state["polls"], state["queued"]) == (1, False, 0, {"wg": 1})
    assert state["pipelines"][0]["id"] == pipeline
    (lease,) = state["leases"]
    assert (lease["attempt"], lease["runner"], lease["acked"]) == (task["attemptId"], "h1", False)
    assert 0 < lease["left"] <= lease["limit"] == 0.6


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/-/none", None, 404),
        ("/-/terminate", None, 404),
        ("/-/terminate", b"[]", 400),
        ("/-/terminate", b'{"taskrunnerId": 3}', 400),
        ("/", None, 400),
        ("/x", b"{}", 400),
        ("/", b"{}", 400),
    ],
)
def test_other_requests_are_refused_in_one_line(
    here: Site, path: str, body: bytes | None, status: int
) -> None:
    assert fetch(here, path, body)[0] == status


def poll_by_hand(here: Site, hostname: str) -> socket.socket:
    body = json.dumps({"workerGroup": "wg", "hostname": hostname}).encode()
    target = "X-Amz-Target: DataPipeline_20121129.PollForTask"
    head = f"POST /? HTTP/1.1\r\nHost: x\r\n{target}\r\nContent-Length: {len(body)}\r\n\r\n"
    made = socket.create_connection(here.server.address, 10)
    made.sendall(head.encode() + body)
    return made


def test_a_poll_whose_client_has_gone_gets_no_task() -> None:
    with site(Profile()) as here:
        client = here.client()
        with poll_by_hand(here, "gone"):
            here.until(lambda: fetch(here, "/-/state")[1]["polls"] == 1)
        here.until(lambda: here.whats("poll-gone"))
        activate(client, shell())
        assert client.poll_for_task(workerGroup="wg", hostname="h2")["taskObject"]["attemptId"]
        assert [one["runner"] for one in here.whats("handed")] == ["h2"]


def test_a_poll_waits_for_work_that_comes_later() -> None:
    with site(Profile()) as here, poll_by_hand(here, "early") as waiting:
        here.until(lambda: fetch(here, "/-/state")[1]["polls"] == 1)
        activate(here.client(), shell())
        assert b'"taskObject"' in waiting.recv(65_536)


def test_every_task_is_done_once_by_many_runners_at_once() -> None:
    with site(Profile(limits=Limits(poll=0.5))) as here:
        done: list[str] = []

        def work(n: int) -> None:
            client = here.client()
            while not fetch(here, "/-/state")[1]["done"]:
                task = client.poll_for_task(workerGroup="wg", hostname=f"h{n}").get("taskObject")
                if task:
                    client.report_task_progress(taskId=task["taskId"])
                    client.set_task_status(taskId=task["taskId"], taskStatus="FINISHED")
                    done.append(task["attemptId"])

        activate(here.client(), *(shell(f"A{n}") for n in range(60)))
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(work, range(8)))
        assert len(done) == len(set(done)) == 60
        assert len(here.whats("handed")) == 60
        assert here.whats("expired") == []


def test_the_hold_of_a_poll_is_the_profiles() -> None:
    with site(Profile(limits=Limits(poll=0.2))) as here:
        began = time.monotonic()
        assert "taskObject" not in here.client().poll_for_task(workerGroup="wg")
        assert time.monotonic() - began >= 0.2
        (empty,) = here.whats("poll-empty")
        assert empty["elapsed"] == pytest.approx(0.2, abs=0.15)


def test_it_is_served_over_tls(tmp_path: Path) -> None:
    pytest.importorskip("cryptography")
    made = certificate.make(certificate.NAMES, datetime.now(UTC))
    bundle = tmp_path / "ca.pem"
    bundle.write_bytes(made.authority)
    with site(Profile().scaled(SCALE), tls=context(made.chain, made.key)) as here:
        client = here.client(verify=os.fspath(bundle))
        activate(client, shell())
        assert client.poll_for_task(workerGroup="wg")["taskObject"]["attemptId"]
        from botocore.exceptions import SSLError

        (tmp_path / "other.pem").write_bytes(certificate.make(certificate.NAMES, datetime.now(UTC)).authority)
        with pytest.raises(SSLError):
            here.client(verify=os.fspath(tmp_path / "other.pem")).list_pipelines()
