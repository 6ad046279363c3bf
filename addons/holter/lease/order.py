"""A file's entries, which stand in the order of answers, as edges in the order of time."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from holter.lease.edges import Edge, Kind, Timeline, Times, whole
from holter.wire.message import Interaction, Mark

_PASSED = Kind.PASSED  # Python 3.11 takes its time to find a member in its class

Settled: TypeAlias = Callable[[int, Interaction, Times], object]
"""Takes in a call that passed, if it is in the normal course; of any other call it returns None."""

_Call: TypeAlias = tuple[int, Interaction, Times]  # the number of its entry, and its places on the axis
_Heap: TypeAlias = list[tuple[float, int, Edge]]  # by when they begin; numbers decide among equals


def edges(entries: Iterable[Interaction | Mark], timeline: Timeline) -> Iterator[Edge]:
    """Put a file's entries, which stand in the order of answers, into the order of edges."""
    for edge in passed(entries, timeline):
        yield from edge.both() if edge.kind is Kind.PASSED else (edge,)


def passed(
    entries: Iterable[Interaction | Mark], timeline: Timeline, settled: Settled | None = None
) -> Iterator[Edge]:
    """As `edges`, but a call is one edge if nothing else happened meanwhile; most calls are.

    A small heap suffices: `oldest` in each entry says that all that began before it has been written.
    Where calls come one after the other it stays empty, and the `last` one only waits for the next. Of such
    a call `settled` is asked whether it is done with already; then there is no edge of it.
    Interactions without times, as in a file written by hand, have no edges.
    """
    heap: _Heap = []
    last: _Call | None = None
    for number, entry in enumerate(entries):
        if isinstance(entry, Mark):
            _wait(heap, last)
            last = None
            yield from _marked(entry, timeline, heap, number)
            continue
        if entry.mono[0] is None:
            continue
        asked, _, at, known = times = timeline.times(entry)
        call = (number, entry, times)
        if last is None:
            alone = not heap and asked <= at
        else:
            alone = last[2][2] < known <= asked <= at and entry.oldest is not None
            if alone and (settled is None or settled(*last) is None):
                yield whole(*last)
        if alone:
            last = call
            continue
        _wait(heap, last, call)
        last = None
        while entry.oldest is not None and heap and heap[0][0] < known:
            yield _next(heap, known)
        if len(heap) == 1:
            last = _alone(heap)
    _wait(heap, last)
    yield from _drain(heap)


def _alone(heap: _Heap) -> _Call | None:
    """Take the one edge that waits, if it is both of a call."""
    at, kind, key, call, first, asked, known, _, _ = heap[0][2]
    if kind is not _PASSED or call is None or not isinstance(key, int):
        return None
    heap.clear()
    return key, call, (asked, first, at, known)


def _wait(heap: _Heap, *calls: _Call | None) -> None:
    """Let calls wait for what began before them and is not written yet."""
    for call in filter(None, calls):
        edge, number = whole(*call), call[0]
        if edge.since > edge.at:  # a clock that ran backwards, or a mistake in a file written by hand
            for step, half in enumerate(edge.both()):
                heapq.heappush(heap, (half.at, 2 * number + step, half))
        else:
            heapq.heappush(heap, (edge.since, 2 * number, edge))


def _marked(mark: Mark, timeline: Timeline, heap: _Heap, number: int) -> Iterator[Edge]:
    if mark.what == "started":
        yield from _drain(heap)
    edge = timeline.mark(mark)
    if edge and edge.kind is Kind.BLIND and mark.what != "started":
        heapq.heappush(heap, (edge.at, 2 * number, edge))
    elif edge:
        yield edge


def _next(heap: _Heap, until: float) -> Edge:
    """Take the next edge; a call is one only if it ended before whatever is next and all yet to come."""
    _, number, edge = heapq.heappop(heap)
    at = edge[0]
    if edge[1] is not _PASSED or (at < until and not (heap and heap[0][0] <= at)):
        return edge
    asked, ended = edge.both()
    heapq.heappush(heap, (at, number + 1, ended))
    return asked


def _drain(heap: _Heap) -> Iterator[Edge]:
    while heap:
        yield _next(heap, float("inf"))
