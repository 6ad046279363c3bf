"""missing, as a plan asks for it."""

from __future__ import annotations

import pytest

from .scenes import after, given, live, refusal


@pytest.mark.parametrize(
    ("names", "found"),
    [("true", {}), ("a", {"b": 2, "c": 3}), ("[a, c]", {"b": 2})],
)
def test_members_are_left_out(names: str, found: dict[str, int]) -> None:
    reply = live({"a": 1, "b": 2, "c": 3})

    assert given(after(f"then: {{missing: {names}}}", reply)).body == found


def test_an_answer_that_has_none_of_them_is_left_alone() -> None:
    assert (
        after("when: {op: ReportTaskProgress}, then: {missing: canceled}", live({"__type": "X"}, 400)) is None
    )
    assert after("then: {missing: true}", live(b"<html>")) is None


def test_the_members_are_those_of_the_answer() -> None:
    rule = "when: {op: ReportTaskProgress}, then: {missing: cancelled%s}"

    assert "did you mean canceled?" in refusal(rule % "")
    assert after(rule % ", force: true", live({"cancelled": True})) is not None
    assert "(it has none)" in refusal("when: {op: SetTaskStatus}, then: {missing: x}")
