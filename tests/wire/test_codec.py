from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holter.wire import codec
from holter.wire.codec import (
    answer,
    canonical,
    compact,
    decode,
    encode,
    error_code,
    error_reply,
    header,
    named,
    operation,
    parse_call,
    parse_try,
    passing,
    print_of,
)
from holter.wire.message import Headers, Json, Moment, Payload, Reply, Try
from holter.wire.operations import ERROR_STATUS

NOW = Moment(1.0, 2.0)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXT, inner, max_size=5),
    max_leaves=30,
)


@pytest.mark.parametrize("name", ["x-amz-target", "X-Amz-Target", "X-AMZ-TARGET"])
def test_a_header_is_found_whatever_its_case(name: str) -> None:
    assert header((("Other", "1"), (name, "first"), (name, "second")), "X-amz-TARGET") == "first"
    assert header(((name, ""),), "x-amz-target") == ""
    assert header((), name) is None


@pytest.mark.parametrize(
    ("target", "op"),
    [
        ("DataPipeline.PollForTask", "PollForTask"),
        ("DataPipeline_20121129.PollForTask", "PollForTask"),
        ("DataPipeline.NoSuchOperation", "NoSuchOperation"),
        ("DataPipeline_2012.PollForTask", None),
        ("DataPipeline.", None),
        ("DataPipeline.A.B", None),
        ("XDataPipeline.PollForTask", None),
        ("datapipeline.PollForTask", None),
        ("AWSStepFunctions.GetActivityTask", None),
        ("DataPipeline.PollForTask\n", None),
        ("", None),
    ],
)
def test_both_spellings_of_the_target_name_the_operation(target: str, op: str | None) -> None:
    assert operation({"x-amz-target": target}) == op


def test_a_request_without_a_target_is_no_call() -> None:
    assert parse_call({"host": "x"}, b"{}", NOW) is None


@pytest.mark.parametrize(
    "content_type",
    [
        "application/x-amz-json-1.1",
        "application/x-amz-json-1.0",
        "application/x-amz-json-1.1; charset=utf-8",
        "text/plain",
        None,
    ],
)
def test_the_target_decides_and_not_the_content_type(content_type: str | None) -> None:
    headers: Headers = (("x-amz-target", "DataPipeline.PollForTask"), ("User-Agent", "Boto3/1 x"))
    if content_type is not None:
        headers = (*headers, ("Content-Type", content_type))
    call = parse_call(named(headers), b'{"workerGroup":"g"}', NOW, host="h", peer="p:1")
    assert call is not None
    assert (call.op, call.body, call.asked) == ("PollForTask", {"workerGroup": "g"}, NOW)
    assert (call.host, call.peer, call.agent, call.tried) == ("h", "p:1", "Boto3/1 x", None)


