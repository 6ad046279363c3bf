"""The second act's judgement: it notices whatever was not as in the first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.replay.tapes import BEAT, END, beat, empty, end, handout

from holter.cassette.reader import open_cassette
from holter.cli.encore import Fate, comparison, different, fates, foreign
from holter.wire.message import Interaction, Origin

DEMO = Path(__file__).parents[2] / "cassettes" / "demo.yaml"
RECORDED = [entry.value for entry in open_cassette(str(DEMO)) if isinstance(entry.value, Interaction)]
LOST = "TaskNotFoundException"


def test_the_fates_of_the_demos_tasks() -> None:
    assert {task: fate.end for task, fate in fates(RECORDED).items()} == {
        "task-1": "finished",
        "task-2": LOST,
        "task-3": "handed out",
        "task-4": "canceled",
        "task-5": "finished",
        "task-6": "finished",
        "task-7": "finished",
    }


@pytest.mark.parametrize(
    ("calls", "fate"),
    [
        ([handout(), beat(), end()], Fate("finished", 3)),
        ([handout(), end(status="FAILED")], Fate("failed", 2)),
        ([handout(), beat(canceled=True)], Fate("canceled", 2)),
        ([handout(), beat(error=LOST)], Fate(LOST, 2)),
        ([handout(), empty()], Fate("handed out", 1)),
    ],
)
def test_what_becomes_of_a_task(calls: list[Interaction], fate: Fate) -> None:
    assert fates(calls) == {"task-1": fate}


def test_an_act_that_went_as_the_first_is_no_different() -> None:
    assert list(different(fates(RECORDED), fates(RECORDED))) == []


def without(op: str, task: str, count: int = 100) -> Callable[[list[Interaction]], list[Interaction]]:
    """Spoil an act: the first calls of a task are missing."""

    def spoilt(calls: list[Interaction]) -> list[Interaction]:
        taken = [call for call in calls if (call.op, call.task) == (op, task)][:count]
        return [call for call in calls if not any(call is gone for gone in taken)]

    return spoilt


def failing(calls: list[Interaction]) -> list[Interaction]:
    return [
        replace(call, request={**call.request, "taskStatus": "FAILED"})
        if call.op == END and isinstance(call.request, dict)
        else call
        for call in calls
    ]


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        (
            without(END, "task-1"),
            "task-1 ended as handed out in the replay, and as finished in the recording",
        ),
        (without(BEAT, "task-4"), "task-4 ended as handed out in the replay, and as canceled in the"),
        (without(BEAT, "task-4", 2), "task-4: 5 calls were about it in the replay, and 7 in the recording"),
        (without("PollForTask", "task-3"), "task-3 ended as not there in the replay, and as handed out"),
        (failing, "task-6 ended as failed in the replay, and as finished in the recording"),
    ],
)
def test_what_went_otherwise_is_noticed(
    spoilt: Callable[[list[Interaction]], list[Interaction]], said: str
) -> None:
    first, second = fates(RECORDED), fates(spoilt(RECORDED))

    assert any(problem.startswith(said) for problem in different(first, second))
    assert list(different(second, first)) != []


def test_a_beat_more_or_less_is_the_same() -> None:
    second = fates(without(BEAT, "task-4", 1)(RECORDED))
    assert list(different(fates(RECORDED), second)) == []


@pytest.mark.parametrize("origin", [Origin.LIVE, Origin.REFUSED, None])
def test_an_answer_from_elsewhere_is_noticed(origin: Origin | None) -> None:
    assert list(foreign([beat(origin=Origin.CASSETTE), beat(origin=origin)])) == [
        f"ReportTaskProgress of task-1 was not played but {origin}"
    ]


def test_the_comparison_has_a_line_for_each_task() -> None:
    first = fates(RECORDED)
    lines = list(comparison(first, {"task-1": Fate("failed", 4)}))

    assert len(lines) == 1 + len(first)
    assert lines[1].split() == ["task-1", "finished", "failed", f"{first['task-1'].calls},", "4"]
    assert lines[2].endswith(" not there                3, 0")
