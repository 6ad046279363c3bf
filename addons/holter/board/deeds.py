"""What is done to a run from outside, besides its faults: paused, gone on with, marked."""

from __future__ import annotations

from holter.errors import UsageError
from holter.faults.plans import Mode
from holter.keeper import Keeper
from holter.wire.message import Mark

LONGEST_NOTE = 1000
"""Characters that a note may have."""


def pause(keeper: Keeper, mode: Mode) -> None:
    """Let calls pass unseen; `UsageError` where there is nobody to whom they could be passed on."""
    if mode is Mode.REPLAY:
        raise UsageError("a replay has no service to which calls could be passed on meanwhile")
    keeper.session.pause(keeper.clock.now())


def resume(keeper: Keeper) -> None:
    """Go on recording."""
    keeper.session.resume(keeper.clock.now())


def note(keeper: Keeper, text: str) -> None:
    """Write a note into the recording; `UsageError` where it is empty or too long."""
    if not 0 < len(text) <= LONGEST_NOTE:
        raise UsageError(f"a note has between 1 and {LONGEST_NOTE} characters")
    now = keeper.clock.now()
    keeper.session.mark(Mark("note", round(now.wall, 6), round(now.mono, 6), {"text": text}))
