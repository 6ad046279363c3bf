from __future__ import annotations

import random
from typing import Any

import pytest

from holter.lease.profile import Profile
from holter.sandbox.service import Service, Waiting
from holter.wire.codec import error_code
from holter.wire.message import Call, Json, Moment, Reply

BEGAN = 1_795_219_200.0  # 2026-11-21T00:00:00Z


class Lab:
    """A service on a virtual clock."""

    def __init__(self, **options: Any) -> None:
        self.truth: list[dict[str, Json]] = []
        self.now = 0.0
        self.answers: dict[int, Any] = {}
        self.service = Service(
            profile=options.pop("profile", Profile()),
            began=BEGAN,
            random_bytes=random.Random(7).randbytes,
            log=self.truth.append,
            **options,
        )

    def raw(self, op: str, body: Any) -> Reply | Waiting:
        answer = self.service.call(self.now, Call(op, body, Moment(BEGAN + self.now, self.now)))
        self._collect()
        return answer

    def ok(self, op: str, **body: Any) -> Any:
        reply = self.raw(op, body)
        assert isinstance(reply, Reply)
        assert reply.status == 200, reply
        return reply.body

    def error(self, op: str, **body: Any) -> str:
        reply = self.raw(op, body)
        assert isinstance(reply, Reply)
        assert isinstance(reply.body, dict)
        return f"{error_code(reply)}: {reply.body['message']}"

    def poll(self, group: str = "wg", hostname: str = "h1") -> Any:
        """Poll once; a poll that has to wait leaves at once, and None comes back."""
        reply = self.raw("PollForTask", {"workerGroup": group, "hostname": hostname})
        if isinstance(reply, Waiting):
            self.service.leave(self.now, reply.poll)
            return None
        assert isinstance(reply.body, dict)
        return reply.body["taskObject"]

    def wait(self, group: str = "wg", hostname: str = "h1") -> int:
        """Begin a poll that has to wait."""
        waiting = self.raw("PollForTask", {"workerGroup": group, "hostname": hostname})
        assert isinstance(waiting, Waiting)
        return waiting.poll

    def beat(self, task: Any) -> Any:
        return self.ok("ReportTaskProgress", taskId=task["taskId"])["canceled"]

    def finish(self, task: Any, status: str = "FINISHED", **more: str) -> None:
        assert self.ok("SetTaskStatus", taskId=task["taskId"], taskStatus=status, **more) == b""

    def after(self, seconds: float) -> None:
        """Let time pass, deadline by deadline."""
        until = self.now + seconds
        while (due := self.service.next_deadline()) is not None and due <= until:
            self.now = due
            self.service.tick(due)
            self._collect()
        self.now = until

    def _collect(self) -> None:
        for poll, reply in self.service.answered():
            assert isinstance(reply.body, dict)
            self.answers[poll] = reply.body.get("taskObject")

    def create(self, name: str = "p") -> str:
        made: str = self.ok("CreatePipeline", name=name, uniqueId=name)["pipelineId"]
        return made

    def put(self, pipeline: str, *objects: dict[str, Any], **more: Any) -> Any:
        return self.ok(
            "PutPipelineDefinition",
            pipelineId=pipeline,
            pipelineObjects=[wire(one) for one in objects],
            **more,
        )

    def activate(self, *objects: dict[str, Any], name: str = "p", **more: Any) -> str:
        pipeline = self.create(name)
        verdict = self.put(pipeline, *objects, **more)
        assert not verdict["errored"], verdict
        self.ok("ActivatePipeline", pipelineId=pipeline)
        return pipeline

    def fields(self, pipeline: str, object_id: str) -> dict[str, str]:
        found = self.ok("DescribeObjects", pipelineId=pipeline, objectIds=[object_id])["pipelineObjects"][0]
        return {one["key"]: one.get("stringValue", one.get("refValue")) for one in found["fields"]}

    def status(self, pipeline: str, object_id: str) -> str:
        return self.fields(pipeline, object_id)["@status"]

    def phase(self, pipeline: str) -> Any:
        found = self.ok("DescribePipelines", pipelineIds=[pipeline])["pipelineDescriptionList"][0]["fields"]
        return next(one["stringValue"] for one in found if one["key"] == "@pipelineState")

    def whats(self, *kinds: str) -> list[dict[str, Json]]:
        return [one for one in self.truth if one["what"] in kinds]


def wire(body: dict[str, Any]) -> dict[str, Any]:
    """An object in the AWS CLI's form, in the protocol's."""
    fields = [
        {"key": key, **({"refValue": value["ref"]} if isinstance(value, dict) else {"stringValue": value})}
        for key, values in body.items()
        for value in (values if isinstance(values, list) else [values])
        if key not in ("id", "name")
    ]
    return {"id": body["id"], "name": body.get("name", body["id"]), "fields": fields}


def shell(name: str = "A", **more: Any) -> dict[str, Any]:
    return {"id": name, "type": "ShellCommandActivity", "command": "true", "workerGroup": "wg", **more}


@pytest.fixture
def lab() -> Lab:
    return Lab()


@pytest.fixture
def make_lab() -> type[Lab]:
    return Lab


@pytest.fixture
def activity() -> Any:
    return shell
