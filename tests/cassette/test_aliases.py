from __future__ import annotations

import pytest

from holter.cassette import aliases
from holter.cassette.aliases import Aliases
from holter.wire.codec import print_of

LONG = "QUFB" * 40 + "==:1"


def test_a_task_keeps_its_alias_and_is_told_once() -> None:
    table = Aliases({})
    assert table.of(LONG) == ("task-1", print_of(LONG))
    assert table.of("other") == ("task-2", print_of("other"))
    assert table.of(LONG) == ("task-1", None)


def test_numbering_goes_on_after_what_was_learnt() -> None:
    table = Aliases({print_of(LONG): "task-7", "0" * 16: "by-hand"})
    table.learn(None, "task-9")
    assert table.of(LONG) == ("task-7", None)
    assert table.of("new")[0] == "task-10"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"no task {LONG}!", "no task task-1!"),
        (f"taskId={LONG}", "taskId=task-1"),
        (f"x{LONG}0", "xtask-2"),
        ("QUFB" * 40 + "%3D%3D%3A1", "task-1"),
        ("task short-1 is gone", "task task-3 is gone"),
        ("short-1", "task-3"),
        ("short-10 ashort-1 short-1x", "short-10 ashort-1 short-1x"),
        ("t1 is too short to look for", "t1 is too short to look for"),
    ],
)
def test_a_known_id_is_hidden_in_any_text(text: str, kept: str) -> None:
    table = Aliases({})
    for real in (LONG, LONG + "0", "short-1", "t1"):
        table.of(real)
    assert table.hide(text) == kept


def test_ids_that_look_like_aliases_are_not_mixed_up() -> None:
    table = Aliases({})
    for real in ("task-2", "task-1"):
        table.of(real)
    assert table.hide("task-2 and task-1") == "task-1 and task-2"


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aliases, "MOST_TASKS", 10)
    monkeypatch.setattr(aliases, "MOST_REAL_IDS", 3)
    table = Aliases({})
    for number in range(20):
        table.of(f"real-{number}")
    assert table.hide("real-0 real-16 real-17 real-19") == "real-0 real-16 task-18 task-20"
    assert table.of("real-12") == ("task-13", None)
    assert table.of("real-1") == ("task-21", print_of("real-1"))
