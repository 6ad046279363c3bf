"""Flows to calls and replies, and back."""

from __future__ import annotations

import gzip
import json
from email.utils import parsedate_to_datetime

import pytest
from mitmproxy import http
from mitmproxy.flow import Error
from mitmproxy.test import tflow

from holter.mitm import convert
from holter.wire.codec import answer, error_reply
from holter.wire.message import Broken, Call, Moment, Payload, Reply, Try

NOW = Moment(1_800_000_000.0, 5.0)
TARGET = ("X-Amz-Target", "DataPipeline.PollForTask")


def flow(*headers: tuple[str, str], body: bytes = b"{}", host: str = "h.example") -> http.HTTPFlow:
    made = tflow.tflow()
    made.request = http.Request.make("POST", f"https://{host}/", body)
    made.request.headers = http.Headers([(k.encode(), v.encode()) for k, v in headers])
    made.client_conn.peername = ("10.0.0.1", 4242)
    return made


@pytest.mark.parametrize(
    ("headers", "is_call"),
    [
        ((TARGET,), True),
        ((("x-amz-target", "DataPipeline_20121129.SetTaskStatus"),), True),
        ((("x-amz-target", "DynamoDB_20120810.GetItem"),), False),
        ((("x-amz-target", "DataPipelineX.PollForTask"),), False),
        ((), False),
    ],
)
def test_a_call_is_known_by_its_target_alone(headers: tuple[tuple[str, str], ...], is_call: bool) -> None:
    assert convert.is_call(flow(*headers)) is is_call
    assert (convert.to_call(flow(*headers), NOW) is not None) is is_call


def test_a_request_becomes_a_call() -> None:
    headers = (
        TARGET,
        ("Host", "datapipeline.us-east-1.amazonaws.com"),
        ("User-Agent", "Boto3/1.44"),
        ("amz-sdk-invocation-id", "id-1"),
        ("amz-sdk-request", "attempt=2; max=3"),
    )
    found = convert.to_call(flow(*headers, body=b'{"workerGroup":"wg"}'), NOW)

    assert found == Call(
        "PollForTask",
        {"workerGroup": "wg"},
        NOW,
        "datapipeline.us-east-1.amazonaws.com",
        "10.0.0.1:4242",
        "Boto3/1.44",
        Try("id-1", 2, 3),
    )


def test_a_client_without_an_address_has_no_peer() -> None:
    made = flow(TARGET)
    made.client_conn.peername = None  # type: ignore[assignment]  # so it is after a client is gone
    found = convert.to_call(made, NOW)

    assert found is not None
    assert found.peer == ""


@pytest.mark.parametrize(
    ("headers", "body", "payload"),
    [
        ((TARGET, ("Content-Encoding", "gzip")), gzip.compress(b'{"a":1}', mtime=0), {"a": 1}),
        ((TARGET, ("Content-Encoding", "gzip")), b"no gzip", b"no gzip"),
        ((TARGET, ("Content-Encoding", "martian")), b'{"a":1}', {"a": 1}),
        ((TARGET,), b"\xff", b"\xff"),
        ((TARGET,), b"", b""),
    ],
)
def test_a_body_is_kept_as_it_is_understood(
    headers: tuple[tuple[str, str], ...], body: bytes, payload: Payload
) -> None:
    found = convert.to_call(flow(*headers, body=body), NOW)

    assert found is not None
    assert found.body == payload


def test_a_request_whose_body_never_came_is_a_call_without_one() -> None:
    made = flow(TARGET)
    made.request.content = None

    assert convert.to_call(made, NOW) == Call("PollForTask", b"", NOW, "h.example", "10.0.0.1:4242", "", None)


def test_headers_that_are_not_utf_8_break_nothing() -> None:
    made = flow(TARGET)
    made.request.headers = http.Headers(
        [(b"x-amz-target", b"DataPipeline.PollForTask"), (b"user-agent", b"J\xfcrgen"), (b"x-\xe9", b"1")]
    )
    found = convert.to_call(made, NOW)

    assert found is not None
    assert found.op == "PollForTask"


