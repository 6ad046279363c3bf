"""What is told at the end of a replay."""

from __future__ import annotations

import pytest

from holter.replay.leftovers import told

from .tapes import beat, end, handout, takes

SEVEN = takes(handout(), *(beat() for _ in range(5)), end())


@pytest.mark.parametrize(
    ("missed", "left", "lines"),
    [
        (0, 0, []),
        (1, 0, ["1 call was refused, having no recorded answer"]),
        (
            3,
            1,
            [
                "3 calls were refused, having no recorded answer",
                "run.yaml:10: PollForTask was never asked for",
            ],
        ),
    ],
)
def test_both_are_told_if_there_are_any(missed: int, left: int, lines: list[str]) -> None:
    assert list(told(missed, SEVEN[:left])) == lines


def test_of_many_a_few_are_named() -> None:
    lines = list(told(0, SEVEN))

    assert [line.partition(":")[0] for line in lines[:5]] == ["run.yaml"] * 5
    assert lines[5:] == ["and 2 more were never asked for"]
