from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from ruamel.yaml import YAML

from holter.cassette import byhand, document
from holter.cassette import format as cassette
from holter.errors import CassetteError
from holter.wire.message import Interaction, Json, Mark, Origin, Try

from .values import headers, interactions, marks, same

ATTEMPT = "@Copy_2026-11-21T00:00:00_Attempt=1"
BEAT = Interaction(
    "ReportTaskProgress",
    {"taskId": "task-1", "fields": [{"key": "percentComplete", "stringValue": "50"}]},
    {"canceled": False},
    seq=2,
    at=1795224003.6,
    mono=(2.011, 2.019, 2.019),
    caller="runner-1",
    task="task-1",
    tried=Try("1111-2222", 1, 3),
    status=200,
    origin=Origin.LIVE,
    oldest=2.011,
)
HANDOUT = Interaction(
    "PollForTask",
    {"workerGroup": "wg-demo", "hostname": "runner-1"},
    {
        "taskObject": {
            "taskId": "task-1",
            "attemptId": ATTEMPT,
            "objects": {
                ATTEMPT: {
                    "id": ATTEMPT,
                    "name": ATTEMPT,
                    "fields": [
                        {"key": "type", "stringValue": "ShellCommandActivity"},
                        {"key": "*password", "stringValue": "REDACTED"},
                    ],
                }
            },
        }
    },
    seq=1,
    at=1795224003.6,
    mono=(0.088, 0.17, 0.171),
    task="task-1",
    print="9f2c51d07a6be1c4",
    status=200,
    origin=Origin.LIVE,
    oldest=0.088,
    redacted=("response.taskObject",),
)


def test_a_heartbeat_stands_on_three_lines() -> None:
    assert cassette.interaction_text(BEAT) == (
        'call: {"seq":2,"op":"ReportTaskProgress","at":"2026-11-21T01:20:03.600000Z",'
        '"mono":[2.011,2.019,2.019],"caller":"runner-1","task":"task-1","try":{"id":"1111-2222","n":1,"max":3},"status":200,"origin":"live",'
        '"oldest":2.011}\n'
        'request: {"taskId":"task-1","fields":[{"key":"percentComplete","stringValue":"50"}]}\n'
        'response: {"canceled":false}\n'
    )


def test_a_handout_has_one_field_a_line() -> None:
    assert cassette.interaction_text(HANDOUT) == (
        'call: {"seq":1,"op":"PollForTask","at":"2026-11-21T01:20:03.600000Z","mono":[0.088,0.17,0.171],'
        '"task":"task-1","print":"9f2c51d07a6be1c4","status":200,"origin":"live","oldest":0.088,'
        '"redacted":["response.taskObject"]}\n'
        'request: {"workerGroup":"wg-demo","hostname":"runner-1"}\n'
        "response:\n"
        "  {\n"
        '    "taskObject": {\n'
        '      "taskId": "task-1",\n'
        f'      "attemptId": "{ATTEMPT}",\n'
        '      "objects": {\n'
        f'        "{ATTEMPT}": {{\n'
        f'          "id": "{ATTEMPT}",\n'
        f'          "name": "{ATTEMPT}",\n'
        '          "fields": [\n'
        '            {"key": "type", "stringValue": "ShellCommandActivity"},\n'
        '            {"key": "*password", "stringValue": "REDACTED"}\n'
        "          ]\n"
        "        }\n"
        "      }\n"
        "    }\n"
        "  }\n"
    )


def test_a_call_without_answer_ends_its_document() -> None:
    assert cassette.interaction_text(Interaction("X", b"\xff")) == (
        'call: {"op":"X"}\nrequest_base64: "/w=="\n...\n'
    )


def test_a_header_and_a_mark_are_read_by_people() -> None:
    header = cassette.Header("5f0c", 1795224003.512345, "holter", "host", {"scale": 1.0}, "default")
    assert cassette.header_text(header) == (
        'holter: 1\nrecording: "5f0c"\nstarted: "2026-11-21T01:20:03.512345Z"\nby: "holter"\n'
        'service: "host"\nprofile: {"scale":1.0}\nredaction: "default"\n'
    )
    assert cassette.mark_text(Mark("started", 1795224003.5, 0.0, {"boot": "a1"})) == (
        'mark: {"what":"started","at":"2026-11-21T01:20:03.500000Z","mono":0.0,"boot":"a1"}\n'
    )


def equal(one: Any, other: Any) -> bool:
    parts = ([getattr(value, field.name) for field in dataclasses.fields(value)] for value in (one, other))
    return one == other and all(
        same(_plain(mine), _plain(theirs)) for mine, theirs in zip(*parts, strict=True)
    )


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, dict) else value


@given(interactions)
@settings(max_examples=500, deadline=None)
def test_an_interaction_comes_back_equal_by_both_ways(interaction: Interaction) -> None:
    text = cassette.interaction_text(interaction)
    found = document.own(text.removesuffix("...\n"))
    assert found is not None
    assert equal(cassette.value_of(found), interaction)
    assert equal(cassette.value_of(byhand.load(text)), interaction)


@given(marks)
def test_a_mark_comes_back_equal_by_both_ways(mark: Mark) -> None:
    text = cassette.mark_text(mark)
    found = document.own(text)
    assert found is not None
    assert equal(cassette.value_of(found), mark)
    assert equal(cassette.value_of(byhand.load(text)), mark)


