"""error, as a plan asks for it."""

from __future__ import annotations

import pytest

from holter.faults.aws_errors import COMMON
from holter.wire.codec import error_code
from holter.wire.operations import ERROR_STATUS

from .scenes import before, given, refusal


@pytest.mark.parametrize(("code", "status"), [*ERROR_STATUS.items(), *COMMON.items()])
def test_every_error_comes_with_its_status(code: str, status: int) -> None:
    reply = given(before(f"when: {{op: ReportTaskProgress}}, then: {{error: {code}}}"))

    assert (error_code(reply), reply.status) == (code, status)
    assert dict(reply.headers)["x-amzn-ErrorType"] == code


def test_status_and_message_can_be_chosen() -> None:
    reply = given(before("then: {error: ExpiredTokenException, status: 400, message: gone}"))

    assert (reply.status, reply.body) == (400, {"__type": "ExpiredTokenException", "message": "gone"})


def test_force_lets_any_code_through() -> None:
    assert given(before("then: {error: OutOfCheese, force: true}")).status == 400


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("then: {error: InternalServiceEror}", "did you mean InternalServiceError?"),
        (
            "when: {op: PollForTask}, then: {error: PipelineDeletedException}",
            "is no error of PollForTask, which has InternalServiceError, InvalidRequestException",
        ),
        ("then: {error: 500}", "must be a text, not 500"),
        ("then: {error: InternalServiceError, status: 700}", "must be an HTTP status from 200 to 599"),
        ("then: {error: InternalServiceError, statu: 500}", "unknown option of error (did you mean status?)"),
    ],
)
def test_an_error_is_held_against_the_protocol(rule: str, said: str) -> None:
    assert said in refusal(rule)
