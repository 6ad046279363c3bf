"""Edges in the order of time in, leases and findings out; the same live and from a file."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import replace
from datetime import date

from holter.lease import handout
from holter.lease.conduct.leftovers import open_ends
from holter.lease.conduct.panel import Panel
from holter.lease.countdown import Ebb
from holter.lease.edges import Edge, Kind, Timeline, Times
from holter.lease.expiry import expired
from holter.lease.finding import Finding, State
from holter.lease.judge import Judges
from holter.lease.machine import Lease
from holter.lease.ongoing import Ongoing
from holter.lease.order import passed
from holter.lease.parts import Disorder
from holter.lease.phase import Phase
from holter.lease.profile import Profile
from holter.lease.runners import Runners
from holter.lease.scribe import Scribe
from holter.lease.statistics import median
from holter.lease.suppression import Suppressions
from holter.lease.verdict import ordinary
from holter.lease.watch import Broken
from holter.wire.message import Interaction, Mark
from holter.wire.operations import Role, role
from holter.wire.value import value

_OF_TASK = (Role.BEAT, Role.FINISH)
_OF_RUNNER = (Role.POLL, Role.ALIVE)
_LATENCIES = 31
_PASSED, _BEAT = Kind.PASSED, Role.BEAT  # Python 3.11 takes its time to find a member in its class


@value
class Blind:
    """A stretch in which Holter saw nothing, in seconds since 1970 UTC."""

    since: float
    until: float
    why: str


class Audit:
    """Judges a recording as it comes. One audit may go on over several stretches of one recording."""

    def __init__(self, profile: Profile, today: date | None = None) -> None:
        self.profile = profile
        self.suppressions = Suppressions(profile.suppress, today)
        self.timeline = Timeline()
        self.leases: list[Lease] = []
        self.findings: list[Finding] = []
        self.blind: list[Blind] = []
        self.disorder: list[Disorder] = []
        self.callers: Counter[str] = Counter()
        self.runners = Runners()
        self._held: dict[str | None, Lease] = {}
        self._ongoing = Ongoing()
        self._judges = Judges(profile)
        self._panel = Panel(profile, self.lease)
        self._scribe = Scribe(profile, self.timeline, self.suppressions)
        self._attempts: dict[str, dict[str, Lease]] = {}
        self._away: dict[int, Edge] = {}
        self._latencies: deque[float] = deque(maxlen=_LATENCIES)

    @property
    def calls(self) -> int:
        """How many calls were judged."""
        return self.callers.total()

    @property
    def open_leases(self) -> list[Lease]:
        """The leases whose runner still owes something, oldest first."""
        return self._ongoing.leases

    def lease(self, task: str | None) -> Lease | None:
        """Return the latest lease of a task."""
        return self._held.get(task) if task else None

    def read(self, entries: Iterable[Interaction | Mark]) -> None:
        """Take in what a file holds."""
        self.take(passed(entries, self.timeline, self.settled))

    def take(self, edges: Iterable[Edge]) -> None:
        """Take in edges in the order of time, as `feed` each."""
        for edge in edges:
            (self._passed if edge[1] is _PASSED else self.feed)(edge)

    def mark(self, mark: Mark) -> list[Finding]:
        """Take in a mark at the moment when it is written."""
        edge = self.timeline.mark(mark)
        return self.feed(edge) if edge else []

    def feed(self, edge: Edge) -> list[Finding]:
        """Take in one edge; return the findings whose gap it closed, or that it brought to light."""
        kind = edge[1]
        if kind is _PASSED:
            return self._passed(edge)
        if kind is Kind.ASKED:
            return self._keep(self._asked(edge))
        if kind is Kind.ENDED:
            return self._both(edge, edge.call)
        if kind is Kind.BLIND:
            return self._keep(self._unseen(edge))
        if kind is Kind.AWAY:
            self._away[edge.part] = edge
            self._panel.unseen()
        if kind is Kind.BACK:
            return self._keep(self._back(edge))
        return []

    def due(self, now: float) -> list[Finding]:
        """Return what has become overdue by a moment of the running stretch: findings still open."""
        found = self._ongoing.due(self.timeline.shift + now)
        told = self._ongoing.overdue.told
        return [told(lease, self._scribe.gap(lease, broken, State.OPEN)) for lease, broken in found]

    def next_due(self) -> float:
        """Return the next moment of the running stretch at which `due` or `ebbing` may say something."""
        return self._ongoing.next() - self.timeline.shift

    def count_down(self) -> None:
        """Begin to watch how leases are used up, which from a file nobody asks."""
        self._ongoing.count_down(self.timeline.seen)

    def ebbing(self, now: float) -> Iterator[Ebb]:
        """Yield the leases that have newly been used up to a certain share, by a moment of this stretch."""
        for ebb in self._ongoing.ebbing(self.timeline.shift + now):
            yield replace(ebb, at=self.timeline.wall(ebb.at))

    def close(self) -> list[Finding]:
        """End at the last moment seen: what is still owed then is judged."""
        at, known = self.timeline.seen, self.timeline.known
        found = self._keep(broken for lease in self.open_leases for broken in self._closed(lease, at, known))
        found += self._left(at)
        self.findings.sort(key=lambda finding: finding.place)
        return found

    def settled(self, key: Hashable, call: Interaction, times: Times) -> list[Finding] | None:
        """Take in a call in the normal course, during which nothing else happened; None where it is none."""
        lease, part = self._held.get(call.task), ordinary(call)
        if lease is None or part is None:
            return None
        phase = lease.phase
        if not (lease.renewed(call, times) if part is _BEAT else lease.finished(call, times)):
            return None
        if phase is not lease.phase:
            self._ongoing.heard(lease)
        asked, first, _, _ = times
        self.callers[call.caller or "unknown"] += 1
        self._latencies.append(first - asked)
        news = self._panel.passed(key, call, times, part, lease)
        return [self._scribe.conduct(one, State.OPEN) for one in news] if news else []

    def _passed(self, edge: Edge) -> list[Finding]:
        """Take in a call during which nothing else happened; most are in the normal course."""
        at, _, key, _, first, asked, known, _, _ = edge
        call = edge.call
        found = self.settled(key, call, (asked, first, at, known))
        if found is not None:
            return found
        before, after = edge.both()
        return [*self._keep(self._asked(before)), *self._both(after, call)]

    def _left(self, at: float) -> list[Finding]:
        blamed = {finding.task for finding in self.findings if finding.rule in ("abandoned", "ack-missing")}
        leases = [lease for lease in self.leases if lease.phase is Phase.UNFINISHED]
        exited, stopped = self.timeline.exited, self.timeline.stopped
        ends = open_ends(leases, at, self.profile, blamed, exited=exited) if stopped else ()
        found = [self._scribe.conduct(news, State.CLOSED) for news in self._panel.close(at, ends)]
        found += expired(self.suppressions.expired, self.profile, round(self.timeline.wall(at), 6))
        self.findings += found
        return found

    def _both(self, edge: Edge, call: Interaction) -> list[Finding]:
        """Judge a call's lease, and then what else it says of its runner."""
        part = role(call.op)
        found = self._keep(self._ended(edge, call, part))
        news = self._panel.ended(edge, call, part, self.lease(call.task), found)
        return [*found, *(self._scribe.conduct(one, State.OPEN) for one in news)] if news else found

    def _asked(self, edge: Edge) -> Iterator[tuple[Lease, Broken]]:
        call, part = edge.call, role(edge.call.op)
        self._panel.asked(edge, call, part)
        if part is Role.POLL:
            self.runners.polled(edge, call)
        if call.task and part in _OF_TASK:
            lease = self._of(call.task, call)
            if lease.open:
                yield from self._missed(lease, edge.at)
            lease.part = edge.part
            lease.asked(edge)
            self._ongoing.heard(lease)

    def _of(self, task: str, call: Interaction) -> Lease:
        if task not in self._held:
            given = handout.unknown(self.profile)
            lease = Lease(task, call.caller, given, self.profile, self._judges.of(given))
            self._add(lease, self.timeline.seen)
        return self._held[task]

    def _add(self, lease: Lease, at: float) -> None:
        self.leases.append(lease)
        self._held[lease.task] = lease
        self._ongoing.add(lease, at)

    def _ended(self, edge: Edge, call: Interaction, part: Role) -> Iterator[tuple[Lease, Broken]]:
        self.callers[call.caller or "unknown"] += 1
        if part in _OF_RUNNER:
            self.runners.ended(edge, call, part)
        if part is Role.POLL and call.task and handout.is_handout(call):
            yield from self._handed(edge, call, call.task)
        elif part in _OF_TASK and call.task:
            self._latency(call)
            lease = self._of(call.task, call)
            yield from ((lease, broken) for broken in lease.ended(edge))
            self._ongoing.heard(lease)

    def _handed(self, edge: Edge, call: Interaction, task: str) -> Iterator[tuple[Lease, Broken]]:
        known = self._held.get(task)
        if known and known.heard_first is not None and known.since is None and known.part != edge.part:
            self.disorder.append(Disorder(task, known.part or 0, edge.part, edge.at - known.heard_first))
        if known and known.open:
            return  # the same task id again: an answer repeated on purpose, not a second lease
        given = handout.read(call, self.profile)
        attempts = self._attempts.setdefault(given.pipeline or "", {})
        before = attempts.get(given.attempt or task)
        if before and before.losable:
            yield from ((before, broken) for broken in before.reassigned(edge))
            self._ongoing.heard(before)
        lease = Lease(task, call.caller, given, self.profile, self._judges.of(given))
        lease.part = edge.part
        if before and before.task != task:
            before.redelivered_as, lease.redelivery_of = task, before.task
        lease.begin(edge, median(self._latencies))
        self._add(lease, edge.first)
        attempts[given.attempt or task] = lease
        self._ongoing.heard(lease)

    def _latency(self, call: Interaction) -> None:
        asked, first, _ = call.mono
        if call.status == 200 and first is not None and asked is not None:
            self._latencies.append(first - asked)

    def _unseen(self, edge: Edge) -> Iterator[tuple[Lease, Broken]]:
        wall = self.timeline.wall
        self.blind.append(Blind(wall(edge.since), wall(edge.at), edge.why))
        self.runners.blind()
        stay = edge.key if isinstance(edge.key, frozenset) else ()
        still = {part: away for part, away in self._away.items() if part in stay}
        for lease in [one for one in self.open_leases if one.part not in still]:
            yield from self._missed(lease, edge.at, edge)
            lease.part = edge.part if lease.part == edge.part else None
        self._away = still
        self._panel.unseen()

    def _back(self, edge: Edge) -> Iterator[tuple[Lease, Broken]]:
        for lease in self.open_leases:
            if lease.part in (None, edge.part):
                yield from self._missed(lease, edge.at)
        self._away.pop(edge.part, None)

    def _closed(self, lease: Lease, at: float, known: float) -> Iterator[tuple[Lease, Broken]]:
        yield from self._missed(lease, at)
        yield from ((lease, broken) for broken in lease.close(at, known))
        self._ongoing.heard(lease)

    def _missed(self, lease: Lease, at: float, unseen: Edge | None = None) -> Iterator[tuple[Lease, Broken]]:
        """Judge a lease whose recorder, or all of them, saw nothing: what it owed then does not count."""
        gone = [away for part, away in self._away.items() if lease.part in (None, part)]
        if away := min([*gone, *([unseen] if unseen else [])], key=lambda one: one.since, default=None):
            blind = away._replace(kind=Kind.BLIND, at=at)
            yield from ((lease, broken) for broken in lease.blind(blind))
            self._ongoing.heard(lease)

    def _keep(self, found: Iterable[tuple[Lease, Broken]]) -> list[Finding]:
        closed: list[Finding] = []
        told: list[Finding] = []
        for lease, broken in found:
            closed.append(self._scribe.gap(lease, broken, State.CLOSED))
            since = broken.passed - broken.bar.seconds
            news = self._panel.gap(lease, since, since + broken.gap.certain)
            told += [self._scribe.conduct(one, State.OPEN) for one in news]
        self.findings += closed
        return [*closed, *told, *self._ongoing.overdue.withdrawn(closed)]


def audited(entries: Iterable[Interaction | Mark], profile: Profile, today: date | None = None) -> Audit:
    """Judge a whole recording, by the suppressions that hold on a day."""
    audit = Audit(profile, today)
    audit.read(entries)
    audit.close()
    return audit
