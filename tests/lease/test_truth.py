"""The audit held against the sandbox's keeper of leases, which shares no code with it.

Random histories (`runners.told`) are seen by a proxy in the middle; what the keeper decided is the truth:

- no certain error is found that the keeper denies: its lease ran out, for that reason, by that moment.
  Where a pipeline was deleted and nobody had been told yet, the runner owed its beats as before;
- no lease ran out unnoticed of which a proxy could know (`oracle` says precisely when it can);
- live, with deadlines asked for at every turn and over restarts, the findings are those from the file;
- whatever was told live as open was told to have ended, at the moment when its gap had.

A seed that fails is printed; `told(seed).middle.entries` and `.decisions` are what was seen and what was.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pytest

from holter.lease.audit import Audit, audited
from holter.lease.catalogue.gaps import ROWS as GAPS
from holter.lease.finding import Certainty, Finding, State
from holter.lease.growth import OpenFindings
from holter.lease.profile import DOCUMENTED
from holter.lease.rules import Severity
from holter.sandbox.decision import Decision, Step
from holter.wire.message import Interaction, Mark
from holter.wire.operations import PIPELINE_DELETED

from .history import ZERO
from .middle import Seen
from .oracle import knowable, lives, unsure_of_kind
from .runners import told
from .truth import World

INFINITE = float("inf")
_KIND = {"ack-missing": "ack", "ack-late": "ack"}
_GAPS = {row.id for row in GAPS}
_ALL = {"ack-missing", "ack-late", "gap-over-limit", "tail-over-limit", "abandoned"}
_SEEN = {
    f"other {rule}"
    for rule in ("poll-aborted", "redelivery", "progress-after-terminal", "continue-after-task-not-found")
}
"""Rules of conduct that enough random histories are sure to show, certain or not."""


def blaming(findings: list[Finding]) -> list[Finding]:
    return [
        one
        for one in findings
        if one.rule in _GAPS and one.severity is Severity.ERROR
        if one.certainty is Certainty.CERTAIN and one.cause != "fault"
    ]


def expired(world: World) -> dict[str, Decision]:
    return {one.task: one for one in world.decisions if one.step is Step.EXPIRED and one.task}


@dataclass
class Live:
    """An audit that sees every edge at its moment, and is asked for deadlines in between."""

    audit: Audit = field(default_factory=lambda: Audit(DOCUMENTED))
    opened: list[tuple[float, Finding]] = field(default_factory=list)
    still: OpenFindings = field(default_factory=OpenFindings)
    withdrawn: list[Finding] = field(default_factory=list)
    stale: list[Finding] = field(default_factory=list)
    now: float = 0.0

    def play(self, world: World) -> Live:
        for seen in world.middle.seen:
            if isinstance(seen.entry, Mark) and seen.entry.what == "started":
                self.audit, self.still, self.now = Audit(DOCUMENTED), OpenFindings(), 0.0
                self.audit.read(world.middle.entries[: seen.written])
            self.pass_time(seen.at)
            self.feed(seen)
        if not world.stopped:  # the recorder was killed: the next one begins with what was written
            self.audit, self.still = Audit(DOCUMENTED), OpenFindings()
            self.audit.read(world.middle.entries)
        self.told(self.audit.close())
        self.stale += self.still
        return self

    def pass_time(self, until: float) -> None:
        timeline = self.audit.timeline
        for at in (self.now + (until - self.now) / 3, self.audit.next_due() + 1e-6, until):
            if self.now <= at <= until:
                self.now = at
                wall = timeline.wall(timeline.shift + at)
                due = self.audit.due(at)
                self.opened += [(wall, one) for one in due]
                self.told(due)

    def feed(self, seen: Seen) -> None:
        timeline = self.audit.timeline
        if isinstance(seen.entry, Mark):
            self.told(self.audit.mark(seen.entry))
        else:
            place = timeline.ended if seen.ended else timeline.asked
            self.told(self.audit.feed(place(seen.key, seen.entry)))

    def told(self, findings: list[Finding]) -> None:
        """Take note of findings as a listener does; of one that is over something must have been told."""
        for one in findings:
            self.withdrawn += [one] if one.state is State.WITHDRAWN else []
            self.still.told(one)
        for one in [one for one in self.still if one.rule in _GAPS]:
            lease = self.audit.lease(one.task)
            self.stale += [] if lease and lease.owes(one.rule) else [one]


def false_alarms(world: World, opened: list[tuple[float, Finding]]) -> list[Finding]:
    """Certain errors that the keeper denies, out of findings with the moments at which they were told."""
    truth, seen, news = expired(world), lives(world.middle.entries), deletions(world)

    def denied(at: float, one: Finding) -> bool:
        decision = truth.get(one.task or "")
        if decision is None:
            return news.get(one.task or "", -INFINITE) < at
        if one.task in seen and unsure_of_kind(seen[one.task]):
            return False
        return decision.why != _KIND.get(one.rule, "progress")

    return [one for at, one in opened if blaming([one]) and denied(at, one)]


def _closed_at(one: Finding) -> float:
    """When the runner's silence ended: what the service says later can not have been known."""
    return one.at if one.gap is None or one.limit is None else one.at - one.limit.seconds + one.gap.certain


