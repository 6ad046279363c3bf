"""Which calls of a recording are to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from holter.wire.message import Interaction, Mark


@dataclass(frozen=True, slots=True)
class When:
    """A moment: seconds since 1970 UTC, or seconds since the recording began."""

    seconds: float
    since_start: bool


def when(text: str) -> When:
    """Read a moment: a number of seconds since the start, or an ISO 8601 time, UTC unless it says more."""
    try:
        seconds = float(text)
    except ValueError:
        return _iso(text)
    if not 0 <= seconds < float("inf"):
        raise ValueError(f"{text!r} is not a number of seconds from 0 up")
    return When(seconds, since_start=True)


def _iso(text: str) -> When:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        said = f"{text!r} is neither seconds since the start nor a time such as 2026-11-21T01:20:03Z"
        raise ValueError(said) from None
    return When((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp(), since_start=False)


@dataclass(frozen=True, slots=True)
class Selection:
    """Filters; a call has to pass all that are set. Marks pass by their time alone.

    `start` is when the recording began, in seconds since 1970, where that is known. A call without a time
    passes no filter by time.
    """

    task: str | None = None
    op: str | None = None
    since: When | None = None
    until: When | None = None
    errors: bool = False
    start: float | None = None

    def takes(self, value: Interaction | Mark) -> bool:
        """Tell whether a call or a mark is to be shown."""
        if isinstance(value, Interaction):
            wrong = value.broken is not None or value.error is not None or (value.status or 0) >= 400
            named = self.task in (None, value.task) and self.op in (None, value.op)
            if not named or (self.errors and not wrong):
                return False
            return self._in_time(value.at, value.asked)
        return self._in_time(value.at, value.mono)

    def _in_time(self, at: float | None, mono: float | None) -> bool:
        since = self.since is None or _at_or_after(self.since, self._on(self.since, at, mono))
        return since and (self.until is None or _at_or_before(self.until, self._on(self.until, at, mono)))

    def _on(self, asked: When, at: float | None, mono: float | None) -> float | None:
        """Return a moment on the scale that is asked for."""
        if at is None and mono is not None and self.start is not None:
            at = self.start + mono
        if not asked.since_start:
            return at
        return at - self.start if at is not None and self.start is not None else mono


def _at_or_after(limit: When, moment: float | None) -> bool:
    return moment is not None and moment >= limit.seconds


def _at_or_before(limit: When, moment: float | None) -> bool:
    return moment is not None and moment <= limit.seconds
