"""What is done to a run from outside."""

from __future__ import annotations

import pytest

from holter.board import deeds
from holter.errors import UsageError
from holter.faults.plans import Mode

from .rig import Rig


def test_a_run_is_paused_marked_and_gone_on_with() -> None:
    rig = Rig()
    deeds.pause(rig.trial, Mode.SANDBOX)
    assert rig.trial.session.paused
    deeds.resume(rig.trial)
    deeds.note(rig.trial, "deployed 4.2")

    assert not rig.trial.session.paused
    assert [mark.what for mark in rig.marks] == ["paused", "resumed", "note"]
    assert rig.marks[-1].more == {"text": "deployed 4.2"}


def test_a_replay_has_nobody_to_pass_calls_on_to() -> None:
    rig = Rig()
    with pytest.raises(UsageError, match="a replay has no service"):
        deeds.pause(rig.trial, Mode.REPLAY)

    assert not rig.trial.session.paused


@pytest.mark.parametrize("text", ["", "x" * (deeds.LONGEST_NOTE + 1)])
def test_a_note_is_neither_empty_nor_a_book(text: str) -> None:
    rig = Rig()
    with pytest.raises(UsageError, match="between 1 and 1000"):
        deeds.note(rig.trial, text)

    assert rig.marks == []
