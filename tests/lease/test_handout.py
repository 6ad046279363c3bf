from __future__ import annotations

import pytest

from holter.lease import handout
from holter.lease.profile import DOCUMENTED
from holter.wire.message import Interaction, Json

from .history import task_object


def polled(response: Json) -> Interaction:
    return Interaction("PollForTask", {}, response, status=200)


def test_a_handout_tells_task_activity_and_limit() -> None:
    body = task_object(
        "t", "Copy_Step_2026-01-02T00:00:00_Attempt=3", ("type", "X"), ("reportProgressTimeout", "2 hours")
    )
    given = handout.read(polled(body), DOCUMENTED)

    assert (given.activity, given.kind, given.pipeline) == ("Copy_Step", "X", "df-1")
    assert (given.limit.name, given.limit.seconds, given.limit_known) == (
        "reportProgressTimeout",
        7200.0,
        True,
    )


@pytest.mark.parametrize(
    ("period", "seconds", "known"),
    [("15 Minutes", 900.0, True), ("1 hour", 3600.0, True), ("#{t}", 900.0, False), ("soon", 900.0, False)],
)
def test_the_limit_is_read_in_every_spelling_and_scaled(period: str, seconds: float, known: bool) -> None:
    body = task_object("t", "A_2026-01-02T00:00:00_Attempt=1", ("reportProgressTimeout", period))
    given = handout.read(polled(body), DOCUMENTED.scaled(0.5))

    assert (given.limit.seconds, given.limit_known) == (seconds / 2, known)


def test_the_limit_may_stand_on_a_parent_and_parents_may_go_in_a_circle() -> None:
    body = task_object("t", "A_2026-01-02T00:00:00_Attempt=1", ("parent", "A"))
    assert isinstance(body, dict)
    objects = body["taskObject"]["objects"]  # type: ignore[index,call-overload]  # built three lines above
    objects["A"] = {  # type: ignore[index,call-overload]
        "id": "A",
        "fields": [{"key": "parent", "refValue": "B"}],
    }
    objects["B"] = {  # type: ignore[index,call-overload]
        "id": "B",
        "fields": [
            {"key": "parent", "refValue": "A"},
            {"key": "reportProgressTimeout", "stringValue": "1 hour"},
        ],
    }

    assert handout.read(polled(body), DOCUMENTED).limit.seconds == 3600.0


@pytest.mark.parametrize(
    ("period", "limit"),
    [
        ("2 hours", 7200.0),
        ("30 Minutes", 1800.0),
        ("1 Day", 86400.0),
        ("#{t}", None),
        ("", None),
        ("x", None),
    ],
)
def test_the_timeout_of_the_attempt_is_read_likewise_and_has_no_default(
    period: str, limit: float | None
) -> None:
    body = task_object("t", "A_2026-01-02T00:00:00_Attempt=1", ("attemptTimeout", period))
    given = handout.read(polled(body), DOCUMENTED.scaled(0.5))

    assert (given.timeout.seconds if given.timeout else None) == (limit / 2 if limit else None)
    assert given.timeout is None or given.timeout.name == "attemptTimeout"
    assert (given.limit.name, given.limit_known) == ("progress", True)
    assert dict(given.unread) == ({} if limit else {"attemptTimeout": period})


def test_what_could_not_be_read_is_kept_as_it_stands_there() -> None:
    fields = [("reportProgressTimeout", "#{myTimeout}"), ("attemptTimeout", "1 hour")]
    body = task_object("t", "A_2026-01-02T00:00:00_Attempt=1", *fields)

    assert handout.read(polled(body), DOCUMENTED).unread == {"reportProgressTimeout": "#{myTimeout}"}


def test_a_value_of_the_task_itself_goes_before_its_parents() -> None:
    fields = [("parent", "A"), ("attemptTimeout", "1 hour")]
    body = task_object("t", "A_2026-01-02T00:00:00_Attempt=1", *fields)
    assert isinstance(body, dict)
    parent: list[Json] = [{"key": "attemptTimeout", "stringValue": "3 hours"}]
    body["taskObject"]["objects"]["A"] = {"id": "A", "fields": parent}  # type: ignore[index,call-overload]
    timeout = handout.read(polled(body), DOCUMENTED).timeout

    assert timeout is not None
    assert timeout.seconds == 3600.0


@pytest.mark.parametrize(
    "body",
    [{}, {"taskObject": None}, {"taskObject": {}}, b"", b"<html>", None, [], {"taskObject": "x"}],
)
def test_an_answer_without_a_task_hands_nothing_out(body: Json) -> None:
    assert not handout.is_handout(polled(body))


@pytest.mark.parametrize("objects", [None, [], {}, {"@A_Attempt=1": None}, {"@A_Attempt=1": {"fields": "x"}}])
def test_a_strange_task_object_gets_the_default_limit(objects: Json) -> None:
    body: Json = {"taskObject": {"taskId": "t", "attemptId": "@A_Attempt=1", "objects": objects}}
    given = handout.read(polled(body), DOCUMENTED)

    assert handout.is_handout(polled(body))
    assert (given.limit.name, given.limit.seconds) == ("progress", 900.0)
    assert given.activity == "@A_Attempt=1"
