"""patch, as a plan asks for it."""

from __future__ import annotations

import pytest

from holter.faults.patch import merged
from holter.wire.message import Json

from .scenes import HEADERS, after, given, live, refusal


@pytest.mark.parametrize(
    ("body", "patch", "found"),
    [
        ({"a": 1}, {"a": 2}, {"a": 2}),
        ({"a": 1, "b": 2}, {"a": None}, {"b": 2}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 3}}, {"a": {"b": 3, "c": 2}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({}, {"a": {"b": None}}, {"a": {}}),
        ([1], {"a": 1}, {"a": 1}),
        ({"a": 1}, 5, 5),
    ],
)
def test_a_merge_patch_does_what_its_standard_says(body: Json, patch: Json, found: Json) -> None:
    assert merged(body, patch) == found


def test_the_services_answer_keeps_all_but_what_is_patched() -> None:
    reply = given(after("when: {op: ReportTaskProgress}, then: {patch: {canceled: true}}"))

    assert (reply.status, reply.body) == (200, {"canceled": True})
    assert [name for name, _ in reply.headers] == ["x-amzn-RequestId", "Content-Type", "Date"]
    assert HEADERS[0] in reply.headers


def test_an_answer_that_is_no_object_is_left_alone() -> None:
    assert after("then: {patch: {canceled: true}}", live(b"<html>")) is None


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("when: {op: ReportTaskProgress}, then: {patch: {cancelled: true}}", "did you mean canceled?"),
        ("when: {op: ReportTaskProgress}, then: {patch: {canceled: 3}}", "must be true or false"),
        ("then: {patch: 5}", "must be a mapping, not 5"),
        ("then: {patch: {a: 1}, stage: before}", "patch can only be had after the service"),
    ],
)
def test_a_patch_is_held_against_the_protocol(rule: str, said: str) -> None:
    assert said in refusal(rule)


@pytest.mark.parametrize("patch", ["{cancelled: true}, force: true", "{canceled: null}", "{canceled: true}"])
def test_members_may_go_and_force_lets_anything_through(patch: str) -> None:
    assert after(f"when: {{op: ReportTaskProgress}}, then: {{patch: {patch}}}") is not None
