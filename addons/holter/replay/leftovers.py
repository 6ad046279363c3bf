"""What is told at the end of a replay: calls that had no answer, and answers that had no call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from holter.replay.take import Take

_NAMED = 5
"""Unplayed answers that are named; the rest are counted."""


def told(missed: int, unplayed: Sequence[Take]) -> Iterator[str]:
    """Yield a line on the calls that were refused, and one for each answer that was left, up to a few."""
    if missed:
        calls = "1 call was" if missed == 1 else f"{missed} calls were"
        yield f"{calls} refused, having no recorded answer"
    for take in unplayed[:_NAMED]:
        yield f"{take.place}: {take.op} was never asked for"
    if len(unplayed) > _NAMED:
        yield f"and {len(unplayed) - _NAMED} more were never asked for"