@pytest.mark.parametrize(
    ("headers", "tried"),
    [
        ({}, None),
        ({"amz-sdk-request": "attempt=2; max=3"}, None),
        ({"amz-sdk-invocation-id": ""}, None),
        ({"amz-sdk-invocation-id": "i"}, Try("i", 1)),
        ({"amz-sdk-invocation-id": "i", "amz-sdk-request": "attempt=2; max=3"}, Try("i", 2, 3)),
        ({"amz-sdk-invocation-id": "i", "amz-sdk-request": "attempt=1"}, Try("i", 1)),
        ({"Amz-Sdk-Invocation-Id": "i", "AMZ-SDK-REQUEST": "attempt=4;max=5"}, Try("i", 4, 5)),
        (
            {"amz-sdk-invocation-id": "i", "amz-sdk-request": "ttl=20260101T000000Z; attempt=3; max=9"},
            Try("i", 3, 9),
        ),
        ({"amz-sdk-invocation-id": "i", "amz-sdk-request": "nonsense"}, Try("i", 1)),
    ],
)
def test_an_sdks_try_is_read_from_its_headers(headers: dict[str, str], tried: Try | None) -> None:
    assert parse_try(named(tuple(headers.items()))) == tried


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"{}", {}),
        (b" {} \r\n", {}),
        (b"null", None),
        (b"true", True),
        (b"[]", []),
        (b'"x"', "x"),
        (b"-0", 0),
        (b"1e3", 1000.0),
        (b"123456789012345678901234567890", 123456789012345678901234567890),
        (b'"\\ud83d\\ude00"', "😀"),
        ('"é😀"'.encode(), "é😀"),
        (b'"\\u002B\\/"', "+/"),
        (b'"\\u0000\\u001b"', "\x00\x1b"),
        (b'{"a":{"a":1}}', {"a": {"a": 1}}),
        (b'"\\\\ud800"', "\\ud800"),
        (b"5e-324", 5e-324),
        (b"1e-999", 0.0),
    ],
)
def test_a_json_body_becomes_its_value(body: bytes, value: Json) -> None:
    assert decode(body) == value
    assert type(decode(body)) is type(value)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"{}{}",
        b"{'a':1}",
        b'{"a":1,}',
        b'{"a":1,"a":1}',
        b'{"b":[{"a":1,"a":2}]}',
        b'{"a":1,"\\u0061":2}',
        b"NaN",
        b'{"a":NaN}',
        b"Infinity",
        b"-Infinity",
        b"1e999",
        b"[-1e999]",
        b"\xef\xbb\xbf{}",
        b"\xff\xfe{\x00}\x00",
        b'"\xed\xa0\x80"',
        b'"\xc0\xaf"',
        b'"\\ud800"',
        b'{"\\udfff":1}',
        b'["\\ude00\\ud83d"]',
        b'"tab\t"',
        b'"\x00"',
        b"[" * 101 + b"]" * 101,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 50_000,
        b"9" * 5000,
        b"<html>",
    ],
)
def test_a_body_that_no_text_can_carry_stays_bytes(body: bytes) -> None:
    assert decode(body) == body
    assert isinstance(decode(body), bytes)


def test_a_hundred_levels_are_still_read() -> None:
    assert isinstance(decode(b"[" * 99 + b"1" + b"]" * 99), list)


@given(JSON)
def test_encoding_and_decoding_give_the_same_value(value: Json) -> None:
    again = decode(encode(value))
    assert canonical(again) == canonical(value)
    assert again == value


@given(JSON, st.booleans(), st.sampled_from([None, 1, "\t"]))
def test_how_a_client_spells_its_json_does_not_matter(value: Json, ascii_only: bool, indent: Any) -> None:
    spelled = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()
    assert decode(spelled) == value


PIECES = st.sampled_from(
    [
        *(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            " ",
            "\n",
            '"a"',
            '"b"',
            '"a":1',
            '"a" :"x"',
            '":"',
            '"',
            "\\",
            "\\u00e9",
        ),
        *(
            "1",
            "-0",
            "1e5",
            "1E400",
            "1" * 5000,
            "0.1",
            "01",
            "true",
            "null",
            "NaN",
            "\x01",
            "\x7f",
            "\ufeff",
            "\u2028",
        ),
    ]
)
SPELLED = st.one_of(
    st.lists(PIECES, max_size=12).map(lambda found: "".join(found).encode()),
    st.tuples(JSON, st.booleans(), st.sampled_from([None, 1])).map(
        lambda how: json.dumps(how[0], ensure_ascii=how[1], indent=how[2]).encode()
    ),
    st.lists(st.tuples(st.sampled_from("ab"), JSON), min_size=1, max_size=3).map(
        lambda pairs: ("{" + ",".join(f'"{key}":{json.dumps(value)}' for key, value in pairs) + "}").encode()
    ),
    st.binary(max_size=20),
)


@given(SPELLED)
def test_what_is_read_quickly_is_what_would_be_read_with_care(body: bytes) -> None:
    assert repr(decode(body)) == repr(codec._carefully(body))


def test_without_msgspec_bodies_are_read_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec, "_DECODE", None)
    assert decode(b'{"a": ["b"]}') == {"a": ["b"]}
    assert decode(b'{"a": 1, "a": 2}') == b'{"a": 1, "a": 2}'


