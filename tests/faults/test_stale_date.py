"""stale date, as a plan asks for it."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

from holter.faults.planfile import parse

from .scenes import WALL, after, given, text


def test_the_answer_is_dated_before_the_call() -> None:
    reply = given(after("then: {stale_date: 3600}"))
    (date,) = [value for name, value in reply.headers if name == "Date"]

    assert parsedate_to_datetime(date).timestamp() == WALL + 1 - 3600


def test_a_scale_does_not_touch_it() -> None:
    (rule,) = parse(text("then: {stale_date: 3600}"), "plan", 0.01).rules

    assert rule.rule.then[0].fault.seconds == 3600  # type: ignore[attr-defined]  # of StaleDate
