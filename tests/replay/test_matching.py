"""When two calls are the same, as one table; and what is said where they are not."""

from __future__ import annotations

from typing import Any

import pytest

from holter.errors import ConfigError
from holter.replay.matching import IGNORED, Difference, Matching, leaves
from holter.wire.message import NOTHING, Json, Payload
from holter.wire.operations import OPERATIONS

POLL, BEAT, END, ALIVE = "PollForTask", "ReportTaskProgress", "SetTaskStatus", "ReportTaskRunnerHeartbeat"
STRICT: Any = {BEAT: {"ignore": []}}
VALUES: Any = {BEAT: {"ignore": ["fields[].stringValue"]}}


def fields(value: str, key: str = "percent") -> Json:
    return [{"key": key, "stringValue": value}]


CASES: list[tuple[str, Payload, Payload, Any, bool]] = [
    (POLL, {"workerGroup": "a", "hostname": "x"}, {"hostname": "y", "workerGroup": "a"}, None, True),
    (POLL, {"workerGroup": "a"}, {"workerGroup": "a", "instanceIdentity": {"document": "d"}}, None, True),
    (POLL, {"workerGroup": "a"}, {"workerGroup": "b"}, None, False),
    (POLL, {"workerGroup": "a", "hostname": "x"}, {"workerGroup": "a"}, {POLL: {"ignore": []}}, False),
    (
        BEAT,
        {"taskId": "task-1", "fields": fields("50")},
        {"taskId": "live", "fields": fields("51")},
        None,
        True,
    ),
    (BEAT, {"taskId": "task-1"}, {"taskId": "live", "fields": []}, None, True),
    (
        BEAT,
        {"taskId": "task-1", "fields": fields("50")},
        {"taskId": "x", "fields": fields("51")},
        STRICT,
        False,
    ),
    (
        BEAT,
        {"taskId": "task-1", "fields": fields("50")},
        {"taskId": "x", "fields": fields("50")},
        STRICT,
        True,
    ),
    (
        BEAT,
        {"taskId": "task-1", "fields": fields("50")},
        {"taskId": "x", "fields": fields("51")},
        VALUES,
        True,
    ),
    (BEAT, {"fields": fields("50")}, {"fields": fields("50", "other")}, VALUES, False),
    (END, {"taskId": "a", "taskStatus": "FINISHED"}, {"taskId": "b", "taskStatus": "FAILED"}, None, False),
    (
        END,
        {"taskStatus": "FAILED", "errorMessage": "a"},
        {"taskStatus": "FAILED", "errorStackTrace": "b"},
        None,
        True,
    ),
    (END, {"taskStatus": "FAILED", "errorId": "a"}, {"taskStatus": "FAILED", "errorId": "b"}, None, False),
    (ALIVE, {"taskrunnerId": "a", "hostname": "x"}, {"taskrunnerId": "b", "hostname": "y"}, None, True),
    (
        ALIVE,
        {"taskrunnerId": "a", "workerGroup": "x"},
        {"taskrunnerId": "a", "workerGroup": "y"},
        None,
        False,
    ),
    ("ListPipelines", {"marker": "1"}, {}, None, True),
    ("EvaluateExpression", {"expression": "#{a}"}, {"expression": "#{b}"}, None, False),
    ("NewOperation", {"a": 1, "b": [True]}, {"b": [True], "a": 1}, None, True),
    ("NewOperation", {"a": 1}, {"a": True}, None, False),
    (POLL, b"\0", b"\0", None, True),
    (POLL, b"\0", b"\1", None, False),
    (POLL, b"\0", {}, None, False),
]


@pytest.mark.parametrize(("op", "one", "other", "match_on", "same"), CASES)
def test_calls_are_the_same_or_not(op: str, one: Payload, other: Payload, match_on: Any, same: bool) -> None:
    matching = Matching(match_on)
    assert (matching.key(op, one) == matching.key(op, other)) is same
    assert (matching.differences(op, one, other) == []) is same


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ({"a": 1, "b": 2}, {"b": 3, "c": 4}, [("$.a", 1, NOTHING), ("$.b", 2, 3), ("$.c", NOTHING, 4)]),
        ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}, 4]}, [("$.a[1].b", 2, 3), ("$.a[2]", NOTHING, 4)]),
        ({"a": 1}, {"a": "1"}, [("$.a", 1, "1")]),
        ({"a": None}, {}, [("$.a", None, NOTHING)]),
        (b"abc", {}, [("$", "3 bytes that are not JSON", {})]),
    ],
)
def test_differences_are_told_by_their_paths(one: Payload, other: Payload, found: list[Any]) -> None:
    assert Matching().differences("NewOperation", one, other) == [Difference(*one) for one in found]


@pytest.mark.parametrize(
    ("match_on", "said"),
    [
        ([], "match_on: must name operations"),
        ("PollForTask", "match_on: must name operations"),
        ({"PolForTask": {"ignore": []}}, "match_on.PolForTask: is no operation (did you mean PollForTask?)"),
        ({"x": {"ignore": []}}, "match_on.x: is no operation (known: PollForTask, ReportTaskProgress,"),
        ({POLL: ["hostname"]}, "match_on.PollForTask: must be {ignore: [PATH, ...]}"),
        ({POLL: {"ignore": "hostname"}}, "match_on.PollForTask: must be {ignore: [PATH, ...]}"),
        ({POLL: {"ignored": []}}, "match_on.PollForTask: must be {ignore: [PATH, ...]}"),
        (
            {POLL: {"ignore": ["host"]}},
            "match_on.PollForTask.ignore: 'host' leads nowhere: 'host' is none of workerGroup, hostname, ",
        ),
        ({POLL: {"ignore": ["a b"]}}, "match_on.PollForTask.ignore: 'a b' is no path"),
        ({BEAT: {"ignore": ["taskId"]}}, "match_on.ReportTaskProgress.ignore: taskId is bound"),
    ],
)
def test_a_wrong_match_on_is_refused_with_what_is_allowed(match_on: Any, said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        Matching(match_on)
    assert str(refused.value).startswith(said)
    assert "\n" not in str(refused.value)


def test_the_defaults_name_operations_and_members_that_exist() -> None:
    assert set(IGNORED) <= set(OPERATIONS)
    Matching({op: {"ignore": list(ignored)} for op, ignored in IGNORED.items()})


def test_leaves_are_counted() -> None:
    values: list[Any] = [{}, [], 1, None, NOTHING, {"a": [1, {"b": 2}], "c": None}]
    assert [leaves(value) for value in values] == [0, 0, 1, 1, 0, 3]
