"""What happens at one moment of a recording: a call is asked at one and ends at another."""

from __future__ import annotations

import bisect
import enum
from collections.abc import Hashable
from typing import NamedTuple, TypeAlias

from holter.wire.message import EXITED, Interaction, Mark
from holter.wire.tuples import made


class Kind(enum.StrEnum):
    """What happened at an edge."""

    ASKED = "asked"
    ENDED = "ended"
    PASSED = "passed"  # asked at `since` and ended now, and nothing else happened between
    BLIND = "blind"  # Holter saw nothing from `since` until now
    SEEN = "seen"  # Holter was there at this moment
    AWAY = "away"  # one of several recorders sees nothing from now on, but another does
    BACK = "back"  # that recorder sees again


class Edge(NamedTuple):  # which is made in a third of a dataclass's time
    """One moment on the recording's time axis, in seconds since its first `started` mark.

    `first` is when the interaction's answer began, or when it ended where that is not known. Of blind time,
    `known` is the moment up to which all calls asked before it are known, and `key` are the recorders that
    see nothing yet when another begins to. A call that passed was asked at `since`. `part` numbers the
    recorder that saw it, where several recordings are judged as one.
    """

    at: float
    kind: Kind
    key: Hashable = None
    interaction: Interaction | None = None
    first: float = 0.0
    since: float = 0.0
    known: float = 0.0
    why: str = ""
    part: int = 0

    @property
    def call(self) -> Interaction:
        """The call that was asked or has ended; `ValueError` where it is another kind of edge."""
        if self.interaction is None:
            raise ValueError(f"an edge of kind {self.kind} has no call")
        return self.interaction

    def both(self) -> tuple[Edge, Edge]:
        """Return the two edges of a call that passed."""
        at, _, key, call, first, asked, _, _, _ = self
        return (
            made(Edge, (asked, _ASKED, key, call, 0.0, 0.0, 0.0, "", 0)),
            made(Edge, (at, _ENDED, key, call, first, 0.0, 0.0, "", 0)),
        )


Times: TypeAlias = tuple[float, float, float, float]
"""When a call was asked, when its answer began, when it ended, and until when all calls are known by then."""

_PASSED, _ASKED, _ENDED = Kind.PASSED, Kind.ASKED, Kind.ENDED


def whole(key: Hashable, call: Interaction, times: Times) -> Edge:
    """Return both edges of a call as one."""
    asked, first, at, known = times
    return made(Edge, (at, _PASSED, key, call, first, asked, known, "", 0))