@given(st.binary(max_size=200))
def test_any_bytes_are_decoded_or_returned_as_they_are(body: bytes) -> None:
    value: Payload = decode(body)
    if isinstance(value, bytes):
        assert value == body
    else:
        assert decode(encode(value)) == value


def test_bytes_are_encoded_as_they_are() -> None:
    assert encode(b"\xff{") == b"\xff{"
    assert encode({"a": "é", "b": [1, None]}) == '{"a":"é","b":[1,null]}'.encode()


@given(JSON)
def test_the_quick_encoding_says_the_same(value: Json) -> None:
    assert decode(compact(value)) == decode(encode(value))


@given(st.dictionaries(TEXT, JSON, max_size=6))
def test_the_canonical_spelling_does_not_know_the_order_of_keys(value: dict[str, Json]) -> None:
    assert canonical(value) == canonical(dict(reversed(value.items())))


def test_the_canonical_spelling_tells_bytes_and_values_apart() -> None:
    assert canonical(b"") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert canonical({"b": 1, "a": " "}) == '{"a":" ","b":1}'
    bodies: tuple[Payload, ...] = (b"{}", {}, [], None, "", 0, False)
    assert len({canonical(body) for body in bodies}) == 7


def test_a_print_is_the_head_of_a_sha_256() -> None:
    assert print_of("abc") == "ba7816bf8f01cfea"
    assert print_of("") == "e3b0c44298fc1c14"
    assert len(print_of("\ud800")) == 16


@pytest.mark.parametrize(
    ("status", "body", "headers", "code"),
    [
        (200, {"__type": "X"}, (), None),
        (399, {"__type": "X"}, (), None),
        (400, {"__type": "X"}, (), "X"),
        (400, {"__type": "com.amazon.setl.webservice#X"}, (), "X"),
        (400, {"__type": "X:http://internal.amazon.com/coral/x/"}, (), "X"),
        (400, {"__type": "ns#X:http://internal.amazon.com/coral#y/"}, (), "X"),
        (400, {"__type": "A", "code": "B"}, (("x-amzn-ErrorType", "C"),), "A"),
        (400, {"code": "B"}, (("X-Amzn-Errortype", "C"),), "C"),
        (400, {"code": "ns#B"}, (), "B"),
        (400, {"__type": "", "code": "B"}, (), "B"),
        (400, {"__type": 5, "code": "B"}, (), "B"),
        (400, {"__type": None}, (("x-amzn-errortype", "ns#C:http://x"),), "C"),
        (400, {}, (), "400"),
        (503, b"<html>", (), "503"),
        (502, [], (("x-amzn-errortype", "C"),), "C"),
        (500, b"", (), "500"),
    ],
)
def test_an_error_code_is_read_as_clients_read_it(
    status: int, body: Payload, headers: Headers, code: str | None
) -> None:
    assert error_code(Reply(status, body, headers)) == code


@pytest.mark.parametrize(("code", "status"), [*ERROR_STATUS.items(), ("ThrottlingException", 400)])
def test_an_error_answer_says_its_code_twice_and_has_its_status(code: str, status: int) -> None:
    reply = error_reply(code, "why")
    assert (reply.status, reply.body) == (status, {"__type": code, "message": "why"})
    assert header(reply.headers, "X-Amzn-ErrorType") == code == error_code(reply)


def test_an_error_answers_status_can_be_chosen() -> None:
    assert error_reply("ExpiredTokenException", "old", 403).status == 403
    assert answer({"a": 1}) == Reply(200, {"a": 1})


def test_numbers_stay_finite() -> None:
    assert math.isfinite(codec._finite("1.7976931348623157e308"))


@pytest.mark.parametrize(
    ("status", "code", "helps"),
    [
        (200, None, False),
        (None, None, False),
        (400, "InvalidRequestException", False),
        (400, "ThrottlingException", True),
        (429, "Whatever", True),
        (500, "InternalServiceError", True),
        (503, None, True),
    ],
)
def test_trying_again_helps_or_not(status: int | None, code: str | None, helps: bool) -> None:
    assert passing(status, code) is helps
