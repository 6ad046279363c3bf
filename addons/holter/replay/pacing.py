"""Which answer of a track comes next, and how long it takes to come."""

from __future__ import annotations

import enum
from bisect import bisect_right
from collections.abc import Sequence

from holter.replay.take import Take
from holter.wire.value import value


class Pace(enum.StrEnum):
    """What a beat is answered by."""

    ORDINAL = "ordinal"  # its number: the Nth beat gets the Nth answer
    LEASE = "lease"  # the lease's age: it gets the answer that was true at that age


class End(enum.StrEnum):
    """What a call is answered by that was made oftener than it was recorded."""

    FAIL = "fail"
    HOLD = "hold"
    LOOP = "loop"


@value
class Pacing:
    """How a tape is run.

    `scale` multiplies all times of the recording, 0 answers at once. `hold` is how long, in the recording's
    seconds, an empty poll is held where the recording has none.
    """

    pace: Pace = Pace.ORDINAL
    end: End = End.HOLD
    scale: float = 1.0
    hold: float = 90.0

    def delay(self, take: Take) -> float:
        """Return how many seconds an answer takes now."""
        return take.delay * self.scale

    def idle(self, takes: Sequence[Take]) -> float:
        """Return how many seconds an empty poll is held after the last that was recorded."""
        empty = [take.delay for take in takes if take.handed_out is None and take.error is None]
        return (max(empty) if empty else self.hold) * self.scale


def held(takes: Sequence[Take]) -> Take:
    """Return what is given again after the end: the last answer that was no passing trouble, if any was."""
    return next((take for take in reversed(takes) if not take.passing), takes[-1])


def at_age(takes: Sequence[Take], begun: float, age: float) -> int:
    """Return which answer was true at an age of the lease, -1 before the first; times as recorded."""
    return bisect_right(takes, age, key=lambda take: (take.asked_at or 0.0) - begun) - 1
