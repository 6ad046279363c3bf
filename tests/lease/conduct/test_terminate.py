from __future__ import annotations

import pytest

from .stories import Story


def told(story: Story | None = None) -> Story:
    return (story or Story()).alive(10, terminate=True)


CASES = {
    "exits": (told(), []),
    "polls within the grace": (told().poll(100), []),
    "polls after it: perhaps a new process": (told().poll(131), ["terminate-ignored?"]),
    "polls, and works on an old task": (
        told(Story().began()).beat(60, 120).poll(131, 10).beat(170).ended(171),
        ["terminate-ignored"],
    ),
    "works on an old task and polls": (
        told(Story().began()).beat(60, 120, 131).poll(140, 10).ended(171),
        ["terminate-ignored"],
    ),
    "works on an old task only": (told(Story().began()).beat(60, 120, 180).ended(240), []),
    "two runners on one host": (
        told(Story().began().alive(2, name="tr-2")).beat(60, 120).poll(131, 10).beat(170).ended(171),
        ["terminate-ignored?"],
    ),
    "another runner": (told().poll(131, caller="runner-2"), []),
    "told nothing": (Story().alive(10).poll(131), []),
    "Holter was away": (told().restart(20).poll(131), []),
}


@pytest.mark.parametrize("name", CASES)
def test_a_runner_that_is_to_exit(name: str) -> None:
    story, expected = CASES[name]

    assert story.shows(*expected)


def test_the_proof_is_the_order_the_poll_and_the_old_task() -> None:
    story = told(Story().began()).beat(60, 120).poll(131, 10).beat(170).ended(171)
    (found,) = story.found()

    assert found.interactions == (3, 6, 7)
    assert found.message == "runner-1 was told terminate: true, and polled 121.00 s later; the grace is 120 s"
