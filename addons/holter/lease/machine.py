"""One lease, from hand-out to its end: edges in, what was broken out. It reads no clock."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from holter.lease.attempt import Attempt
from holter.lease.edges import Edge, Times
from holter.lease.handout import Handout, unknown
from holter.lease.judge import Judge, Span
from holter.lease.pending import Pending
from holter.lease.phase import HELD, OPEN, Phase
from holter.lease.profile import DOCUMENTED, Profile
from holter.lease.statistics import Beats
from holter.lease.verdict import Verdict, verdict
from holter.lease.watch import Broken, Doubt, Watch
from holter.wire.message import Interaction
from holter.wire.operations import DATA_PIPELINE, GONE, TASK_NOT_FOUND, Role, role

_TAKEN = Verdict.TAKEN  # Python 3.11 takes its time to find a member in its class


class Lease:
    """The state of one lease; all moments are seconds on the audit's axis.

    Once it is over it keeps only what a report tells: a recording may hold very many of them.
    """

    __slots__ = (
        *("task", "caller", "handout", "phase", "outcome", "since", "until", "beats", "worst_share", "part"),
        *("heard_first", "redelivery_of", "redelivered_as", "_ack", "_watch", "_attempt", "_pending"),
        *("_acked", "_surely_acked", "_may_have_finished", "_contested", "_renewed", "term"),
    )

    def __init__(
        self, task: str, caller: str | None, handout: Handout, profile: Profile, judge: Judge | None = None
    ) -> None:
        self.task = sys.intern(task)
        self.caller = caller and sys.intern(caller)
        self.handout = handout
        self.phase = Phase.HANDED_OUT
        self.outcome: str | None = None
        self.since: float | None = None
        self.until: float | None = None
        self.beats = Beats()
        self.worst_share = 0.0
        self._ack = profile.limits.ack
        self.term = handout.limit.seconds
        """How long the lease lasts without a beat, in seconds; before the first, the time to acknowledge."""
        self.part: int | None = 0
        """Which of several recorders heard of it last; None where that one has ended, and any may be next."""
        self.heard_first: float | None = None
        self.redelivery_of: str | None = None
        self.redelivered_as: str | None = None
        self._watch = Watch(profile, handout, judge)
        self._attempt = Attempt(profile, handout)
        self._pending = Pending()
        self._acked = self._surely_acked = self._may_have_finished = self._contested = False
        self._renewed: float | None = None

    @property
    def open(self) -> bool:
        """Whether the runner still owes something."""
        return self.phase in OPEN

    @property
    def acknowledged(self) -> bool:
        """Whether a beat may have been taken: seen, unseen, or before the recording began."""
        return self._acked or self.since is None

    @property
    def unsure(self) -> bool:
        """Whether it may have been renewed last while nobody looked."""
        return self._watch.unsure

    @property
    def losable(self) -> bool:
        """Whether the same attempt handed out again shows that this lease was lost."""
        return self.open or self._contested

    def begin(self, edge: Edge, latency: float) -> None:
        """Begin with a hand-out. A runner that had gone before its answer came can not be blamed."""
        self.since, self.term = edge.first, self._ack
        self._watch.begin(self.since, latency, edge.call.seq)
        self._attempt.begin(self.since, edge.call.seq)
        if edge.call.broken:
            self._watch.doubtful(Doubt.UNSEEN)
        self._watch.settle(Span.ACK, self._attempt.deadline)

    def age(self, at: float) -> float | None:
        """Return the seconds since the last renewal, as far as is known."""
        if self.losable:
            return self._watch.age(at)
        return None if self._renewed is None else max(0.0, at - self._renewed)

    def asked(self, edge: Edge) -> None:
        """Take note of a call on its way: until it ends, it may renew the lease at any moment."""
        self.heard_first = edge.at if self.heard_first is None else self.heard_first
        if self.open:
            self._pending.asked(edge)
            self._watch.calm = float("-inf")

    def renewed(self, call: Interaction, times: Times) -> bool:
        """Take in an ordinary beat that passed, if it comes in the normal course; otherwise change nothing.

        Then `asked` and `ended` would find nothing broken, and leave the lease as this does: a test holds
        the two against each other.
        """
        asked, first, _, _ = times
        if (used := self._watch.renewed(asked, first, call.seq)) is None:
            return False
        self.beats.took(asked, call.request)
        share, self.part = used / self.term, 0
        self.worst_share = share if share > self.worst_share else self.worst_share
        if self.phase is not HELD:
            self._acknowledge(asked)
        return True

    def finished(self, call: Interaction, times: Times) -> bool:
        """Take in an ordinary SetTaskStatus that passed, as `renewed` does a beat."""
        asked, first, at, _ = times
        if self.phase is not HELD or (used := self._watch.renewed(asked, first, call.seq)) is None:
            return False
        self.worst_share, self.part = max(self.worst_share, used / self.term), 0
        self._finish(call, at)
        return True

    def _acknowledge(self, asked: float) -> None:
        self.heard_first = asked if self.heard_first is None else self.heard_first
        self.beats.ack = None if self.since is None else round(asked - self.since, 6)
        self._surely_acked = True
        self._hold()

    def _hold(self) -> None:
        self.phase, self._acked, self.term = HELD, True, self.handout.limit.seconds

    def ended(self, edge: Edge) -> Iterator[Broken]:
        """Judge calls that have ended, in the order in which they count; of equals, the first to end."""
        self._pending.ended(edge)
        yield from self._settle()
        if self.phase is HELD and self._surely_acked and not self._pending:
            self._watch.settle(Span.BEAT, self._attempt.deadline)

    def _settle(self) -> Iterator[Broken]:
        while found := self._pending.take():
            asked, edge = found
            if self.open and asked > self._attempt.deadline:
                yield from self._attempt.heard(asked, edge.call.seq)
            if self.open:
                yield from self._judged(asked, edge)

    def _judged(self, asked: float, edge: Edge) -> Iterator[Broken]:
        call = edge.call
        what, terminal = verdict(call), role(call.op) is Role.FINISH
        if not terminal:
            self.beats.count(asked, taken=what is _TAKEN, since=self.since, request=call.request)
        if what is Verdict.REFUSED:
            yield from self._refusal(asked, edge, terminal=terminal)
            return
        end = edge.first if what is _TAKEN else edge.at
        sure = self._span(terminal, acked=self._surely_acked) if what is _TAKEN else None
        if what is _TAKEN:
            self._watch.alive(asked)
        self._share(asked)
        span, unacked, ours = self._span(terminal), self._unacked(asked), what is Verdict.OURS
        yield from self._watch.measure(span, asked, end, call.seq, sure=sure, unacked=unacked, unheard=ours)
        self._watch.move(asked, end, call.seq, what)
        self._surely_acked = self._surely_acked or what is _TAKEN
        self._advance(call, what, edge.at, terminal=terminal)

    def _span(self, terminal: bool, *, acked: bool | None = None) -> Span:
        if self.since is None or (self._acked if acked is None else acked):
            return Span.TAIL if terminal else Span.BEAT
        return Span.DONE if terminal else Span.ACK

    def _advance(self, call: Interaction, what: Verdict, at: float, *, terminal: bool) -> None:
        answer = call.response if isinstance(call.response, dict) else {}
        if what is Verdict.PERHAPS and (terminal or call.status is None):
            self._may_have_finished = self._may_have_finished or terminal
            late = self._watch.slack if call.status is None else 0.0
            self._watch.doubtful(Doubt.ENDED, at + late)
        if terminal and what is Verdict.PERHAPS:
            return
        if terminal:
            self._finish(call, at)
        elif answer.get(DATA_PIPELINE.cancel) is True:
            self._end(Phase.CANCELED, at)
        elif call.error in GONE:
            self._end(Phase.GONE, at)
        else:
            self._hold()

    def _finish(self, call: Interaction, at: float) -> None:
        request = call.request if isinstance(call.request, dict) else {}
        self._end(Phase.ENDED, at, sys.intern(str(request.get(DATA_PIPELINE.outcome, "ended")).lower()))

    def _refusal(self, asked: float, edge: Edge, *, terminal: bool) -> Iterator[Broken]:
        call = edge.call
        self._watch.refused(call.error)
        if call.error not in GONE:
            return
        if terminal and self._may_have_finished:
            self._contested = True
            self._end(Phase.ENDED, edge.at, "ended by an earlier try")
            return
        proof = call.error == TASK_NOT_FOUND
        if not proof:  # nobody knows when its pipeline went away, perhaps before the limit had passed
            self._watch.doubtful(Doubt.ENDED)
        span, sure = self._span(terminal), self._span(terminal, acked=self._surely_acked)
        self._share(asked)
        unacked = self._unacked(asked)
        yield from self._watch.measure(
            span, asked, edge.first, call.seq, sure=sure, unacked=unacked, proof=proof
        )
        self._contested = self._watch.doubt
        self._end(Phase.GONE, edge.at)

    def reassigned(self, edge: Edge) -> Iterator[Broken]:
        """End because the same attempt was handed out again: the service shows that this lease was lost."""
        at = edge.first
        heard = self._pending.since(at)
        self._pending.forget()
        yield from self._settle()
        if not self.losable:
            return
        if self._contested and self.until is not None:
            at = heard = self.until
        self._watch.dispel(Doubt.ENDED)
        yield from self._over(Span.BEAT, heard, at, edge.call.seq, proof=True)
        self._contested = False
        self._end(Phase.REASSIGNED, at)

    def blind(self, edge: Edge) -> Iterator[Broken]:
        """Take note that nothing was seen for a while: the runner may have done anything in it."""
        heard = self._pending.since(min(edge.since, edge.known))
        span = Span.BEAT if self.phase is HELD or self.since is None else Span.UNACKED
        yield from self._watch.measure(span, heard, edge.at, 0, unacked=self._unacked(heard))
        self._watch.unseen(edge.at)
        self._attempt.blind()
        if not self._watch.lost:
            self._acked, self.term = True, self.handout.limit.seconds

    def close(self, at: float, known: float) -> Iterator[Broken]:
        """End because the capture does; a call asked after `known` may have been on its way unwritten."""
        yield from self._over(Span.END, self._pending.since(min(at, known)), at, 0)
        self._end(Phase.UNFINISHED, at)

    def _over(
        self, held: Span, heard: float, at: float, call: int, *, proof: bool = False
    ) -> Iterator[Broken]:
        span = held if self.phase is HELD or self.since is None else Span.UNACKED
        sure = held if self._surely_acked or self.since is None else Span.UNACKED
        unacked = self._unacked(heard)
        self._share(heard)
        yield from self._attempt.heard(heard, call)
        yield from self._watch.measure(span, heard, at, call, sure=sure, unacked=unacked, proof=proof)

    def due(self, now: float) -> Iterator[Broken]:
        """Yield what the running gap has newly broken by now."""
        heard = self._pending.since(now)
        yield from self._attempt.due(heard)
        yield from self._watch.due(self._running(), heard, unacked=self._unacked(heard))

    def next_due(self) -> float:
        """Return the next moment at which `due` may have something to say."""
        if self._pending:
            return float("inf")
        return min(self._watch.next_due(self._running()), self._attempt.next_due())

    def owes(self, rule: str) -> bool:
        """Tell whether the running gap has broken a rule, as far as `due` was asked."""
        return self.open and (self._watch.announced(rule) or self._attempt.announced(rule))

    def _running(self) -> Span:
        return Span.BEAT if self.phase is HELD or self.since is None else Span.WAITING

    def _unacked(self, at: float) -> float | None:
        """Return how long the lease has gone unacknowledged, None if a beat surely was taken."""
        return None if self._surely_acked or self.since is None else at - self.since

    def spent(self, now: float) -> tuple[float, float]:
        """Return up to when nothing was heard, and how long that is since the last renewal."""
        heard = self._pending.since(now)
        return heard, self.age(heard) or 0.0

    def _share(self, at: float) -> None:
        """Take note of the share of the lease used up; before the first beat, of the time to acknowledge."""
        self.worst_share = max(self.worst_share, (self.age(at) or 0.0) / self.term)

    def _end(self, phase: Phase, at: float, outcome: str | None = None) -> None:
        self.phase, self.until, self.outcome = phase, at, outcome or phase.value
        if not self._contested:
            self.beats.rest()
            self._renewed = self._watch.renewed_at
            self._watch, self._attempt, self._pending = _IDLE


_IDLE = (Watch(DOCUMENTED, unknown(DOCUMENTED)), Attempt(DOCUMENTED, unknown(DOCUMENTED)), Pending())
"""What leases that are over have in common: nobody asks these anything any more."""
