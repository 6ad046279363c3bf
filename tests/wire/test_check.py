from __future__ import annotations

from typing import Any

import pytest

from holter.wire.check import ILLEGAL, Problem, check
from holter.wire.message import Payload
from holter.wire.operations import OPERATIONS
from holter.wire.shapes import Flag, Items, Number, Record, Shape, Table, Text

WORD = Text(1, 3)


@pytest.mark.parametrize(
    ("shape", "body"),
    [
        (WORD, "a"),
        (WORD, "abc"),
        (Text(), ""),
        (Text(), "tab\tcr\rlf\n é 😀 \ufffd"),
        (Text(legal=False), "\x00\x1b"),
        (Text(enum=("A", "B")), "B"),
        (Flag(), True),
        (Flag(), False),
        (Number(), 5),
        (Number(), -5),
        (Number(time=True), 1.5),
        (Number(time=True), 1),
        (Items(WORD), []),
        (Items(WORD, 2), ["a", "b"]),
        (Table(WORD, Flag()), {"a": True}),
        (Record(), {}),
        (Record({"a": WORD, "b": Flag()}, ("a",)), {"a": "x"}),
        (Record({"a": WORD}), {"a": None}),
        (Record({"a": WORD, "b": WORD}, (), ("a", "b")), {"a": "x", "b": None}),
    ],
)
def test_what_fits_its_shape_has_no_problem(shape: Shape, body: Payload) -> None:
    assert check(body, shape) == ()


@pytest.mark.parametrize(
    ("shape", "body", "said"),
    [
        (Record(), b"", "$: is empty"),
        (Record(), b"{", "$: is not JSON"),
        (WORD, "", "$: has 0 characters, needs at least 1"),
        (WORD, "abcd", "$: has 4 characters, at most 3 are allowed"),
        (WORD, 5, "$: must be a string, not a number"),
        (WORD, True, "$: must be a string, not a boolean"),
        (WORD, None, "$: must be a string, not null"),
        (WORD, [], "$: must be a string, not a list"),
        (WORD, {}, "$: must be a string, not an object"),
        (WORD, "a\x1b", "$: holds the illegal character U+001B at 1"),
        (Text(), "\ufffe", "$: holds the illegal character U+FFFE at 0"),
        (Text(), "ab\ud800", "$: holds the illegal character U+D800 at 2"),
        (
            Text(enum=("FINISHED", "FAILED")),
            "FINISH",
            "$: 'FINISH' is none of FINISHED, FAILED (did you mean FINISHED?)",
        ),
        (Text(enum=("FINISHED",)), "xyz", "$: 'xyz' is none of FINISHED"),
        (Flag(), "true", "$: must be true or false, not a string"),
        (Flag(), 1, "$: must be true or false, not a number"),
        (Number(), 1.0, "$: must be a whole number, not 1.0"),
        (Number(), True, "$: must be a whole number, not a boolean"),
        (Number(time=True), "2026", "$: must be a number, not a string"),
        (Items(WORD), {}, "$: must be a list, not an object"),
        (Items(WORD, 1), ["a", "b"], "$: has 2 items, at most 1 are allowed"),
        (Items(WORD), ["a", ""], "$[1]: has 0 characters, needs at least 1"),
        (Table(WORD, Flag()), [], "$: must be an object, not a list"),
        (Table(WORD, Flag()), {"long": True}, "$ key 'long': has 4 characters, at most 3 are allowed"),
        (Table(WORD, Flag()), {"a": 0}, "$['a']: must be true or false, not a number"),
        (Record({"a": WORD}, ("a",)), {}, "$.a: is missing"),
        (Record({"a": WORD}, ("a",)), {"a": None}, "$.a: is missing"),
        (Record({"a": WORD}), [], "$: must be an object, not a list"),
        (
            Record({"a": WORD, "b": WORD}, (), ("a", "b")),
            {"a": "x", "b": "y"},
            "$: has a and b, only one of them is allowed",
        ),
        (Record({"taskId": WORD}), {"taskID": "x"}, "$.taskID: is unknown (did you mean taskId?)"),
        (Record({"a": WORD}), {"zzz": 1}, "$.zzz: is unknown"),
    ],
)
def test_what_is_wrong_is_said_with_its_path(shape: Shape, body: Payload, said: str) -> None:
    assert [str(problem) for problem in check(body, shape)] == [said]


@pytest.mark.parametrize(
    ("op", "side", "body", "problems"),
    [
        (
            "ReportTaskProgress",
            "response",
            {"cancelled": True},
            ["$.cancelled: is unknown (did you mean canceled?)", "$.canceled: is missing"],
        ),
        (
            "SetTaskStatus",
            "request",
            {"taskId": "t", "taskStatus": "finished"},
            ["$.taskStatus: 'finished' is none of FINISHED, FAILED, FALSE (did you mean FINISHED?)"],
        ),
        (
            "ReportTaskProgress",
            "request",
            {
                "taskId": "t",
                "fields": [{"key": "a", "stringValue": "1"}, {"stringValue": "1", "refValue": "b"}],
            },
            [
                "$.fields[1].key: is missing",
                "$.fields[1]: has stringValue and refValue, only one of them is allowed",
            ],
        ),
        (
            "PollForTask",
            "response",
            {
                "taskObject": {
                    "taskId": "t",
                    "objects": {"o": {"id": "o", "name": "o", "fields": [{"key": ""}]}},
                }
            },
            ["$.taskObject.objects['o'].fields[0].key: has 0 characters, needs at least 1"],
        ),
        (
            "SetTaskStatus",
            "request",
            {"taskId": "t" * 2049, "taskStatus": "FAILED", "errorStackTrace": "x" * 1025},
            [
                "$.taskId: has 2049 characters, at most 2048 are allowed",
                "$.errorStackTrace: has 1025 characters, at most 1024 are allowed",
            ],
        ),
        (
            "SetTaskStatus",
            "request",
            {"taskId": "t", "taskStatus": "FAILED", "errorMessage": "\x1b" * 99999},
            [],
        ),
    ],
)
def test_a_message_is_held_against_its_operations_table(
    op: str, side: str, body: dict[str, Any], problems: list[str]
) -> None:
    row = OPERATIONS[op]
    found = check(body, row.request if side == "request" else row.response)
    assert [str(problem) for problem in found] == problems


@pytest.mark.parametrize("lower", [True, False])
def test_a_word_in_the_wrong_case_is_recognised(lower: bool) -> None:
    shape = Text(enum=("FINISHED", "FAILED"))
    (problem,) = check("finished" if lower else "Finished", shape)
    assert problem == Problem("$", problem.text)
    assert "did you mean FINISHED?" in problem.text


def test_the_legal_characters_are_the_models() -> None:
    from botocore.loaders import Loader

    model = Loader().load_service_model("datapipeline", "service-2")
    pattern = model["shapes"]["id"]["pattern"]
    assert pattern == r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*"
    illegal = {code for code in range(0x110000) if ILLEGAL.fullmatch(chr(code))}
    assert illegal == (set(range(0x20)) - {9, 10, 13}) | set(range(0xD800, 0xE000)) | {0xFFFE, 0xFFFF}
