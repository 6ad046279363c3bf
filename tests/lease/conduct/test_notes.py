"""Notes are made by recording a call; so each case here is recorded first."""

from __future__ import annotations

import pytest
from tests.lease.history import ZERO

from holter.cassette.redaction import Redactor
from holter.flight import Given, answered, begun
from holter.lease.audit import Audit
from holter.lease.conduct import notes
from holter.lease.profile import DOCUMENTED
from holter.wire.caller import Callers
from holter.wire.codec import error_reply
from holter.wire.message import Call, Json, Mark, Moment, Origin, Payload, Reply

BEAT, POLL, END, ALIVE = "ReportTaskProgress", "PollForTask", "SetTaskStatus", "ReportTaskRunnerHeartbeat"
OK: dict[str, Json] = {BEAT: {"canceled": False}, POLL: {}, END: {}, ALIVE: {"terminate": False}}
HOST = "datapipeline.us-east-1.amazonaws.com"
KNOWN = {"task-id-unknown", "failed-without-error"}


def rules(*calls: tuple[Call, Reply], origin: Origin = Origin.LIVE) -> list[str]:
    """What is found in calls that were recorded one second apart, as in a session."""
    redactor, callers, audit = Redactor(), Callers(), Audit(DOCUMENTED)
    audit.mark(Mark("started", ZERO, 0.0))
    for seq, (call, reply) in enumerate(calls, 1):
        asked = begun(call, redactor, callers)
        done = answered(asked, Given(reply, seq + 0.5, seq + 0.6), redactor, callers, host=call.host)
        object.__setattr__(done, "seq", seq)
        object.__setattr__(done, "origin", origin)
        audit.feed(audit.timeline.asked(seq, done))
        audit.feed(audit.timeline.ended(seq, done))
    audit.close()
    told = [one for one in audit.findings if one.rule not in KNOWN]
    return [one.rule + "?" * (one.certainty == "possible") + "!" * (one.cause == "fault") for one in told]


def call(op: str, body: Payload, at: float = 1.0, host: str = HOST, signed: float | None = None) -> Call:
    return Call(op, body, Moment(ZERO + at, at), host, "10.0.0.1:1", "Boto3", signed=signed)


def asks(op: str, **body: Json) -> list[str]:
    return rules((call(op, {"taskId": "t", **body} if op in (BEAT, END) else body), Reply(200, OK[op])))


def failed(**body: Json) -> list[str]:
    return asks(END, taskStatus="FAILED", errorMessage="x", **body)


def field(**members: Json) -> list[str]:
    return asks(BEAT, fields=[members])


