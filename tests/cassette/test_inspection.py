from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from holter.cassette.format import Header
from holter.cassette.inspection import Inspector, Kind, Remark, looks_real, protocol
from holter.cassette.redaction import Redactor
from holter.wire.message import (
    NOTHING,
    Broken,
    Call,
    Interaction,
    Json,
    Mark,
    Moment,
    Nothing,
    Payload,
    Reply,
)
from holter.wire.operations import OPERATIONS

from .corpus import HARMLESS, SECRETS, places

REAL = "QUFB" * 10 + ":bWFj:1"
BEAT = Interaction("ReportTaskProgress", {"taskId": "task-1"}, {"canceled": False}, status=200)


def remarks(value: Interaction | Mark, redaction: str = "default") -> list[str]:
    return [str(remark) for remark in Inspector(Header(redaction=redaction)).entry(value)]


def test_what_holter_wrote_is_clean_and_what_it_masked_is_not_found_again() -> None:
    for row in OPERATIONS.values():
        for text, _ in SECRETS:
            for body in places(row.request, text):
                kept = Redactor().call(Call(row.name, body, Moment(0, 0)))
                call = Interaction(row.name, kept.payload, redacted=kept.paths)
                assert [one for one in Inspector(Header()).entry(call) if one.kind is Kind.SECRET] == []


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_a_secret_is_found_wherever_it_stands_and_never_told(text: str, secret: str) -> None:
    fields: Json = [{"key": "a", "stringValue": text}]
    values: tuple[tuple[Interaction | Mark, str], ...] = (
        (replace(BEAT, request={"taskId": "task-1", "fields": fields}), "request.fields[0].stringValue"),
        (replace(BEAT, response={"__type": "X", "message": text}, status=400), "response.message"),
        (replace(BEAT, caller=text), "call.caller"),
        (replace(BEAT, notes={"x": text}), "call.notes.x"),
        (Mark("note", more={"error": text}), "mark.error"),
        (replace(BEAT, response=text.encode() + b"\xff", status=500), "response"),
    )
    for value, path in values:
        found = [one for one in Inspector(Header()).entry(value) if one.kind is Kind.SECRET]
        assert Remark(Kind.SECRET, path, "holds a secret") in found
        assert not any(secret in str(one) for one in found)


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_texts_are_no_secrets(text: str) -> None:
    fields: Json = [{"key": "a", "stringValue": text}]
    assert remarks(replace(BEAT, request={"taskId": "task-1", "fields": fields})) == []


def test_a_secret_in_the_header_is_found() -> None:
    header = Header(by="holter", service="https://me:hunter2x@host/")
    assert [str(one) for one in Inspector(header).header()] == ["secret: header.service: holds a secret"]


@pytest.mark.parametrize(("task", "real"), [("task-1", False), ("my-task", False), (REAL, True)])
def test_a_task_id_that_is_no_alias_is_found(task: str, real: bool) -> None:
    assert looks_real(task) is real
    handed: Json = {"taskObject": {"taskId": task}}
    found = remarks(Interaction("PollForTask", {"workerGroup": "w"}, handed, task=task))
    said = ["call.task", "response.taskObject.taskId"] if real else []
    assert found == [f"secret: {path}: holds a real taskId, no alias" for path in said]


def test_account_data_in_a_strict_cassette_is_found_and_its_aliases_are_not() -> None:
    fields: Json = [
        {"key": "a", "stringValue": "s3://bucket-1/x of pipeline-2"},
        {"key": "b", "stringValue": "s3://acme-in/x"},
    ]
    call = replace(BEAT, request={"taskId": "task-1", "fields": fields}, caller="host-1")
    assert remarks(call) == []
    assert remarks(call, "strict") == [
        "secret: request.fields[1].stringValue: holds account data, and the redaction is strict"
    ]


def test_names_that_were_to_be_masked_are_held_to_it() -> None:
    inspector = Inspector(Header())
    fields: Json = [{"key": "City", "stringValue": "x"}]
    call = replace(BEAT, request={"taskId": "task-1", "fields": fields})
    assert list(inspector.entry(call)) == []
    assert list(inspector.entry(Mark("started", more={"redact_keys": ["city", 1]}))) == []
    assert [one.path for one in inspector.entry(call)] == ["request.fields[0].stringValue"]


def test_the_result_of_an_expression_is_a_secret() -> None:
    request: Json = {"pipelineId": "df-1", "objectId": "a", "expression": "b"}
    call = Interaction("EvaluateExpression", request, {"evaluatedExpression": "any"})
    assert remarks(call) == ["secret: response.evaluatedExpression: holds a secret"]
    assert remarks(replace(call, response={"evaluatedExpression": "REDACTED"})) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"request": {}}, ["request.taskId: is missing"]),
        ({"request": {"taskId": "task-1", "feilds": []}},
         ["request.feilds: is unknown (did you mean fields?)"]),
        ({"request": b""}, ["request: is empty"]),
        ({"request": b"", "broken": Broken.CLIENT, "response": NOTHING, "status": None}, []),
        ({"response": {"canceled": "no"}}, ["response.canceled: must be true or false, not a string"]),
        ({"response": {"canceled": "REDACTED"}, "redacted": ("response.canceled",)}, []),
        ({"response": {}, "status": None}, ["response.canceled: is missing"]),
        ({"op": "ReportTaskProgres"}, ["call.op: 'ReportTaskProgres' is no operation: "
                                       "did you mean 'ReportTaskProgress'?"]),
        ({"response": {"__type": "X", "message": "m"}, "status": 400}, []),
        ({"response": {"__type": "X"}, "status": None}, []),
        ({"response": {"Message": "m"}, "status": 400, "error": "X"}, []),
        ({"response": {"message": 1}, "status": 400, "error": "400"},
         ["response.__type: is missing", "response.message: must be a string, not a number"]),
        ({"response": b"<html>", "status": 503, "error": "503"}, ["response: is not JSON"]),
        ({"notes": {"request_problems": ["$.taskId: has 3000 characters, at most 2048 are allowed"]}},
         ["request.taskId: has 3000 characters, at most 2048 are allowed"]),
    ],
)  # fmt: skip
def test_a_call_is_held_against_the_tables(change: Mapping[str, Payload | Nothing], said: list[str]) -> None:
    call = replace(BEAT, **change)  # type: ignore[arg-type]  # the table holds what each member takes
    assert [str(remark) for remark in protocol(call)] == [f"protocol: {line}" for line in said]


def test_an_answer_without_members_may_be_empty() -> None:
    call = Interaction("SetTaskStatus", {"taskId": "task-1", "taskStatus": "FAILED"}, b"", status=200)
    assert remarks(call) == []
    assert remarks(replace(call, status=500, error="500")) == ["protocol: response: is empty"]
    assert remarks(replace(BEAT, response=b"")) == ["protocol: response: is empty"]


def test_an_answer_as_the_sandbox_gives_it_is_clean() -> None:
    kept = Redactor().reply("SetTaskStatus", Reply(400, {"__type": "TaskNotFoundException", "message": REAL}))
    call = Interaction(
        "SetTaskStatus", {"taskId": "task-1", "taskStatus": "FAILED"}, kept.payload, status=400
    )
    assert remarks(call) == []