class Timeline:
    """Several stretches of recording on one axis, joined by the wall clock of their `started` marks.

    `seen` is the last moment at which Holter was there. All calls asked before `known` are known; one asked
    after it may have been on its way when a recorder was killed, and then it was never written.
    `shift` is what to add to `mono` times from now on to come onto the axis; it grows while the host sleeps.
    """

    def __init__(self) -> None:
        self.zero: float | None = None
        self.shift = 0.0
        self.seen = 0.0
        self.known = 0.0
        self._stopped = False
        self._exited = False
        self._paused: float | None = None
        self._woke = float("-inf")
        self._shifts: list[tuple[float, float]] = []
        self._steps: list[tuple[float, ...]] = [(float("-inf"), 0.0)]

    @property
    def stopped(self) -> bool:
        """Whether recording was last stopped in good order."""
        return self._stopped

    @property
    def exited(self) -> bool:
        """Whether the command around which it was recorded had ended."""
        return self._exited

    @property
    def paused(self) -> float | None:
        """Since when, on the axis, recording is paused; None while it goes on."""
        return self._paused

    @property
    def end(self) -> str:
        """Say how recording ended, as far as it has been seen."""
        if self._paused is not None:
            return "Holter was paused"
        return "Holter was stopped" if self._stopped else "Holter ended without stopping"

    def place(self, zero: float, start: float) -> None:
        """Begin at a wall clock on an axis that others share; `zero` is the wall clock of its beginning."""
        self.zero = zero
        self.shift = self.seen = self.known = start - zero

    def end_as(self, other: Timeline) -> None:
        """End as another has."""
        self._stopped, self._exited = other.stopped, other.exited

    def wall(self, at: float) -> float:
        """Return the wall clock of a moment on the axis, seconds since 1970 UTC."""
        stepped = self._steps[bisect.bisect_left(self._steps, (at,)) - 1][1]
        return (self.zero or 0.0) + at + stepped

    def on_axis(self, mono: float) -> float:
        """Return a moment of the running stretch on the axis."""
        if mono >= self._woke:
            return self.shift + mono
        return next(shift for until, shift in self._shifts if mono < until) + mono

    def mark(self, mark: Mark) -> Edge | None:
        """Place a mark; some say how long nothing was seen before it."""
        if mark.what == "started":
            return self._start(mark)
        if mark.mono is None:
            return None
        match mark.what:
            case "lost":
                edge = self._lost(mark.mono, mark)
            case "paused":
                edge = self._pause(mark.mono, mark)
            case "resumed":
                edge = self._resume(mark.mono)
            case "stall" | "slept" | "clock":
                edge = self._unsure(mark.mono, mark)
            case _:
                edge = None
        return edge or self._sign(mark.mono, mark)

    def _start(self, mark: Mark) -> Edge | None:
        wall = mark.at or 0.0
        if self.zero is None:
            self.zero = wall
            return None
        since, known, why = self.seen, self.known, self.end
        self.shift = max(self.seen, wall - self.zero - self._steps[-1][1])
        self.seen = self.known = self.shift
        self._stopped, self._exited, self._paused, self._woke = False, False, None, float("-inf")
        self._shifts.clear()
        return Edge(self.shift, Kind.BLIND, since=since, known=known, why=why)

    def _sign(self, mono: float, mark: Mark) -> Edge | None:
        """A sign of life; while recording is paused, it says nothing of what passes."""
        self._stopped = self._stopped or mark.what == "stopped"
        self._exited = self._exited or EXITED in mark.more
        if self._paused is not None:
            if mark.what == "stopped":
                self.known = max(self.known, self._paused)
            return None
        self.seen = max(self.seen, self.on_axis(mono))
        oldest = _seconds(mark, "oldest")
        if mark.what == "stopped":
            self.known = self.seen
        elif oldest is not None:
            self.known = max(self.known, self.on_axis(oldest))
        return Edge(self.seen, Kind.SEEN)

    def _lost(self, mono: float, mark: Mark) -> Edge | None:
        """What was not written was not seen: from the file, such a stretch is blind."""
        if (since := _seconds(mark, "since")) is None:
            return None
        return self._blind(self.on_axis(since), mono, "what passed was not written")

    def _pause(self, mono: float, mark: Mark) -> Edge | None:
        if self._paused is not None:
            return None
        since = _seconds(mark, "since")
        self.seen = max(self.seen, self.on_axis(mono))
        self._paused = self.on_axis(mono if since is None else since)
        if (oldest := _seconds(mark, "oldest")) is not None:
            self.known = max(self.known, min(self._paused, self.on_axis(oldest)))
        return Edge(self.seen, Kind.SEEN)

    def _resume(self, mono: float) -> Edge | None:
        since, self._paused = self._paused, None
        return None if since is None else self._blind(since, mono, "Holter was paused")

    def _unsure(self, mono: float, mark: Mark) -> Edge | None:
        """Something happened to our loop or to the clocks, at some moment since the last look at them."""
        if (since := _seconds(mark, "since")) is None:
            return None
        begun, why = self.on_axis(since), "Holter's own loop was late"
        if mark.what == "slept":
            slept = max(0.0, _seconds(mark, "seconds") or 0.0)
            self._shifts.append((mono, self.shift))
            self._woke, self.shift = mono, self.shift + slept
            why = f"the host was asleep for {slept:.0f} s"
        if mark.what == "clock":
            by = _seconds(mark, "by") or 0.0
            self._steps.append((self.on_axis(mono), self._steps[-1][1] + by))
            why = f"the wall clock was set {'forward' if by > 0 else 'back'} by {abs(by):.1f} s"
        return self._blind(begun, mono, why)

    def _blind(self, since: float, mono: float, why: str) -> Edge:
        at = self.on_axis(mono)
        if self._paused is None:
            self.seen = max(self.seen, at)
        return Edge(at, Kind.BLIND, since=since, known=since, why=why)

    def asked(self, key: Hashable, interaction: Interaction) -> Edge:
        """Return the edge at which a call was asked."""
        return Edge(self.on_axis(interaction.asked or 0.0), Kind.ASKED, key, interaction)

    def ended(self, key: Hashable, interaction: Interaction) -> Edge:
        """Return the edge at which a call got its answer or broke."""
        return self.passed(key, interaction).both()[1]

    def passed(self, key: Hashable, call: Interaction) -> Edge:
        """Return both edges of a call as one."""
        return whole(key, call, self.times(call))

    def times(self, call: Interaction) -> Times:
        """Place a call that has ended."""
        asked, first, last = call.mono
        oldest, shift = call.oldest, self.shift
        if (
            asked is None or first is None or last is None or oldest is None
        ) or not self._woke <= oldest <= asked <= first <= last:
            asked, at = self.on_axis(asked or 0.0), self.on_axis(call.ended or 0.0)
            first = at if first is None else self.on_axis(first)
            known = at if oldest is None else self.on_axis(oldest)
        else:
            asked, first, at, known = shift + asked, shift + first, shift + last, shift + oldest
        if self._paused is None:
            self.seen = at if at > self.seen else self.seen
            self.known = known if known > self.known else self.known
        return asked, first, at, known


_LONGEST = 1e9  # seconds, 30 years: with more, as in an edited mark, moments would be no dates any more


def _seconds(mark: Mark, name: str) -> float | None:
    value = mark.more.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if abs(value) < _LONGEST else None
