"""Why a call is refused, as one table: the reason, the words, and the nearest recorded call."""

from __future__ import annotations

import pytest
from tests.replay.tapes import ALIVE, BEAT, END, POLL, Deck, beat, empty, end, handout, recorded, takes

from holter.replay.miss import Reason
from holter.replay.modes import Mode
from holter.replay.pacing import End as EndPolicy
from holter.replay.pacing import Pacing
from holter.wire.message import Json

SHOWN = ("EvaluateExpression", {"pipelineId": "df-1", "objectId": "@A", "expression": "#{a}"})
EVALUATE = (SHOWN[0], {**SHOWN[1], "expression": "#{b}"})
OTHER = {"pipelineId": "x", "objectId": "y", "expression": "z"}
FAILED = {"taskId": "LIVE", "taskStatus": "FAILED"}
TAPE = [
    empty("a"),
    handout("task-1", "a"),
    beat("task-1"),
    end("task-1"),
    beat("task-2"),
    recorded(*SHOWN, {}),
]

CASES = [
    ("ListPipelines", {}, Reason.NO_OPERATION, "run.yaml holds no ListPipelines", None),
    (ALIVE, {"taskrunnerId": "r"}, Reason.NO_OPERATION, "run.yaml holds no ReportTaskRunnerHeartbeat", None),
    (POLL, {"workerGroup": "b"}, Reason.DIFFERS, '$.workerGroup was "a" and is "b"', "run.yaml:10"),
    (BEAT, {"taskId": "unheard"}, Reason.UNKNOWN_TASK, "handed out by none of the polls", None),
    (END, FAILED, Reason.DIFFERS, '$.taskStatus was "FINISHED" and is "FAILED"', "run.yaml:40"),
    (*EVALUATE, Reason.DIFFERS, '$.expression was "#{a}" and is "#{b}"', "run.yaml:60"),
    (EVALUATE[0], OTHER, Reason.NOTHING_SIMILAR, "nothing similar", "run.yaml:60"),
]  # fmt: skip


@pytest.mark.parametrize(("op", "body", "reason", "said", "near"), CASES)
def test_a_miss_has_a_reason(
    op: str, body: dict[str, Json], reason: Reason, said: str, near: str | None
) -> None:
    deck = Deck(takes(*TAPE))
    deck.poll("a")
    live = deck.poll("a")
    if body.get("taskId") == "LIVE":
        body = {**body, "taskId": live}

    assert deck.ask(op, body) == "NotRecordedException"
    (miss,) = deck.misses
    assert (miss.reason, miss.near) == (reason, near)
    assert said in miss.text
    assert "holter record --mode new_episodes -o run.yaml" in miss.text


def test_what_all_has_been_played_says_so_and_where_it_ended() -> None:
    deck = Deck(takes(handout(), beat(), beat()), Pacing(end=EndPolicy.FAIL))
    live = deck.poll()
    assert [deck.beat(live) for _ in range(3)] == [False, False, "NotRecordedException"]
    assert deck.misses[0].reason is Reason.PLAYED
    assert "of task-1: all 2 recorded answers have been played; nearest is run.yaml:30" in deck.misses[0].text


def test_a_task_that_is_over_says_so() -> None:
    deck = Deck(takes(handout(), beat(), end()))
    live = deck.poll()
    deck.beat(live)
    deck.ask(END, {"taskId": live, "taskStatus": "FINISHED"})
    assert deck.beat(live) == "NotRecordedException"
    assert "the one recorded answer has been played, and the task has ended" in deck.misses[0].text


def test_calls_of_other_tasks_are_not_held_against_this_one() -> None:
    deck = Deck(takes(handout("task-1"), beat("task-2"), handout("task-2")))
    assert deck.beat(deck.poll()) == "NotRecordedException"
    assert deck.misses[0].reason is Reason.NOTHING_SIMILAR
    assert "run.yaml holds ReportTaskProgress of others only; nearest is run.yaml:20" in deck.misses[0].text


def test_without_a_cassette_that_is_the_reason() -> None:
    deck = Deck([], mode=Mode.NONE)
    assert deck.ask(POLL, {"workerGroup": "a"}) == "NotRecordedException"
    assert deck.misses[0].reason is Reason.NO_OPERATION