def deletions(world: World) -> dict[str, float]:
    """When the proxy was told that a lease ended because its pipeline was deleted: perhaps never."""
    found = {
        one.task: INFINITE
        for one in world.decisions
        if one.task and one.step is Step.CANCELED and one.why == "deleted"
    }
    calls = [entry for entry in world.middle.entries if isinstance(entry, Interaction)]
    for call in calls:
        if call.task in found and call.error == PIPELINE_DELETED:
            told_at = (call.at or 0.0) + (call.ended or 0.0) - (call.asked or 0.0)
            found[call.task] = min(found[call.task], told_at)
    return found


def early_alarms(world: World, opened: list[tuple[float, Finding]]) -> list[Finding]:
    """Certain errors told live before the lease had run out."""
    truth = expired(world)
    moments = dict(blamed_at(opened))
    return [
        one
        for one in blaming([finding for _, finding in opened])
        if one.task in truth and truth[one.task].at + ZERO > moments[one.task] + 1e-5
    ]


def blamed_at(opened: list[tuple[float, Finding]]) -> list[tuple[str, float]]:
    return [(one.task or "", at) for at, one in opened if blaming([one])]


def misses(world: World, findings: list[Finding]) -> list[str]:
    """Tasks whose lease ran out as a proxy could know, without a certain error."""
    blamed, seen = {one.task for one in blaming(findings)}, lives(world.middle.entries)
    return [
        task
        for task, decision in expired(world).items()
        if task in seen and knowable(seen[task], _progress(decision)) and task not in blamed
    ]


def _progress(decision: Decision) -> float:
    job = decision.job
    return DOCUMENTED.limits.progress if job is None or job.progress is None else job.progress


def unjust(world: World, findings: list[Finding]) -> list[Finding]:
    """Certain warnings and errors of conduct about runners that did nothing of the kind.

    A made-up runner that sends a failed beat but once does so on purpose, and a task that it went on with
    after it was told to stop is known.
    """
    return [
        one
        for one in findings
        if one.rule not in _GAPS | {"no-retry-on-5xx"} and one.severity is not Severity.NOTE
        if one.certainty is Certainty.CERTAIN and one.task not in world.defied
    ]


def problems(seed: int, count: Counter[str]) -> list[str]:
    world = told(seed)
    findings = audited(world.middle.entries, DOCUMENTED).findings
    live = Live().play(world)
    count.update(one.rule for one in blaming(findings))
    count.update(f"other {one.rule}" for one in findings if one.rule not in _GAPS)
    count["expired"] += len(expired(world))
    count.update(f"withdrawn {one.rule}" for one in live.withdrawn)
    closed = [(_closed_at(one), one) for one in findings]
    found = [f"false alarm: {one.rule} of {one.task}" for one in false_alarms(world, closed)]
    found += [f"false alarm, live: {one.rule} of {one.task}" for one in false_alarms(world, live.opened)]
    found += [f"too early: {one.rule} of {one.task}" for one in early_alarms(world, live.opened)]
    found += [f"missed: {task}" for task in misses(world, findings)]
    found += [f"unjust: {one.rule} of {one.task or one.caller}" for one in unjust(world, findings)]
    found += ["live and from the file differ"] if live.audit.findings != findings else []
    found += [f"told as open for ever: {one.rule} of {one.task or one.caller}" for one in live.stale]
    return [f"seed {seed}: {one}" for one in found]


def run(seeds: range) -> Counter[str]:
    count: Counter[str] = Counter()
    found = [one for seed in seeds for one in problems(seed, count)]
    assert not found, "\n".join(found[:50])
    return count


INTERESTING = {
    42: "a beat and a status asked in the same microsecond",
    52: "a status that a 5xx answered",
    121: "a status that broke, then gone, then handed out again",
    153: "a pipeline deleted in silence",
    2357: "killed with nothing but marks at the end",
    3053: "a beat taken beside a status that a 5xx answered and that counted",
    4179: "a deletion told only after a silence",
    4187: "a status and a later beat at one moment",
    20230: "handed out again after a gap that was withdrawn",
    6156: "a status beside the first beat",
    104654: "killed with a beat in flight",
    119800: "a deletion told at the moment of the deadline",
    817398: "a refusal that the client had not waited for",
    703524: "acknowledged while the recorder was down",
}


@pytest.mark.parametrize("seed", INTERESTING)
def test_what_once_went_wrong_stays_right(seed: int) -> None:
    assert problems(seed, Counter()) == []


def test_random_histories_are_judged_as_the_keeper_decides() -> None:
    count = run(range(2_000))

    assert {rule for rule in count if " " not in rule} == _ALL | {"expired"}
    assert {rule for rule in count if rule.startswith("other ")} >= _SEEN, count
    assert sum(count[rule] for rule in _ALL) > count["expired"] / 2, count
    assert sum(count[rule] for rule in count if rule.startswith("withdrawn ")) > 10, count


@pytest.mark.slow
def test_many_random_histories_are_judged_as_the_keeper_decides() -> None:
    assert run(range(10_000, 20_000)).keys() >= _ALL | _SEEN
