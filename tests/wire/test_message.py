from __future__ import annotations

import dataclasses

import pytest

from holter.wire.message import NOTHING, Interaction, Nothing, Payload


@pytest.mark.parametrize(
    ("mono", "asked", "ended"),
    [
        ((None, None, None), None, None),
        ((1.0, None, None), 1.0, 1.0),
        ((1.0, 2.0, None), 1.0, 2.0),
        ((1.0, 2.0, 3.0), 1.0, 3.0),
        ((None, None, 3.0), None, 3.0),
        ((0.0, 0.0, 0.0), 0.0, 0.0),
    ],
)
def test_an_interaction_knows_its_first_and_last_moment(
    mono: tuple[float | None, float | None, float | None], asked: float | None, ended: float | None
) -> None:
    interaction = Interaction("PollForTask", {}, mono=mono)
    assert (interaction.asked, interaction.ended) == (asked, ended)


def test_no_answer_is_told_apart_from_null_and_from_an_empty_body() -> None:
    bodies: tuple[Payload | Nothing, ...] = (NOTHING, None, b"", {})
    assert [Interaction("PollForTask", {}, body).response is NOTHING for body in bodies] == [
        True,
        False,
        False,
        False,
    ]


def test_values_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Interaction("PollForTask", {}).seq = 1  # type: ignore[misc]  # the point of the test
