"""What plans expected of runners, told at the end of a run."""

from __future__ import annotations

from collections.abc import Callable

from holter.faults.reactions import Reactions


def told(reactions: Reactions, tell: Callable[[str], None], *, fail_on: str) -> bool:
    """Tell of each expectation that was missed; return whether that fails the run."""
    missed = reactions.close()
    for one in missed:
        calls = ", ".join(map(str, one.calls))
        tell(f"holter: expectation missed: {one.text}{f' (calls {calls})' if calls else ''}")
    return bool(missed) and fail_on != "never"
