"""pipeline deleted, as a plan asks for it."""

from __future__ import annotations

from holter.wire.codec import error_code

from .scenes import BEAT, END, asked, given, plan

RULE = "when: {op: ReportTaskProgress, task: task-1, at_most: 1}, then: {pipeline_deleted: true}"


def test_all_tasks_of_the_pipeline_are_told_and_those_of_others_are_not() -> None:
    made = plan(RULE)
    calls = [
        asked(BEAT, "task-2", pipeline="df-1"),
        asked(BEAT, "task-1", pipeline="df-1"),
        asked(BEAT, "task-2", pipeline="df-1"),
        asked(END, "task-1", pipeline="df-1"),
        asked(BEAT, "task-3", pipeline="df-2"),
    ]
    found = [made.before(call) for call in calls]

    assert [decision is not None for decision in found] == [False, True, True, True, False]
    assert {error_code(given(one)) for one in found if one} == {"PipelineDeletedException"}


def test_of_a_task_whose_pipeline_is_not_known_it_is_the_task_alone() -> None:
    made = plan(RULE)

    found = [made.before(asked(BEAT, task)) is not None for task in ("task-1", "task-1", "task-2")]
    assert found == [True, True, False]
