"""Times, counts and calls in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holter.report.words import answered, calls, clock, counted, fields, flat, iso, said, shorten
from holter.wire.message import NOTHING, Broken, Interaction, Json

NEW_YEAR = 1_767_225_600.0  # 2026-01-01T00:00:00Z


@pytest.mark.parametrize(
    ("wall", "day_time", "whole"),
    [
        (NEW_YEAR, "00:00:00.000", "2026-01-01T00:00:00.000000Z"),
        (NEW_YEAR + 1.25, "00:00:01.250", "2026-01-01T00:00:01.250000Z"),
        (NEW_YEAR - 0.000001, "23:59:59.999", "2025-12-31T23:59:59.999999Z"),
        (0.0, "00:00:00.000", "1970-01-01T00:00:00.000000Z"),
    ],
)
def test_a_moment_is_told_in_utc(wall: float, day_time: str, whole: str) -> None:
    assert (clock(wall), iso(wall)) == (day_time, whole)


@pytest.mark.parametrize(
    ("numbers", "text"),
    [((4,), "call 4"), ((4, 9), "calls 4 to 9"), ((4, 7, 9), "calls 4, 7 and 9")],
)
def test_the_calls_that_prove_something_are_told(numbers: tuple[int, ...], text: str) -> None:
    assert calls(numbers) == text


@pytest.mark.parametrize(("number", "text"), [(0, "0 calls"), (1, "1 call"), (2, "2 calls")])
def test_a_word_is_in_the_plural_unless_there_is_one(number: int, text: str) -> None:
    assert counted(number, "call") == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([{"key": "a", "stringValue": "1"}, {"key": "b", "refValue": "x"}], "a=1 b=x"),
        ([{"key": "a", "stringValue": "1\n\x1b[31m2"}], "a=1  [31m2"),
        ([{"key": "a"}, "stray", 5], "a=None"),
        ([{"key": "a", "stringValue": "x" * 100}], "a=" + "x" * 55 + "..."),
        ([], ""),
        (None, ""),
        ({"key": "a"}, ""),
    ],
)
def test_fields_are_told_as_key_and_value(value: Json, text: str) -> None:
    assert fields(value) == text


@given(st.text(), st.integers(3, 50))
def test_a_shortened_text_is_one_printable_line_of_at_most_that_length(text: str, length: int) -> None:
    found = shorten(text, length)

    assert len(found) <= length
    assert found == flat(found)
    assert found.isprintable()
    assert found.endswith("...") or found == flat(text)


@given(st.text())
def test_a_flat_text_keeps_its_length_and_every_printable_character(text: str) -> None:
    assert all(new in (old, " ") for old, new in zip(text, flat(text), strict=True))
    assert not text.isprintable() or flat(text) == text


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        ({"workerGroup": "wg", "hostname": "h"}, "wg"),
        ({"taskId": "t", "fields": [{"key": "done", "stringValue": "5"}]}, "done=5"),
        ({"taskStatus": "FAILED", "errorId": "E1", "errorMessage": "secret"}, "FAILED E1"),
        ({"taskrunnerId": "r-1", "workerGroup": "wg"}, "wg r-1"),
        ({"workerGroup": "a\nb"}, "a b"),
        ({"workerGroup": "w" * 99}, "w" * 67 + "..."),
        ({}, ""),
        (b"\x00", ""),
        (None, ""),
    ],
)
def test_what_the_caller_said_is_its_group_outcome_or_progress(request_: Json, text: str) -> None:
    assert said(Interaction("X", request_)) == text


HANDOUT: Json = {"taskObject": {"taskId": "task-1", "attemptId": "@A_Attempt=1\x1b[2J"}}
POLL = Interaction("PollForTask", {}, {}, status=200)
BEAT = Interaction("ReportTaskProgress", {}, {}, status=200, task="task-1")


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (replace(POLL, response=HANDOUT, task="task-1"), "hands out task-1 @A_Attempt=1 [2J"),
        (replace(POLL, response={"taskObject": {"taskId": "x"}}), "hands out -"),
        (POLL, "no task"),
        (replace(POLL, response={"taskObject": None}), "no task"),
        (replace(POLL, response={"taskObject": {}}), "no task"),
        (replace(POLL, response=b""), "no task"),
        (replace(BEAT, response={"canceled": False}), "canceled: false"),
        (replace(BEAT, response={"canceled": True}), "canceled: true"),
        (replace(BEAT, response={"canceled": "a\nb"}), "canceled: a b"),
        (BEAT, "200"),
        (replace(BEAT, response=b"<html>"), "200"),
        (replace(BEAT, status=400, error="TaskNotFoundException"), "400 TaskNotFoundException"),
        (replace(BEAT, status=400, error="Odd\n\x1b[31m"), "400 Odd  [31m"),
        (replace(BEAT, response=NOTHING, status=None, broken=Broken.CLIENT), "no answer (client)"),
        (replace(BEAT, response={"canceled": False}, broken=Broken.CLIENT), "canceled: false"),
        (Interaction("ReportTaskRunnerHeartbeat", {}, {"terminate": True}, status=200), "terminate: true"),
    ],
)
def test_what_was_answered_is_said_in_a_few_words(call: Interaction, text: str) -> None:
    assert answered(call) == text
