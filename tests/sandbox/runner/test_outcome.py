from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holter.sandbox.runner.outcome import FALSE, FINISHED, STACK_LIMIT, Outcome, ended, failed, legal
from holter.wire.check import check
from holter.wire.operations import OPERATIONS


def test_a_clean_end_carries_no_error() -> None:
    assert ended(0, "noise") == FINISHED
    assert FINISHED.members() == {"taskStatus": "FINISHED"}
    assert FALSE.members() == {"taskStatus": "FALSE"}


@pytest.mark.parametrize(
    ("code", "error", "message"),
    [
        (3, "CommandFailed", "exit status 3"),
        (127, "CommandFailed", "exit status 127"),
        (-9, "CommandKilled", "SIGKILL"),
        (-250, "CommandKilled", "signal 250"),
    ],
)
def test_a_bad_end_says_how(code: int, error: str, message: str) -> None:
    members = ended(code, "last words").members()
    assert members["taskStatus"] == "FAILED"
    assert members["errorId"] == error
    assert message in members["errorMessage"]
    assert members["errorStackTrace"] == "last words"


def test_the_stack_is_the_end_of_the_output() -> None:
    assert ended(1, "a" + "b" * STACK_LIMIT).stack == "b" * STACK_LIMIT


@pytest.mark.parametrize(
    ("raw", "sent"),
    [("\x1b[31mred\x00", "�[31mred�"), ("a\tb\r\nc", "a\tb\r\nc"), ("\ufffe", "�"), ("😀é", "😀é")],
)
def test_characters_that_the_service_refuses_are_replaced(raw: str, sent: str) -> None:
    assert legal(raw) == sent


@given(st.sampled_from(["CommandFailed", "X"]), st.text(), st.text(max_size=3000))
def test_every_failure_fits_the_services_shape(error: str, message: str, output: str) -> None:
    outcome: Outcome = failed(error, message, output)
    body = {"taskId": "t", **outcome.members()}
    assert check(dict(body), OPERATIONS["SetTaskStatus"].request) == ()
