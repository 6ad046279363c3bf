"""The record modes, case by case: what happens to each call, how many go live, and the file after."""

from __future__ import annotations

import pytest

from holter.replay.modes import TABLE, Action, File, Mode, decide, row
from holter.settings import MODE

P, R, F, X = Action.PLAY, Action.RECORD, Action.FORWARD, Action.REFUSE

CASES = [
    # mode, file there; a known call, an unknown one, one about a task of the tape; live calls; the file after
    ("none", True, (P, X, X), 0, ["old"]),
    ("none", False, (X, X, X), 0, None),
    ("once", True, (P, X, X), 0, ["old"]),
    ("once", False, (R, R, R), 3, ["new", "new", "new"]),
    ("new_episodes", True, (P, R, X), 1, ["old", "new"]),
    ("new_episodes", False, (R, R, R), 3, ["new", "new", "new"]),
    ("all", True, (R, R, R), 3, ["new", "new", "new"]),
    ("all", False, (R, R, R), 3, ["new", "new", "new"]),
    ("passthrough", True, (F, F, F), 3, ["old"]),
    ("passthrough", False, (F, F, F), 3, None),
]


def after(file: File, before: list[str] | None, kept: int) -> list[str] | None:
    """What a file holds in the end."""
    fresh = ["new"] * kept
    return {
        File.LEAVE: before,
        File.CREATE: fresh,
        File.APPEND: [*(before or []), *fresh],
        File.REPLACE: fresh,
    }[file]


@pytest.mark.parametrize(("mode", "there", "actions", "live", "holds"), CASES)
def test_a_mode_does_what_its_name_says(
    mode: str, there: bool, actions: tuple[Action, ...], live: int, holds: list[str] | None
) -> None:
    calls = [(True, False), (False, False), (False, True)]
    done = tuple(decide(Mode(mode), there=there, known=known, taped=taped) for known, taped in calls)

    assert done == actions
    assert sum(action in (R, F) for action in done) == live
    before = ["old"] if there else None
    assert after(row(Mode(mode), there=there).file, before, done.count(R)) == holds


def test_every_mode_is_in_the_table_with_and_without_a_file() -> None:
    assert set(TABLE) == {(mode, there) for mode in Mode for there in (True, False)}
    assert tuple(Mode) == MODE


@pytest.mark.parametrize("there", [True, False])
def test_in_mode_none_nothing_goes_live(there: bool) -> None:
    assert not row(Mode.NONE, there=there).live
    assert row(Mode.NONE, there=True).plays


def test_what_may_go_live_says_so() -> None:
    live = {mode for mode in Mode for there in (True, False) if row(mode, there=there).live}
    assert live == {Mode.ONCE, Mode.NEW_EPISODES, Mode.ALL, Mode.PASSTHROUGH}
