"""A recording as edges in the order of time: a call is asked at one moment and ends at another."""

from __future__ import annotations

import enum
import heapq
import itertools
from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from holter.wire.message import Interaction, Mark


class Kind(enum.StrEnum):
    """What happened at an edge."""

    ASKED = "asked"
    ENDED = "ended"
    BLIND = "blind"  # Holter saw nothing from `since` until now
    SEEN = "seen"  # Holter was there at this moment
    AWAY = "away"  # one of several recorders sees nothing from now on, but another does
    BACK = "back"  # that recorder sees again


@dataclass(frozen=True, slots=True)
class Edge:
    """One moment on the recording's time axis, in seconds since its first `started` mark.

    `shift` is what to add to the interaction's own `mono` times to come onto that axis. Of blind time,
    `known` is the moment up to which all calls asked before it are known. `part` numbers the recorder that
    saw it, where several recordings are judged as one.
    """

    at: float
    kind: Kind
    key: Hashable = None
    interaction: Interaction | None = None
    shift: float = 0.0
    since: float = 0.0
    known: float = 0.0
    why: str = ""
    part: int = 0


class Timeline:
    """Several stretches of recording on one axis, joined by the wall clock of their `started` marks.

    `seen` is the last moment at which Holter was there. All calls that were asked before `known` are
    known; after it, one may have been on its way when a recorder was killed, and then it was never written.
    """

    def __init__(self) -> None:
        self.zero: float | None = None
        self.shift = 0.0
        self.seen = 0.0
        self.known = 0.0
        self._stopped = False

    @property
    def stopped(self) -> bool:
        """Whether recording was last stopped in good order."""
        return self._stopped

    @property
    def end(self) -> str:
        """Say how recording ended, as far as it has been seen."""
        return "Holter was stopped" if self._stopped else "Holter ended without stopping"

    def place(self, zero: float, start: float) -> None:
        """Begin at a wall clock on an axis that others share; `zero` is the wall clock of its beginning."""
        self.zero = zero
        self.shift = self.seen = self.known = start - zero

    def wall(self, at: float) -> float:
        """Return the wall clock of a moment on the axis, seconds since 1970 UTC."""
        return (self.zero or 0.0) + at

    def mark(self, mark: Mark) -> Edge | None:
        """Place a mark; a new start says how long nothing was seen before it."""
        if mark.what == "started":
            return self._start(mark)
        if mark.what == "lost":
            return self._lost(mark)
        self._stopped = self._stopped or mark.what == "stopped"
        if mark.mono is None:
            return None
        self.seen = max(self.seen, self.shift + mark.mono)
        oldest = mark.more.get("oldest")
        if mark.what == "stopped":
            self.known = self.seen
        elif isinstance(oldest, (int, float)):
            self.known = max(self.known, self.shift + oldest)
        return Edge(self.seen, Kind.SEEN)

    def _start(self, mark: Mark) -> Edge | None:
        wall = mark.at or 0.0
        if self.zero is None:
            self.zero = wall
            return None
        since, known, self.shift = self.seen, self.known, max(self.seen, wall - self.zero)
        self.seen = self.known = self.shift
        why, self._stopped = self.end, False
        return Edge(self.shift, Kind.BLIND, since=since, known=known, why=why)

    def _lost(self, mark: Mark) -> Edge | None:
        """What was not written was not seen: from the file, such a stretch is blind."""
        since = mark.more.get("since")
        if mark.mono is None or not isinstance(since, (int, float)):
            return None
        self.seen = max(self.seen, self.shift + mark.mono)
        begun = self.shift + since
        return Edge(self.seen, Kind.BLIND, since=begun, known=begun, why="what passed was not written")

    def asked(self, key: Hashable, interaction: Interaction) -> Edge:
        """Return the edge at which a call was asked."""
        return Edge(self.shift + (interaction.asked or 0.0), Kind.ASKED, key, interaction, self.shift)

    def ended(self, key: Hashable, interaction: Interaction) -> Edge:
        """Return the edge at which a call got its answer or broke."""
        at = self.shift + (interaction.ended or 0.0)
        self.seen = max(self.seen, at)
        oldest = interaction.oldest
        self.known = max(self.known, at if oldest is None else self.shift + oldest)
        return Edge(at, Kind.ENDED, key, interaction, self.shift)


def edges(entries: Iterator[Interaction | Mark], timeline: Timeline) -> Iterator[Edge]:
    """Put a file's entries, which stand in the order of answers, into the order of edges.

    A small heap suffices: `oldest` in each entry says that all that began before it has been written.
    Interactions without times, as in a file written by hand, have no edges.
    """
    heap: list[tuple[float, int, Edge]] = []
    number = itertools.count()
    for entry in entries:
        if isinstance(entry, Mark):
            if entry.what in ("started", "lost"):
                yield from _drain(heap, float("inf"))
            if edge := timeline.mark(entry):
                yield edge
        elif entry.asked is not None:
            key = (timeline.shift, entry.seq, next(number))
            for edge in (timeline.asked(key, entry), timeline.ended(key, entry)):
                heapq.heappush(heap, (edge.at, next(number), edge))
            if entry.oldest is not None:
                yield from _drain(heap, timeline.shift + entry.oldest)
    yield from _drain(heap, float("inf"))


def _drain(heap: list[tuple[float, int, Edge]], until: float) -> Iterator[Edge]:
    while heap and heap[0][0] < until:
        yield heapq.heappop(heap)[2]