@given(headers)
def test_a_header_comes_back_equal_by_both_ways(header: cassette.Header) -> None:
    text = cassette.header_text(header)
    assert equal(cassette.header_of(document.parse(text.encode())), header)
    assert equal(cassette.header_of(byhand.load(text)), header)


@given(headers, interactions, marks)
@settings(max_examples=100, deadline=None)
def test_other_yaml_readers_see_the_same_stream(
    header: cassette.Header, interaction: Interaction, mark: Mark
) -> None:
    values: list[Interaction | Mark] = [mark, interaction, mark, interaction]
    parts = [cassette.header_text(header), *map(cassette.text_of, values)]
    text = cassette.SEPARATOR.join(parts)
    ours = [document.parse(part.removesuffix("...\n").encode()) for part in parts]
    streams = (
        list(yaml.load_all(text, yaml.SafeLoader)),
        list(yaml.load_all(text, yaml.CSafeLoader)),
        list(YAML(typ="safe", pure=True).load_all(text)),
    )
    for stream in streams:
        assert same(stream, ours)


def test_a_document_by_hand_needs_an_operation_and_bodies_only() -> None:
    document_: dict[str, Json] = {"call": {"op": "PollForTask"}, "request": {}, "response": {}}
    assert cassette.value_of(document_) == Interaction("PollForTask", {}, {})


@pytest.mark.parametrize(
    ("document_", "why"),
    [
        ({}, "has neither `call:` nor `mark:`, but nothing"),
        ({"interactions": []}, "has neither `call:` nor `mark:`, but interactions"),
        (
            {"call": {"op": "X"}, "reqest": {}},
            "unknown key 'reqest' in the document: did you mean 'request'?",
        ),
        ({"call": {"op": "X"}}, "has no request"),
        ({"call": {"op": "X"}, "request": 1, "request_base64": "AA=="}, "both request and request_base64"),
        ({"call": {"op": "X"}, "request_base64": "???"}, "request_base64 is not base64"),
        ({"call": {"op": "X"}, "request_base64": 5}, "request_base64 is not base64"),
        ({"call": [], "request": {}}, "call must be an object"),
        ({"call": {"seq": 1}, "request": {}}, "no operation"),
        (
            {"call": {"op": "X", "sttus": 1}, "request": {}},
            "unknown key 'sttus' in call: did you mean 'status'?",
        ),
        ({"call": {"op": "X", "seq": "1"}, "request": {}}, "seq in call must be a whole number, not '1'"),
        ({"call": {"op": "X", "seq": True}, "request": {}}, "seq in call must be"),
        ({"call": {"op": "X", "mono": [1, 2]}, "request": {}}, "mono in call must be"),
        ({"call": {"op": "X", "mono": [1, 2, "3"]}, "request": {}}, "mono in call must be"),
        ({"call": {"op": "X", "at": "yesterday"}, "request": {}}, "at in call must be a UTC time"),
        ({"call": {"op": "X", "at": "2026-11-21T01:20:03"}, "request": {}}, "at in call must be a UTC time"),
        ({"call": {"op": "X", "broken": "them"}, "request": {}}, "broken in call must be one of client"),
        ({"call": {"op": "X", "origin": ["live"]}, "request": {}}, "origin in call must be one of"),
        ({"call": {"op": "X", "try": {"id": "a"}}, "request": {}}, "try in call must be"),
        ({"call": {"op": "X", "try": {"id": "a", "n": 1, "m": 1}}, "request": {}}, "try in call must be"),
        ({"call": {"op": "X", "redacted": "all"}, "request": {}}, "redacted in call must be"),
        ({"call": {"op": "X", "redacted": [1]}, "request": {}}, "redacted in call must be"),
        ({"call": {"op": "X", "notes": []}, "request": {}}, "notes in call must be"),
        ({"call": {"op": "X", "oldest": "1"}, "request": {}}, "oldest in call must be"),
        ({"call": {"op": "X", "caller": 1}, "request": {}}, "caller in call must be"),
        ({"mark": {}}, "mark must be an object"),
        ({"mark": "started"}, "mark must be an object"),
        ({"mark": {"what": "note"}, "call": {}}, "unknown key 'call'"),
        ({"mark": {"what": "note", "mono": "1"}}, "mono in mark must be"),
    ],
)
def test_a_wrong_document_says_what_is_wrong(document_: dict[str, Json], why: str) -> None:
    with pytest.raises(CassetteError) as caught:
        cassette.value_of(document_)
    assert why in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("document_", "why"),
    [
        ({"version": 1, "interactions": []}, "is a cassette of VCR, not of Holter"),
        ({"version": 1}, "no Holter cassette"),
        ({"holter": 2}, "made by a newer Holter (format 2, this one reads up to 1): update holter"),
        ({"holter": 0}, "must be the format's number"),
        ({"holter": True}, "must be the format's number"),
        ({"holter": "1"}, "must be the format's number"),
        ({"holter": 1, "recordin": "x"}, "did you mean 'recording'?"),
        ({"holter": 1, "profile": "documented"}, "profile in the header must be an object"),
    ],
)
def test_a_wrong_header_says_what_is_wrong(document_: dict[str, Json], why: str) -> None:
    with pytest.raises(CassetteError) as caught:
        cassette.header_of(document_)
    assert why in str(caught.value)


def test_a_mark_that_says_something_twice_is_refused() -> None:
    with pytest.raises(CassetteError, match="says at twice"):
        cassette.mark_text(Mark("note", more={"at": json.dumps("now")}))
