"""A call on its way: what is kept of it, whoever had a hand in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from holter.cassette.redaction import Redactor
from holter.flight import Flight, answered, begun, kept, oldest, told
from holter.lease.handout import read
from holter.lease.profile import DOCUMENTED
from holter.wire.caller import Callers
from holter.wire.codec import answer, error_reply
from holter.wire.decision import Answer, Break, Cut, Decision, Forward
from holter.wire.message import Broken, Call, Interaction, Json, Moment, Origin, Reply

REAL = "QUFB+/==:bWFj:1"
CALL = Call("ReportTaskProgress", {"taskId": REAL}, Moment(100.0, 1.0), peer="10.0.0.1:1")
LIVE = answer({"canceled": False})


def flight() -> tuple[Flight, Redactor, Callers]:
    redactor, callers = Redactor(), Callers()
    asked = begun(CALL, redactor, callers)
    return Flight(asked, CALL), redactor, callers


@pytest.mark.parametrize(
    ("decision", "origin", "ours"),
    [
        (Forward(), Origin.LIVE, False),
        (Forward(2.0, 1, "r"), Origin.LIVE, False),
        (Answer(LIVE, Origin.FAULT, "r"), Origin.FAULT, True),
        (Answer(LIVE, Origin.CASSETTE), Origin.CASSETTE, False),
        (Answer(LIVE, Origin.REFUSED), Origin.REFUSED, True),
        (Break("x", "r"), Origin.FAULT, True),
        (Break("x"), Origin.LIVE, False),
    ],
)
def test_who_answers_is_known_from_the_decision(decision: Decision, origin: Origin, *, ours: bool) -> None:
    found, _, _ = flight()
    found.ruled(decision)

    assert (found.origin, found.fault, found.ours) == (origin, decision.by, ours)


def test_an_answer_in_the_services_place_stands_beside_the_services_own() -> None:
    found, redactor, callers = flight()
    found.overruled(Answer(error_reply("InternalServiceError", "x"), Origin.FAULT, "r"), LIVE, redactor)
    assert found.held is not None
    done = answered(found.asked, found.given(found.held, 2.0, 3.0), redactor, callers)

    assert (done.status, done.error, done.origin, done.fault) == (500, "InternalServiceError", "fault", "r")
    assert done.upstream == {"status": 200, "response": {"canceled": False}}
    assert done.mono == (1.0, 2.0, 3.0)


def test_an_answer_that_only_waited_is_the_services() -> None:
    found, redactor, callers = flight()
    found.overruled(Answer(LIVE, Origin.LIVE, "r", 2.0), LIVE, redactor)
    done = answered(found.asked, found.given(LIVE, 4.0, 4.0), redactor, callers)

    assert (done.origin, done.fault, done.upstream, done.status) == (Origin.LIVE, "r", None, 200)


@pytest.mark.parametrize("who", [Broken.US, Broken.CLIENT])
def test_an_answer_kept_back_is_the_faults_doing_whoever_left_first(who: Broken) -> None:
    found, redactor, _ = flight()
    decision = Break("x", "r") if who is Broken.US else Answer(LIVE, Origin.LIVE, "r", 9.0)
    found.overruled(decision, LIVE, redactor)
    done = found.broken(who, 5.0)

    assert (done.origin, done.fault, done.broken, done.status) == (Origin.FAULT, "r", who, None)
    assert done.upstream == {"status": 200, "response": {"canceled": False}}
    assert done.mono == (1.0, None, 5.0)


def test_a_decision_is_marked_with_what_it_cuts_unless_that_is_the_services_own() -> None:
    found, redactor, _ = flight()
    cut = Break("cut", "r", cut=Cut.MIDDLE, reply=LIVE)
    (own,) = found.marks(cut, redactor, 2.5, LIVE)
    (made,) = found.marks(replace(cut, reply=error_reply("X", f"no {REAL}", 500)), redactor, 1.0)

    assert (own.what, own.at, own.mono, "reply" in own.more) == ("fault", 101.5, 2.5, False)
    reply = made.more["reply"]
    assert isinstance(reply, dict)
    assert (reply["status"], reply["response"]) == (500, {"__type": "X", "message": "no task-1"})
    assert list(found.marks(Forward(), redactor, 1.0)) == []


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(200, b""), {"status": 200, "response_base64": ""}),
        (Reply(502, b"<html>"), {"status": 502, "error": "502", "response_base64": "PGh0bWw+"}),
        (
            error_reply("TaskNotFoundException", f"no {REAL}"),
            {
                "status": 400,
                "error": "TaskNotFoundException",
                "response": {"__type": "TaskNotFoundException", "message": "no task-1"},
            },
        ),
    ],
)
def test_what_the_service_said_is_kept_without_secrets(reply: Reply, said: dict[str, Json]) -> None:
    _, redactor, _ = flight()

    assert kept(CALL.op, reply, redactor) == said


def test_a_plan_is_told_what_the_lease_knows() -> None:
    asked = replace(begun(CALL, Redactor(), Callers()), caller="runner-1")
    objects: Json = {"@A": {"fields": [{"key": "type", "stringValue": "ShellCommandActivity"}]}}
    task: Json = {"taskId": "task-1", "attemptId": "@A", "pipelineId": "df-1", "objects": objects}
    given = read(Interaction("PollForTask", {}, {"taskObject": task}, status=200), DOCUMENTED)
    known = told(CALL, asked, given, 12.5)

    assert (known.task, known.runner, known.attempt, known.pipeline, known.activity, known.age) == (
        "task-1",
        "runner-1",
        "@A",
        "df-1",
        "ShellCommandActivity",
        12.5,
    )
    unknown = Flight(asked, CALL).told
    assert (unknown.task, unknown.attempt, unknown.age) == ("task-1", None, None)


@pytest.mark.parametrize(("at", "found"), [(5.0, 1.0), (0.5, 0.5)])
def test_the_oldest_call_on_its_way_is_known_by_when_it_was_asked(at: float, found: float) -> None:
    flights = [flight()[0] for _ in range(3)]
    flights[0].asked = replace(flights[0].asked, mono=(2.0, None, None))
    flights[2].asked = replace(flights[2].asked, mono=(None, None, None))
    assert oldest(flights, at) == found
    assert oldest([], at) == at


def test_a_plan_is_told_of_a_call_as_one_and_the_same() -> None:
    found, _, _ = flight()

    assert found.told is found.told
    assert found.told.call is CALL