def test_an_answer_becomes_a_reply_decoded() -> None:
    made = http.Response.make(400, b'{"__type":"X"}', {"Content-Encoding": "gzip", "X-a": "1"})
    assert gzip.decompress(made.raw_content or b"") == b'{"__type":"X"}'
    found = convert.to_reply(made)

    assert (found.status, found.body) == (400, {"__type": "X"})
    assert ("X-a", "1") in found.headers


def test_an_answer_without_a_body_is_empty_bytes() -> None:
    made = http.Response.make(200, b"")
    made.content = None

    assert convert.to_reply(made).body == b""


@pytest.mark.parametrize("body", [{"canceled": True}, {"ü": "\u2028"}, [], None, b"\xff\x00", b""])
def test_a_reply_survives_the_way_to_the_client_and_back(body: Payload) -> None:
    sent = convert.to_response(answer(body) if not isinstance(body, bytes) else Reply(200, body), NOW)

    assert convert.to_reply(sent).body == body
    assert sent.headers["content-length"] == str(len(sent.raw_content or b""))


def test_an_answer_of_ours_looks_like_the_services_with_a_fresh_date() -> None:
    sent = convert.to_response(answer({"canceled": True}), NOW)
    other = convert.to_response(answer({"canceled": True}), NOW)

    assert sent.status_code == 200
    assert sent.headers["Content-Type"] == "application/x-amz-json-1.1"
    assert parsedate_to_datetime(sent.headers["Date"]).timestamp() == NOW.wall
    assert sent.headers["Date"].endswith(" GMT")
    assert len(sent.headers["x-amzn-RequestId"]) == 36
    assert sent.headers["x-amzn-RequestId"] != other.headers["x-amzn-RequestId"]
    assert json.loads(sent.text or "") == {"canceled": True}


def test_an_error_of_ours_says_its_type_in_body_and_header() -> None:
    sent = convert.to_response(error_reply("TaskNotFoundException", "gone"), NOW)

    assert sent.status_code == 400
    assert sent.headers["x-amzn-errortype"] == "TaskNotFoundException"
    assert json.loads(sent.text or "")["__type"] == "TaskNotFoundException"


@pytest.mark.parametrize(
    ("error", "who"),
    [
        ("Client disconnected.", Broken.CLIENT),
        ("client disconnected", Broken.CLIENT),
        ("server closed connection", Broken.UPSTREAM),
        ("Connect call failed ('127.0.0.1', 1)", Broken.UPSTREAM),
        (None, Broken.UPSTREAM),
    ],
)
def test_who_broke_a_flow(error: str | None, who: Broken) -> None:
    made = flow(TARGET)
    made.error = Error(error) if error else None

    assert convert.who_broke(made) is who


def test_an_answers_own_headers_go_before_ours_in_any_spelling() -> None:
    reply = Reply(200, {"a": 1}, (("content-type", "text/html"), ("DATE", "long ago"), ("X-Own", "1")))
    made = convert.to_response(reply, Moment(1_800_000_000.0, 0.0))

    assert made.headers.get_all("Content-Type") == ["text/html"]
    assert made.headers.get_all("Date") == ["long ago"]
    assert (made.headers["X-Own"], made.headers["Content-Length"]) == ("1", "7")
    assert made.headers["x-amzn-RequestId"]


def test_what_is_to_be_compressed_is() -> None:
    made = convert.to_response(Reply(200, {"a": 1}, (("Content-Encoding", "gzip"),)), Moment(0.0, 0.0))

    assert gzip.decompress(made.raw_content or b"") == b'{"a":1}'


@pytest.mark.parametrize(("body", "length", "sent"), [({"a": 1}, "7", b'{"a'), (b"", "1", b"")])
def test_an_answer_cut_short_announces_more_than_it_sends(body: Payload, length: str, sent: bytes) -> None:
    made = convert.cut_short(convert.to_response(Reply(200, body), Moment(0.0, 0.0)))

    assert (made.headers["Content-Length"], made.raw_content) == (length, sent)
    assert made.headers["Connection"] == "close"
