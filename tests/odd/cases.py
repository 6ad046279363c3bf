r"""Requests that are out of the ordinary, as data: what is said, what comes of it, what is kept of it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

OTHER = "sqs.us-east-1.amazonaws.com"
JSON = "application/x-amz-json-1.1"
TASK = "AAB+CCD/EEF=:1"
MARK = "@RUN@"
"""Stands in a body where the name of the run is put."""

BIG = 20 * 1024 * 1024 - 100
"""What an EvaluateExpression may carry: AWS Data Pipeline developer guide, limits."""


def same(data: bytes) -> bytes:
    """Nothing is changed on the way."""
    return data


def replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """Return what changes one thing on the way, and fails where that is not there."""

    def change(data: bytes) -> bytes:
        assert old in data, (old, data[:600])
        return data.replace(old, new, 1)

    return change


def compact(**members: Any) -> bytes:
    return json.dumps(members, separators=(",", ":")).encode()


def answered(body: bytes, *headers: str, status: str = "200 OK", sized: bool = True) -> bytes:
    """Return an answer in HTTP."""
    length = (f"Content-Length: {len(body)}",) if sized else ()
    lines = (f"HTTP/1.1 {status}", "x-amzn-RequestId: 5f0c9c1e", f"Content-Type: {JSON}", *headers, *length)
    return "\r\n".join((*lines, "", "")).encode() + body


POLL = compact(workerGroup=MARK, hostname="runner-1")
GIVEN = compact(taskObject={"taskId": TASK, "attemptId": "@A_Attempt=1", "objects": {}})
GOES_ON = b'{"canceled":false}'
ALONE = ("left-alone", "ListQueues", "DynamoDB")
"""Words of requests and answers that no recording may hold."""


def beat(task: str = TASK) -> bytes:
    """Return a beat's body whose taskId is spelled so in JSON."""
    return b'{"taskId":"%s","fields":[{"key":"run","stringValue":"%s"}]}' % (task.encode(), MARK.encode())


@dataclass(frozen=True)
class Message:
    """One request and its answer, which `means` some JSON.

    `kept` is the operation that is recorded, empty if the request is left alone.
    For one that `reconnects`, the client closes its connection and opens another. Behind the answer of one
    that `closes`, the service closes its own; instead of the answer of one that is `gone`.
    `headers` are added to the ordinary ones or stand in their places. `spelled` makes of the signed request
    what is sent; `arrives` and `returns` make of what is sent what is due at the other end, where that
    differs.
    """

    target: str | None = "DataPipeline.PollForTask"
    body: bytes = POLL
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "POST"
    path: str = "/"
    absolute: bool = False
    packed: bool = False
    host: str | None = None
    means: bytes = b"{}"
    answer: bytes = b""
    kept: str = "PollForTask"
    reconnects: bool = False
    closes: bool = False
    gone: bool = False
    spelled: Callable[[bytes], bytes] = same
    arrives: Callable[[bytes], bytes] = same
    returns: Callable[[bytes], bytes] = same

    def __post_init__(self) -> None:
        answer = b"" if self.gone else self.answer or answered(self.means)
        object.__setattr__(self, "answer", answer)


@dataclass(frozen=True)
class Case:
    """Requests over one connection: one after another, or all at once."""

    name: str
    messages: tuple[Message, ...]
    at_once: bool = False
    only: tuple[str, ...] = ("forward", "reverse")
    schemes: tuple[str, ...] = ("http", "https")


def lower(data: bytes) -> bytes:
    """Return a request with the names of its headers in lower case."""
    head, end, body = data.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    pairs = [line.partition(b":") for line in lines]
    return b"\r\n".join([first, *(name.lower() + colon + value for name, colon, value in pairs)]) + end + body


def chunked(*sizes: int) -> Callable[[bytes], bytes]:
    """Return what sends a body in chunks of these sizes and a last one."""

    def spell(data: bytes) -> bytes:
        head, _, body = data.partition(b"\r\n\r\n")
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length:")]
        parts, at = [], 0
        for size in (*sizes, len(body)):
            if part := body[at : at + size]:
                parts.append(b"%x\r\n%s\r\n" % (len(part), part))
            at += size
        return b"\r\n".join([*lines, b"Transfer-Encoding: chunked", b"", b"".join(parts)]) + b"0\r\n\r\n"

    return spell


