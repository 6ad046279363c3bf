"""The workload: a task runner's calls, as values, as a cassette, and as flows of mitmproxy.

A task is one PollForTask with an answer of 2.9 KB, 48 ReportTaskProgress and one SetTaskStatus, the
proportions of a task that works for twelve minutes and beats every fifteen seconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from holter.cassette.format import SEPARATOR, Header, header_text, text_of
from holter.wire.message import Interaction, Json, Origin, Try

if TYPE_CHECKING:
    from mitmproxy.http import HTTPFlow

BEATS = 48
CALLS_PER_TASK = BEATS + 2
URL = "https://datapipeline.us-east-1.amazonaws.com/"
REAL_ID = "QUFBQUFB" * 97 + "taskid=="
"""A taskId as long as the service's own: 784 characters. A cassette holds an alias in its place."""

SENT: dict[str | bytes, str | bytes] = {
    "Accept-Encoding": "identity",
    "Content-Type": "application/x-amz-json-1.1",
    "User-Agent": "Boto3/1.44.5 md/Botocore#1.44.5 ua/2.1 os/linux lang/python#3.13 cfg/retry-mode#standard",
    "X-Amz-Date": "20261121T012003Z",
    "Authorization": (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/datapipeline/aws4_request, "
        "SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=" + "0f" * 32
    ),
    "amz-sdk-invocation-id": "00000001-1111-4222-8333-123456789abc",
    "amz-sdk-request": "attempt=1; max=3",
}
ANSWERED: dict[str, str | bytes] = {
    "Content-Type": "application/x-amz-json-1.1",
    "x-amzn-RequestId": "00000001-1111-4222-8333-123456789abc",
    "Date": "Sat, 21 Nov 2026 01:20:03 GMT",
}
WHEN = 1795224003.512345  # seconds since 1970: 2026-11-21

HEADER = Header("5f0c9c1e", WHEN, "holter", "datapipeline.us-east-1.amazonaws.com", redaction="default")


def calls(count: int) -> Iterator[Interaction]:
    """Yield that many calls of tasks, one after another."""
    for number in range(count):
        task, step = divmod(number, CALLS_PER_TASK)
        yield _call(number, f"task-{task + 1}", step)


def _call(number: int, task: str, step: int) -> Interaction:
    op, request, response = _messages(task, step)
    asked = round(number * 15.0 + 0.123457, 6)
    answered = round(asked + 0.0317, 6)
    return Interaction(
        op=op,
        request=request,
        response=response,
        seq=number + 1,
        at=round(WHEN + asked, 6),
        mono=(asked, answered, round(answered + 0.0004, 6)),
        caller="runner-1",
        task=task,
        print=f"{number:016x}" if step == 0 else None,
        tried=Try(f"{number:08x}-1111-4222-8333-123456789abc", 1, 3),
        status=200,
        origin=Origin.LIVE,
        oldest=asked,
    )


def _messages(task: str, step: int) -> tuple[str, Json, Json]:
    if step == 0:
        asked: Json = {"workerGroup": "wg-demo", "hostname": "runner-1"}
        return "PollForTask", asked, {"taskObject": _handout(task)}
    if step <= BEATS:
        fields: Json = [{"key": "percentComplete", "stringValue": str(2 * step)}]
        return "ReportTaskProgress", {"taskId": task, "fields": fields}, {"canceled": False}
    return "SetTaskStatus", {"taskId": task, "taskStatus": "FINISHED"}, {}


def _handout(task: str) -> Json:
    attempt = f"@CopyStep_2026-11-21T00:00:00_{task}_Attempt=1"
    objects: dict[str, Json] = {}
    for name in (attempt, "MyWorkerGroup", "InputData", "OutputData", "MyDatabase"):
        fields: list[Json] = [
            {"key": "type", "stringValue": "ShellCommandActivity"},
            {"key": "command", "stringValue": f"aws s3 cp s3://example/in/{name}.csv . && ./run.sh --fast"},
            {"key": "workerGroup", "stringValue": "wg-demo"},
            {"key": "@scheduledStartTime", "stringValue": "2026-11-21T00:00:00"},
            {"key": "reportProgressTimeout", "stringValue": "15 minutes"},
            {"key": "parent", "refValue": "@CopyStep_2026-11-21T00:00:00"},
            {"key": "*password", "stringValue": "REDACTED"},
        ]
        objects[name] = {"id": name, "name": name, "fields": fields}
    pipeline = "df-0SYNTH00000000EXAMPLE"
    return {"taskId": task, "attemptId": attempt, "pipelineId": pipeline, "objects": objects}


def write(path: Path, count: int) -> None:
    """Write a cassette of that many calls, one at a time, as a recorder would."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(header_text(HEADER))
        for call in calls(count):
            file.write(SEPARATOR + text_of(call))


def by_hand(text: str) -> str:
    """Return a cassette as somebody might have edited it: a comment in every document."""
    return text.replace("\nrequest:", "\n# edited\nrequest:")


def write_flows(path: Path, count: int, url: str = URL) -> None:
    """Write the same calls as mitmproxy's own flow file: `mitmdump -w`; all went to a URL."""
    from mitmproxy.io import FlowWriter

    with open(path, "wb") as file:
        writer = FlowWriter(file)
        for call in calls(count):
            writer.add(_flow(call, url))


def read_flows(path: Path) -> list[object]:
    """Load a flow file whole."""
    from mitmproxy.io import FlowReader

    with open(path, "rb") as file:
        return list(FlowReader(file).stream())


def _flow(call: Interaction, url: str) -> HTTPFlow:
    from mitmproxy.connection import Client, Server
    from mitmproxy.http import HTTPFlow, Request, Response

    client = Client(peername=("127.0.0.1", 40000), sockname=("127.0.0.1", 8080))
    flow = HTTPFlow(client, Server(address=("datapipeline.us-east-1.amazonaws.com", 443)))
    real = json.dumps(call.request).replace(str(call.task), REAL_ID)
    headers: dict[str | bytes, str | bytes] = {**SENT, "X-Amz-Target": f"DataPipeline.{call.op}"}
    flow.request = Request.make("POST", url, real, headers)
    flow.response = Response.make(200, json.dumps(call.response), ANSWERED)
    return flow
