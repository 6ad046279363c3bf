from __future__ import annotations

import pytest

from holter.wire.message import Broken, Origin

from .stories import DELETED, NOT_FOUND, Story


def gone(error: str = NOT_FOUND) -> Story:
    return Story().began().gone(60, error)


NF, PG, SG = "continue-after-task-not-found", "continue-after-pipeline-gone", "status-after-gone"
CASES = {
    "let go": (gone(), []),
    "a beat that was on its way": (gone().gone(62), []),
    "a beat soon after": (gone().gone(63), [f"{NF}?"]),
    "a beat after the grace": (gone().gone(121), [NF]),
    "the pipeline is gone": (gone(DELETED).gone(121, DELETED), [PG]),
    "the pipeline is gone, let go": (gone(DELETED), []),
    "a status once": (gone().ended(121, error=NOT_FOUND), [SG]),
    "a status at once": (gone().ended(61), []),
    "a status twice": (gone().ended(121, error=NOT_FOUND).ended(190, error=NOT_FOUND), [SG, NF]),
    "the next try of a call from before": (gone().retried(130), []),
    "handed out again": (gone().handed(100).beat(101, 161).ended(162), []),
    "Holter was away in between": (gone().restart(70).gone(200), []),
}


@pytest.mark.parametrize("name", CASES)
def test_what_comes_after_the_task_is_gone(name: str) -> None:
    story, expected = CASES[name]

    assert story.shows(*expected)


def test_an_answer_that_the_runner_did_not_get_tells_it_nothing() -> None:
    story = Story().began()
    for who, origin in ((Broken.CLIENT, Origin.LIVE), (None, Origin.REFUSED)):
        story.call(
            "ReportTaskProgress", 60, task="task-1", status=400, error=NOT_FOUND, broken=who, origin=origin
        )

    assert story.beat(125).ended(126).shows()


def test_an_answer_for_which_the_client_may_not_have_waited_tells_nothing_for_certain() -> None:
    def told(latency: float) -> Story:
        story = Story().began()
        story.call("ReportTaskProgress", 60, task="task-1", status=400, error=NOT_FOUND, latency=latency)
        return story.gone(200)

    assert told(20).shows(NF)
    assert told(20.5).shows(f"{NF}?")


def test_a_client_without_numbers_may_send_a_call_from_before_again() -> None:
    late = Story().began()
    late.call("ReportTaskProgress", 59, task="task-1", status=None, broken=Broken.CLIENT, latency=120)
    late.gone(60)

    assert late.gone(185).shows()
    assert late.gone(205).shows(NF)
