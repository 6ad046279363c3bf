from __future__ import annotations

import pytest

from holter.sandbox.component import Component, Field, texts
from holter.sandbox.instance import Instance
from holter.sandbox.status import ENDED, Status


def instance(**settings: str) -> Instance:
    component = Component("A", "A", texts(settings))
    return Instance("@A_t", component, component, 0.0, 0.0, 1, "wg")


@pytest.mark.parametrize(
    ("delay", "scale", "seconds"),
    [(None, 1, 120), ("1 minute", 1, 120), ("10 minutes", 1, 600), ("10 minutes", 0.01, 6), ("odd", 0.5, 60)],
)
def test_two_minutes_lie_between_attempts_at_least(delay: str | None, scale: float, seconds: float) -> None:
    made = instance(**({"retryDelay": delay} if delay else {}))
    assert made.delay(scale) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("retries", "left"), [(None, 0), ("0", 0), ("3", 3), ("5", 5), ("9", 5), ("many", 0)]
)
def test_retries_are_five_at_most_and_none_unless_asked_for(retries: str | None, left: int) -> None:
    made = instance(**({"maximumRetries": retries} if retries else {}))
    made.refill()
    assert made.left == left


def test_attempts_are_numbered_and_the_last_that_has_not_ended_is_current() -> None:
    made = instance()
    assert made.current is None
    first = made.next_attempt()
    assert first.id == "@A_t_Attempt=1"
    assert made.attempt(first.id) is first
    first.status = Status.FAILED
    assert first.status in ENDED
    assert made.current is None
    assert made.next_attempt().id == "@A_t_Attempt=2"
    assert made.attempt("@A_t_Attempt=1") is first
    assert made.attempt("@A_t_Attempt=9") is None


def test_what_a_runner_tells_again_replaces_what_it_told() -> None:
    attempt = instance().next_attempt()
    attempt.tell((Field("a", "1"), Field("a", "2"), Field("b", "3")))
    attempt.tell((Field("a", "4"),))
    assert attempt.told == (Field("b", "3"), Field("a", "4"))


@pytest.mark.parametrize(
    ("mode", "cascades"), [("cascade", True), ("CASCADE", True), ("none", False), ("", False)]
)
def test_failures_cascade_only_where_the_definition_says_so(mode: str, cascades: bool) -> None:
    assert instance(failureAndRerunMode=mode).cascades is cascades
