"""Several recordings on one axis: parts of one run, one after the other, or of proxies side by side.

Each part is placed by the wall clock of its `started` mark. Time that any part saw is not blind.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field

from holter.lease.edges import Edge, Kind, Timeline
from holter.lease.order import edges
from holter.wire.message import Interaction, Mark
from holter.wire.value import state, value


@value
class Disorder:
    """A task that one part heard of before another handed it out: that part's clock is so far behind."""

    task: str
    behind: int
    ahead: int
    seconds: float


@state
class Part:
    """One recording: when it began, seconds since 1970 UTC, None where it does not say; and what follows."""

    start: float | None
    entries: Iterator[Interaction | Mark]
    timeline: Timeline = field(default_factory=Timeline)


def begun(entries: Iterable[Interaction | Mark]) -> Part:
    """Look for the beginning of a recording: its `started` mark, else its first call with both clocks."""
    rest, before = iter(entries), list[Interaction | Mark]()
    for entry in rest:
        if isinstance(entry, Mark) and entry.what == "started" and entry.at is not None:
            return Part(entry.at, itertools.chain(before, rest))
        before.append(entry)
        if isinstance(entry, Interaction) and entry.at is not None and entry.asked is not None:
            return Part(entry.at - entry.asked, itertools.chain(before, rest))
    return Part(None, iter(before))


def merged(parts: Sequence[Part], timeline: Timeline) -> Iterator[Edge]:
    """Yield the edges of all parts in the order of time; a part that does not say when it began has none.

    `timeline` gets the axis that they share, and at the end the last moment that was seen.
    """
    starts = [part.start for part in parts if part.start is not None]
    if starts:
        timeline.place(min(starts), min(starts))
        yield from _Merge(parts, timeline).run()


@state
class _Merge:
    """A sweep over what the parts saw; up to `timeline.seen` at least one of them is known to watch."""

    parts: Sequence[Part]
    timeline: Timeline
    heap: list[tuple[float, int, int, Edge]] = field(default_factory=list)
    number: Iterator[int] = field(default_factory=itertools.count)
    away: set[int] = field(default_factory=set)
    last: Edge | None = None

    def run(self) -> Iterator[Edge]:
        coming = [self._edges(index, part) for index, part in enumerate(self.parts)]
        for index in range(len(coming)):
            self._push(next(coming[index], None))
        while self.heap:
            edge = heapq.heappop(self.heap)[3]
            if edge.kind is Kind.AWAY:
                yield from self._gone(edge)
                continue
            following = next(coming[edge.part], None)
            yield from self._seen(edge)
            self._push(following)
            self._watched(edge, following)
        if self.last:
            self.timeline.known = self.last.known
            self.timeline.end_as(self.parts[self.last.part].timeline)

    def _edges(self, index: int, part: Part) -> Iterator[Edge]:
        if part.start is None or self.timeline.zero is None:
            return
        part.timeline.place(self.timeline.zero, part.start)
        yield Edge(part.timeline.seen, Kind.SEEN, part=index)
        for edge in edges(part.entries, part.timeline):
            if edge.kind is not Kind.SEEN:
                yield _of(edge, index)

    def _push(self, edge: Edge | None) -> None:
        """Take an edge in; of one moment, who goes away does so last."""
        if edge:
            late = int(edge.kind is Kind.AWAY)
            heapq.heappush(self.heap, (edge.at, late, next(self.number), edge))

    def _watched(self, edge: Edge, following: Edge | None) -> None:
        """Note how long the part of an edge saw from it on: to its next edge, unless it was blind before."""
        mine = self.parts[edge.part].timeline
        if following and following.kind is not Kind.BLIND:
            self.timeline.seen = max(self.timeline.seen, following.at)
            return
        since = max(edge.at, following.since if following else mine.seen)
        known, why = (following.known, following.why) if following else (mine.known, mine.end)
        self.timeline.seen = max(self.timeline.seen, since)
        self._push(Edge(since, Kind.AWAY, since=since, known=known, why=why, part=edge.part))

    def _gone(self, edge: Edge) -> Iterator[Edge]:
        if edge.at < self.timeline.seen:
            self.away.add(edge.part)
            yield edge
        elif self.last is None or self.last.at < edge.at or edge.known < self.last.known:
            self.last = edge

    def _coming(self) -> frozenset[int]:
        """Return the parts that go on later: until then their runners are seen by nobody else either."""
        return frozenset(edge.part for *_, edge in self.heap if edge.kind is not Kind.AWAY)

    def _seen(self, edge: Edge) -> Iterator[Edge]:
        last, part = self.last, edge.part
        if last and edge.at > self.timeline.seen:
            stay = self._coming() & {*self.away, last.part} - {part}
            if last.part in stay:
                yield last
            self.away = {*stay}
            yield Edge(edge.at, Kind.BLIND, stay, since=last.since, known=last.known, why=last.why, part=part)
        elif part in self.away:
            self.away.remove(part)
            yield Edge(edge.at, Kind.BACK, part=part)
        if edge.kind in (Kind.ASKED, Kind.ENDED):
            yield edge


def _of(edge: Edge, index: int) -> Edge:
    key = None if edge.key is None else (index, edge.key)
    return Edge(
        edge.at, edge.kind, key, edge.interaction, edge.first, edge.since, edge.known, edge.why, part=index
    )
