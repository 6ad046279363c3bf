from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.replay.tapes import TAPE

from holter.replay.binding import Binding, live_id
from holter.replay.take import Tape
from holter.wire.check import check
from holter.wire.members import TASK_ID

OTHER = Tape(1, "other.yaml", "5f0c9c1e")


def test_an_id_is_like_the_services_own_and_the_same_in_every_run() -> None:
    found = live_id(TAPE, "task-1", 1)
    assert found == live_id(TAPE, "task-1", 1)
    assert all(sign in found for sign in "+/=:")
    assert re.fullmatch(r"[A-Za-z0-9+/=:]{100,2048}", found)
    assert check(found, TASK_ID) == ()


@given(
    st.lists(
        st.tuples(st.sampled_from([TAPE, OTHER]), st.text(max_size=8), st.integers(1, 99)),
        unique=True,
        max_size=20,
    )
)
def test_two_tasks_never_share_an_id(tasks: list[tuple[Tape, str, int]]) -> None:
    assert len({live_id(*task) for task in tasks}) == len(tasks)


def test_a_task_is_found_by_its_live_id_and_every_round_has_a_new_one() -> None:
    binding = Binding()
    first, second = binding.hand_out(TAPE, "task-1"), binding.hand_out(TAPE, "task-1")
    other = binding.hand_out(OTHER, "task-1")

    assert len({first.live, second.live, other.live}) == 3
    assert [first.round, second.round, other.round] == [1, 2, 1]
    assert [binding.of(one.live) for one in (first, second, other)] == [first, second, other]
    assert first.made


@pytest.mark.parametrize("live", ["unheard of", "task-1", None, 7, ["x"]])
def test_what_was_not_handed_out_is_bound_to_nothing(live: str | None) -> None:
    binding = Binding()
    binding.hand_out(TAPE, "task-1")
    assert binding.of(live) is None


def test_an_id_from_elsewhere_can_be_tied_and_is_not_our_own() -> None:
    binding = Binding()
    assert binding.of("real+id") is None
    bound = binding.tie(TAPE, "task-1", "real+id")
    assert binding.of("real+id") is bound
    assert not bound.made


def test_of_those_that_are_over_only_the_latest_are_remembered() -> None:
    binding = Binding(10)
    held = binding.hand_out(TAPE, "held")
    bounds = [binding.hand_out(TAPE, "task-1") for _ in range(200)]
    for bound in bounds:
        bound.over = True
    late = [binding.hand_out(TAPE, "task-2") for _ in range(30)]
    assert binding.of(held.live) is held
    assert [binding.of(bound.live) is bound for bound in bounds] == [False] * 190 + [True] * 10
    assert all(binding.of(bound.live) is bound for bound in late)


def test_texts_name_live_ids_of_the_same_tape_and_leave_others_alone() -> None:
    binding = Binding()
    live = binding.hand_out(TAPE, "task-1").live
    text = "task-1: task-12 is not (task-1), nor a-task-1 or task-1-b"
    assert binding.named(text, TAPE) == f"{live}: task-12 is not ({live}), nor a-task-1 or task-1-b"
    assert binding.named(text, OTHER) == text
