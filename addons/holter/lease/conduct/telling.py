"""A runner was told something about a task: which later calls show that it did not listen."""

from __future__ import annotations

from holter.lease.conduct.evidence import Heard
from holter.lease.profile import Profile
from holter.wire.value import state, value

HEARD_WITHIN = 20.0
"""Seconds within which an answer surely found its client still waiting: the shortest default read timeout of
an AWS SDK is Java v2's, 30 seconds (SdkHttpConfigurationOption)."""

RETRIED_WITHIN = 20.0
"""Seconds within which an SDK sends a failed call again, where it does not number its tries."""


@value
class Patience:
    """What is allowed after a telling, in seconds: the way to the runner, and its grace."""

    network: float
    grace: float

    @classmethod
    def of(cls, profile: Profile, grace: str = "cancel") -> Patience:
        """Return what a profile allows."""
        return cls(profile.tolerance.get("network", 0.0), profile.grace.get(grace, 0.0))


@state
class Telling:
    """An answer that passed by at a moment, by a call; `excused` is for tries of older ones.

    It is `sure` to have been heard unless it was so slow that the client may have given up waiting.
    """

    at: float
    call: int
    last: float
    sure: bool = True
    excused: float = float("-inf")

    @classmethod
    def by(cls, heard: Heard) -> Telling:
        """Return what an answer tells."""
        return cls(heard.ended, heard.call.seq, heard.ended, heard.ended - heard.asked <= HEARD_WITHIN)

    def after(self, heard: Heard, patience: Patience) -> float | None:
        """Return how long after the telling a call was asked; None where that says nothing.

        It may have been on its way already, or be the SDK's own next try of a call that was.
        """
        late = heard.asked - self.at
        tried = heard.call.tried
        again = (tried is not None and tried.n > 1) or heard.asked - self.excused <= RETRIED_WITHIN
        if late <= patience.network or again:
            if heard.passing:
                self.excused = heard.ended
            return None
        self.last = max(self.last, heard.asked)
        return late
