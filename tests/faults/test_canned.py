"""canned, as a plan asks for it."""

from __future__ import annotations

import pytest

from .scenes import after, before, given, refusal


@pytest.mark.parametrize(
    ("rule", "status", "body"),
    [
        ("when: {op: ReportTaskProgress}, then: {answer: {canceled: true}}", 200, {"canceled": True}),
        ("then: {answer: {cancelled: true}, force: true}", 200, {"cancelled": True}),
        ("then: {answer: {say: no}, status: 418}", 418, {"say": "no"}),
        ("then: {answer: null, force: true}", 200, None),
    ],
)
def test_the_answer_is_the_plans_own(rule: str, status: int, body: object) -> None:
    reply = given(before(rule))

    assert (reply.status, reply.body) == (status, body)


def test_it_can_take_the_place_of_the_services() -> None:
    rule = "when: {op: ReportTaskProgress}, then: {answer: {canceled: true}, stage: after}"

    assert given(after(rule)).body == {"canceled": True}


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            "when: {op: ReportTaskProgress}, then: {answer: {cancelled: true}}",
            "$.rules[0].then.answer: is no answer to ReportTaskProgress: $.cancelled: is unknown "
            "(did you mean canceled?); force: true lets it through",
        ),
        (
            "when: {op: ReportTaskProgress}, then: {answer: {canceled: 1}}",
            "must be true or false",
        ),
        ("when: {op: [ReportTaskProgress, PollForTask]}, then: {answer: {}}", "$.canceled: is missing"),
        ("then: {answer: {}}", "to which operation?"),
        ("then: {answer: {}, status: 99, force: true}", "then.status: must be an HTTP status"),
        ("then: {answer: {}, force: false}", "then.force: must be true"),
    ],
)
def test_an_answer_is_held_against_the_protocol(rule: str, said: str) -> None:
    assert said in refusal(rule)
