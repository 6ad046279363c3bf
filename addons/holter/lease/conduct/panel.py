"""All observers behind one face: each call goes to those whom it concerns, an ordinary beat to nobody."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

from holter.lease.conduct.alive import Alive
from holter.lease.conduct.attempts import Attempts
from holter.lease.conduct.cancelled import Cancelled
from holter.lease.conduct.evidence import Evidence, Heard, Observer
from holter.lease.conduct.expired import Expired
from holter.lease.conduct.gone import Gone
from holter.lease.conduct.groups import Groups
from holter.lease.conduct.ledger import Ledger
from holter.lease.conduct.leftovers import Strangers
from holter.lease.conduct.notes import Notes
from holter.lease.conduct.outcome import Outcome
from holter.lease.conduct.polls import Polls
from holter.lease.conduct.rates import Rates
from holter.lease.conduct.retries import Repeats, Retries
from holter.lease.conduct.terminal import Terminal
from holter.lease.conduct.terminate import Terminate
from holter.lease.edges import Edge, Times
from holter.lease.finding import Finding
from holter.lease.machine import Lease
from holter.lease.profile import Profile
from holter.lease.verdict import ordinary
from holter.wire.message import Interaction
from holter.wire.operations import Role
from holter.wire.value import value

_BEAT = Role.BEAT
_OF_TASK = (_BEAT, Role.FINISH)


@value
class News:
    """Evidence of a kind that was not told before, and the task's lease, if it is about one."""

    evidence: Evidence
    lease: Lease | None


class Panel:
    """Judges conduct from the same edges as the leases, after them. `lease` finds a task's latest lease."""

    def __init__(self, profile: Profile, lease: Callable[[str | None], Lease | None]) -> None:
        self.ledger = Ledger(profile)
        self._lease = lease
        self._rates, self._alive = Rates(profile), Alive(profile)
        self._polls, self._terminate = Polls(profile), Terminate(profile)
        self._attempts, self._strangers, self._terminal = Attempts(profile), Strangers(), Terminal(profile)
        self._observers: tuple[Observer, ...] = (
            *(Notes(), Retries(profile), Outcome()),
            *(Cancelled(profile), Gone(profile), self._terminal, Repeats(profile), Expired()),
            *(self._attempts, self._strangers, self._terminate),
            *(self._polls, Groups(), self._alive, self._rates),
        )
        self._of = {role: tuple(one for one in self._observers if role in one.roles) for role in Role}
        self._always = {role: tuple(one for one in self._observers if role in one.always) for role in Role}
        holding = (one for one in self._observers if type(one).holds is not Observer.holds)
        self._holding = tuple(one for one in holding if one is not self._terminal)  # nearly every task ends
        self._of_handouts = tuple(one for one in self._observers if type(one).handed is not Observer.handed)
        self._odd: set[str] = set()

    def asked(self, edge: Edge, call: Interaction, part: Role) -> None:
        """See that a call is on its way."""
        self._rates.count(call.op, edge.at, edge.key)
        if part is Role.ALIVE:
            self._alive.asked(edge, call)

    def passed(
        self, key: Hashable, call: Interaction, times: Times, part: Role, lease: Lease
    ) -> Sequence[News]:
        """See an ordinary call, during which nothing else happened; it closed no gap."""
        asked, _, at, _ = times
        self._rates.count(call.op, asked, key)
        due = self._alive.is_due(call.caller or "", at)
        calm = self._calm(key, call, lease)
        if calm and part is _BEAT and not due:
            return ()
        heard = _heard(at, call, part, lease)
        return self._news(self._judged(key, heard, lease, [], calm=calm, due=due))

    def ended(
        self, edge: Edge, call: Interaction, part: Role, lease: Lease | None, found: Iterable[Finding] = ()
    ) -> list[News]:
        """See a call that has ended; `found` are the gaps that it closed."""
        due = self._alive.is_due(call.caller or "", edge.at)
        calm = lease is not None and ordinary(call) is not None and self._calm(edge.key, call, lease)
        if calm and not due and part is _BEAT:
            return []
        heard = _heard(edge.at, call, part, lease)
        return self._news(self._judged(edge.key, heard, lease, list(found), calm=calm, due=due))

    def _calm(self, key: Hashable, call: Interaction, lease: Lease) -> bool:
        """Tell whether an ordinary call concerns nobody but those who see all of its role."""
        task = lease.task
        if self._terminate.told or task in self._odd or task in self._terminal.over:
            return False
        if self._rates.over and not self._rates.spares(key, call):
            return False
        return lease.since is not None or self._strangers.met(task)

    def _judged(
        self,
        key: Hashable,
        heard: Heard,
        lease: Lease | None,
        found: list[Finding],
        *,
        calm: bool,
        due: bool,
    ) -> Iterator[Evidence]:
        if due:
            yield from self._alive.missed(heard)
        yield from self._rates.done(key, heard)
        if heard.role is Role.POLL and lease:
            yield from self._given(lease, heard, found)
        for observer in self._always[heard.role] if calm else self._of[heard.role]:
            yield from observer.ended(heard)
        if heard.role in _OF_TASK and not calm:
            held = any(observer.holds(heard.task) for observer in self._holding)
            (self._odd.add if held else self._odd.discard)(heard.task)

    def _given(self, lease: Lease, heard: Heard, found: list[Finding]) -> Iterator[Evidence]:
        for observer in self._of_handouts:
            observer.handed(lease.task)
        if lease.since is None:
            self._strangers.given(lease.task)
        yield from self._attempts.given(lease, heard, found)
        self._odd.update(self._attempts.pair(lease.task))

    def gap(self, lease: Lease, since: float, until: float) -> list[News]:
        """See a gap that broke a rule."""
        return self._news(self._polls.gap(lease.caller or "", lease.task, since, until))

    def unseen(self) -> None:
        """See that nothing was seen for a while."""
        for observer in self._observers:
            observer.unseen()
        self._odd.clear()

    def close(self, at: float, more: Iterable[Evidence] = ()) -> list[News]:
        """See the end; return everything that was found, once, in its final form."""
        for observer in self._observers:
            self._news(observer.close(at))
        self._news(more)
        return [News(one, self._lease(one.task)) for one in self.ledger.settled()]

    def _news(self, found: Iterable[Evidence]) -> list[News]:
        return [News(one, self._lease(one.task)) for one in found if self.ledger.take(one)]


def _heard(at: float, call: Interaction, part: Role, lease: Lease | None) -> Heard:
    asked = at - ((call.ended or 0.0) - (call.asked or 0.0))
    return Heard(call, part, asked, at, lease.handout if lease else None)
