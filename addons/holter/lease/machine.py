"""One lease, from hand-out to its end: edges in, what was broken out. It reads no clock."""

from __future__ import annotations

import enum
from collections import deque
from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from holter.lease.edges import Edge
from holter.lease.handout import Handout
from holter.lease.judge import Span
from holter.lease.profile import Profile
from holter.lease.statistics import Beats
from holter.lease.verdict import Verdict, verdict
from holter.lease.watch import Broken, Watch
from holter.wire.message import Interaction
from holter.wire.operations import DATA_PIPELINE, GONE, Role, role


class Phase(enum.StrEnum):
    """Where a lease stands; all but the first two are final."""

    HANDED_OUT = "handed out"
    HELD = "held"
    CANCELED = "canceled"
    ENDED = "ended"
    GONE = "gone"
    REASSIGNED = "reassigned"
    UNFINISHED = "unfinished"


@dataclass(slots=True)
class _Pending:
    """A call of this task that was asked, and later the edge at which it ended."""

    key: Hashable
    asked: float
    edge: Edge | None = None


class Lease:
    """The state of one lease; all moments are seconds on the audit's axis."""

    def __init__(self, task: str, caller: str | None, handout: Handout, profile: Profile) -> None:
        self.task = task
        self.caller = caller
        self.handout = handout
        self.phase = Phase.HANDED_OUT
        self.outcome: str | None = None
        self.since: float | None = None
        self.until: float | None = None
        self.beats = Beats()
        self.worst_share = 0.0
        self._watch = Watch(profile, handout)
        self._pending: deque[_Pending] = deque()
        self._surely_acked = False

    @property
    def open(self) -> bool:
        """Whether the runner still owes something."""
        return self.phase in (Phase.HANDED_OUT, Phase.HELD)

    def begin(self, edge: Edge, latency: float) -> None:
        """Begin with a hand-out. A runner that had gone before its answer came can not be blamed."""
        call = _call(edge)
        self.since = _first(edge)
        self._watch.begin(self.since, latency, call.seq)
        if call.broken:
            self._watch.doubtful()

    def age(self, at: float) -> float | None:
        """Return the seconds since the last renewal, as far as is known."""
        return self._watch.age(at)

    def asked(self, edge: Edge) -> None:
        """Take note of a call on its way: until it ends, it may renew the lease at any moment."""
        self._pending.append(_Pending(edge.key, edge.at))

    def ended(self, edge: Edge) -> Iterator[Broken]:
        """Judge calls that have ended, in the order in which they were asked."""
        for pending in self._pending:
            if pending.key == edge.key:
                pending.edge = edge
        while self._pending and (done := self._pending[0].edge):
            asked = self._pending.popleft().asked
            if self.open:
                yield from self._judged(asked, done)

    def _judged(self, asked: float, edge: Edge) -> Iterator[Broken]:
        call = _call(edge)
        what, terminal = verdict(call), role(call.op) is Role.FINISH
        if not terminal:
            fields = call.request.get("fields") if isinstance(call.request, dict) else None
            self.beats.count(asked, taken=what is Verdict.TAKEN, since=self.since, fields=fields)
        if what is Verdict.REFUSED:
            yield from self._refusal(asked, edge, terminal=terminal)
            return
        end = _first(edge) if what is Verdict.TAKEN else edge.at
        sure = self._span(terminal, acked=self._surely_acked) if what is Verdict.TAKEN else None
        self._share(asked)
        yield from self._watch.measure(
            self._span(terminal), asked, end, call.seq, sure=sure, unheard=what is Verdict.OURS
        )
        self._watch.move(asked, end, call.seq, what)
        self._surely_acked = self._surely_acked or what is Verdict.TAKEN
        self._advance(call, what, edge.at, terminal=terminal)

    def _span(self, terminal: bool, *, acked: bool | None = None) -> Span:
        if self.since is None or (self.phase is Phase.HELD if acked is None else acked):
            return Span.TAIL if terminal else Span.BEAT
        return Span.DONE if terminal else Span.ACK

    def _advance(self, call: Interaction, what: Verdict, at: float, *, terminal: bool) -> None:
        answer = call.response if isinstance(call.response, dict) else {}
        if terminal and what is Verdict.PERHAPS:
            self._watch.doubtful()
        elif terminal:
            request = call.request if isinstance(call.request, dict) else {}
            self._end(Phase.ENDED, at, str(request.get(DATA_PIPELINE.outcome, "ended")).lower())
        elif answer.get(DATA_PIPELINE.cancel) is True:
            self._end(Phase.CANCELED, at)
        elif call.error in GONE:
            self._end(Phase.GONE, at)
        else:
            self.phase = Phase.HELD

    def _refusal(self, asked: float, edge: Edge, *, terminal: bool) -> Iterator[Broken]:
        call = _call(edge)
        self._watch.refused(call.error)
        if call.error not in GONE:
            return
        if terminal and self._watch.doubt:
            self._end(Phase.ENDED, edge.at, "ended by an earlier try")
            return
        span, sure = self._span(terminal), self._span(terminal, acked=self._surely_acked)
        self._share(asked)
        yield from self._watch.measure(span, asked, _first(edge), call.seq, sure=sure, proof=True)
        self._end(Phase.GONE, edge.at)

    def reassigned(self, edge: Edge) -> Iterator[Broken]:
        """End because the same attempt was handed out again: the service shows that this lease was lost."""
        at = _first(edge)
        span = Span.UNACKED if self.phase is Phase.HANDED_OUT and self.since is not None else Span.BEAT
        self._share(self._heard(at))
        yield from self._watch.measure(span, self._heard(at), at, _call(edge).seq, sure=span, proof=True)
        self._end(Phase.REASSIGNED, at)

    def blind(self, edge: Edge) -> Iterator[Broken]:
        """Take note that nothing was seen for a while: the runner may have done anything in it."""
        yield from self._watch.measure(self._running(), self._heard(edge.since), edge.at, 0)
        self._watch.unseen(edge.at)

    def close(self, at: float) -> Iterator[Broken]:
        """End because the capture does."""
        span = Span.END if self.phase is Phase.HELD or self.since is None else Span.UNACKED
        self._share(self._heard(at))
        yield from self._watch.measure(span, self._heard(at), at, 0, sure=span)
        self._end(Phase.UNFINISHED, at)

    def due(self, now: float) -> Iterator[Broken]:
        """Yield what the running gap has newly broken by now."""
        yield from self._watch.due(self._running(), self._heard(now))

    def next_due(self) -> float:
        """Return the next moment at which `due` may have something to say."""
        return self._watch.next_due(self._running()) if not self._pending else float("inf")

    def _running(self) -> Span:
        return Span.BEAT if self.phase is Phase.HELD or self.since is None else Span.WAITING

    def _heard(self, now: float) -> float:
        return min((pending.asked for pending in self._pending), default=now)

    def _share(self, at: float) -> None:
        gap = self.age(at)
        self.worst_share = max(self.worst_share, (gap or 0.0) / self.handout.limit.seconds)

    def _end(self, phase: Phase, at: float, outcome: str | None = None) -> None:
        self.phase, self.until, self.outcome = phase, at, outcome or phase.value


def _call(edge: Edge) -> Interaction:
    if edge.interaction is None:
        raise ValueError(f"an edge of kind {edge.kind} has no call")
    return edge.interaction


def _first(edge: Edge) -> float:
    """Return when the answer's first byte came, else when the call ended."""
    first = _call(edge).mono[1]
    return edge.at if first is None else first + edge.shift