def one_chunk(data: bytes) -> bytes:
    """Return a chunked message with all of it in one chunk."""
    head, end, rest = data.partition(b"\r\n\r\n")
    body = b""
    while rest != b"0\r\n\r\n":
        size, _, rest = rest.partition(b"\r\n")
        body, rest = body + rest[: int(size, 16)], rest[int(size, 16) + 2 :]
    return head + end + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


CALL = Message()
BEAT = Message("DataPipeline.ReportTaskProgress", beat(), means=GOES_ON, kept="ReportTaskProgress")
QUEUE = Message(
    "AmazonSQS.SendMessage",
    compact(QueueUrl="https://q", MessageBody="left-alone"),
    means=b'{"MessageId":"left-alone"}',
    kept="",
)


def one(name: str, **about: Any) -> Case:
    return Case(name, (Message(**about),))


CHUNKS = answered(b"", "Transfer-Encoding: chunked", sized=False) + b"1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"
PACKED = answered(gzip.compress(GOES_ON, mtime=0), "Content-Encoding: gzip")

CASES = (
    one("dated-target", target="DataPipeline_20121129.PollForTask"),
    one("json-1.0", headers={"Content-Type": "application/x-amz-json-1.0"}),
    one("charset", headers={"Content-Type": f"{JSON}; charset=utf-8"}),
    one("empty-query", path="/?"),
    one("lower-case", spelled=lower),
    one("no-blank", spelled=replaced(b"X-Amz-Target: ", b"X-Amz-Target:"),
        arrives=replaced(b"X-Amz-Target:", b"X-Amz-Target: ")),
    one("latin-1", headers={"X-Note": "caf\xe9"}),
    one("absolute-form", absolute=True),
    Case("escaped-plus", (
        Message(means=GIVEN),
        Message(BEAT.target, beat(TASK.replace("+", "\\u002B")), means=GOES_ON, kept=BEAT.kept),
        BEAT,
    )),
    one("chunked", spelled=chunked(1, 7), arrives=one_chunk),
    one("expect", headers={"Expect": "100-continue"}, arrives=replaced(b"Expect: 100-continue\r\n", b"")),
    one("gzip-request", packed=True, headers={"Content-Encoding": "gzip"}),
    one("gzip-answer", target=BEAT.target, body=beat(), means=GOES_ON, answer=PACKED, kept=BEAT.kept),
    one("chunked-answer", answer=CHUNKS, returns=one_chunk),
    Case("pipelined", (Message(means=GIVEN), BEAT, CALL), at_once=True),
    Case("big-expression", (Message(
        "DataPipeline.EvaluateExpression", kept="EvaluateExpression",
        body=b'{"pipelineId":"df-1","objectId":"o","expression":"%s%s"}' % (MARK.encode(), b"x" * BIG),
        means=b'{"evaluatedExpression":"%s"}' % (b"y" * BIG),
    ),), schemes=("https",)),
    Case("other-services", (
        CALL,
        QUEUE,
        Message(None, b"Action=ListQueues", {"Content-Type": "application/x-www-form-urlencoded"}, kept=""),
        Message(None, b"", method="GET", path="/bucket/key?list-type=2", kept=""),
        Message("DynamoDB_20120810.GetItem", b"{}", kept=""),
        Message("DataPipelineX.PollForTask", b"{}", kept=""),
        BEAT,
    )),
    Case("idle-closed-by-service", (replace(CALL, closes=True), replace(BEAT, closes=True), CALL)),
    Case("idle-closed-by-client", (CALL, replace(BEAT, reconnects=True))),
    Case("stale", (CALL, replace(BEAT, gone=True), replace(BEAT, reconnects=True))),
    Case("connection-close", (
        Message(headers={"Connection": "close"}, answer=answered(b"{}", "Connection: close"), closes=True),
        replace(BEAT, reconnects=True),
    )),
    Case("other-hosts", (CALL, Message(QUEUE.target, QUEUE.body, host=OTHER, kept=""), BEAT),
         only=("forward",), schemes=("http",)),
)  # fmt: skip