REQUESTS = {
    "as it should be": (asks(BEAT, fields=[{"key": "a", "stringValue": "b\n\t\r"}]), []),
    "lower case": (asks(END, taskStatus="finished"), ["status-enum"]),
    "no status": (asks(END), ["status-enum"]),
    "masking took words away": (
        asks(END, taskStatus="FINISHED", **{"Authorization: AKIA1": 1}),
        ["request-shape"],
    ),
    "no task": (rules((call(BEAT, {"taskId": ""}), Reply(200, OK[BEAT]))), ["task-id-length"]),
    "a task of 2048": (rules((call(BEAT, {"taskId": "x" * 2048}), Reply(200, OK[BEAT]))), []),
    "a task of 2049": (rules((call(BEAT, {"taskId": "x" * 2049}), Reply(200, OK[BEAT]))), ["task-id-length"]),
    "an id of 1024": (failed(errorId="x" * 1024), []),
    "an id of 1025": (failed(errorId="x" * 1025), ["errorid-length"]),
    "a stack of 1024": (failed(errorStackTrace="x" * 1024), []),
    "a stack of 1025": (failed(errorStackTrace="x" * 1025), ["stack-length"]),
    "a stack of 4095": (failed(errorStackTrace="x" * 4095), ["stack-length"]),
    "a stack of 4096": (failed(errorStackTrace="x" * 4096), ["stack-over-4095"]),
    "colours": (failed(errorStackTrace="\x1b[31mred"), ["illegal-chars"]),
    "colours in a message": (asks(END, taskStatus="FAILED", errorMessage="\x1b[31mred"), []),
    "colours in a field": (field(key="a", stringValue="\x1b"), ["illegal-chars"]),
    "both values": (field(key="a", stringValue="b", refValue="c"), ["field-both-values"]),
    "no key": (field(stringValue="b"), ["field-limits"]),
    "a key of 256": (field(key="k" * 256, stringValue="b"), []),
    "a key of 257": (field(key="k" * 257, stringValue="b"), ["field-limits"]),
    "a value of 10240": (field(key="a", stringValue="b" * 10240), []),
    "a value of 10241": (field(key="a", stringValue="b" * 10241), ["field-limits"]),
    "a masked value of 10241": (field(key="*a", stringValue="b" * 10241), ["field-limits"]),
    "a group of 1025": (asks(POLL, workerGroup="g" * 1025), ["workergroup-shape"]),
    "no group": (asks(POLL), ["request-shape"]),
    "an unknown member": (asks(POLL, workerGroup="g", hostName="h"), ["request-shape"]),
    "a number": (asks(POLL, workerGroup=7), ["request-shape"]),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_what_is_wrong_with_a_request(name: str) -> None:
    found, expected = REQUESTS[name]

    assert found == expected


def answers(op: str, body: Payload, status: int = 200, origin: Origin = Origin.LIVE) -> list[str]:
    asked: Json = (
        {"taskId": "t", "workerGroup": "g"} if op == BEAT else {"workerGroup": "g", "taskrunnerId": "x"}
    )
    if op == BEAT:
        asked = {"taskId": "t"}
    if op == POLL:
        asked = {"workerGroup": "g"}
    return rules((call(op, asked), Reply(status, body)), origin=origin)


ANSWERS = {
    "an empty poll": (answers(POLL, {}), []),
    "no body at all": (answers(POLL, b""), []),
    "a page": (answers(POLL, b"<html>sorry</html>"), ["answer-not-json"]),
    "a page of ours": (answers(POLL, b"<html>", origin=Origin.FAULT), ["answer-not-json!"]),
    "a page with an error": (answers(POLL, b"<html>", 503), []),
    "cut off": (answers(BEAT, b'{"canceled": fal'), ["answer-not-json"]),
    "JSON that text can not carry": (answers(POLL, b'{"x": "\\ud800"}'), []),
    "no member": (answers(BEAT, {}), ["answer-shape"]),
    "no body": (answers(BEAT, b""), ["answer-shape"]),
    "a string for a flag": (answers(BEAT, {"canceled": "false"}), ["answer-shape"]),
    "a list": (answers(POLL, []), ["answer-shape"]),
    "a member more": (answers(BEAT, {"canceled": False, "new": 1}), []),
    "a heartbeat's flag": (answers(ALIVE, {"terminate": 0}), ["answer-shape"]),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_what_is_wrong_with_an_answer(name: str) -> None:
    found, expected = ANSWERS[name]

    assert found == expected


@pytest.mark.parametrize(
    ("ahead", "reply", "expected"),
    [
        (300.0, Reply(200, {}), []),
        (301.0, Reply(200, {}), ["clock-skew?"]),
        (-301.0, Reply(200, {}), ["clock-skew?"]),
        (-301.0, error_reply("InvalidSignatureException", "too old"), ["clock-skew"]),
        (901.0, Reply(200, {}), ["clock-skew-over-15min?"]),
        (901.0, error_reply("RequestTimeTooSkewed", "x", 403), ["clock-skew-over-15min"]),
        (901.0, error_reply("AccessDenied", "x", 403), ["clock-skew-over-15min?"]),
    ],
)
def test_a_clock_that_is_far_off(ahead: float, reply: Reply, expected: list[str]) -> None:
    assert rules((call(POLL, {"workerGroup": "g"}, signed=ZERO + 1 + ahead), reply)) == expected


REAL = "QUFB+QUFBQUFB/QUFB==:bWFj:1"


def reported(given: str, host: str = HOST) -> list[str]:
    handed: Json = {"taskObject": {"taskId": REAL, "objects": {}}}
    first = (call(POLL, {"workerGroup": "g"}, host=HOST), Reply(200, handed))
    return rules(first, (call(BEAT, {"taskId": given}, 2.0, host), Reply(200, OK[BEAT])))


def test_a_task_id_comes_back_as_it_went() -> None:
    assert reported(REAL) == []
    assert reported("another") == []
    assert reported(REAL.replace("+", " ")) == ["task-id-mangled"]
    assert reported(REAL[:20]) == ["task-id-mangled"]


def test_a_task_stays_in_its_region() -> None:
    assert reported(REAL, HOST.replace("us-east-1", "eu-west-1")) == ["region-mix"]
    assert reported(REAL, "localhost:8080") == []
    assert reported("another", HOST.replace("us-east-1", "eu-west-1")) == []


def test_every_rule_about_notes_is_one() -> None:
    from holter.lease.rules import RULES

    assert {rule for rule, _ in (*notes.REQUEST, *notes.ANSWER)} <= set(RULES)
