"""Whether a runner that is there says so itself: its own heartbeat, which is no task's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import field

from holter.lease.conduct.evidence import Evidence, Heard, Observer, proof, seconds
from holter.lease.edges import Edge
from holter.lease.finding import Gap, Limit
from holter.lease.profile import Profile
from holter.wire.message import Interaction
from holter.wire.operations import DATA_PIPELINE, Role
from holter.wire.value import state

_NEVER = float("-inf")
_TOLD = float("inf")


@state
class _Runner:
    """`since` is its last heartbeat, or the beginning of its uninterrupted presence; `seen` its last call."""

    since: float = _NEVER
    seen: float = _NEVER
    polls: bool = False
    beats: bool = False
    call: int = 0


@state
class _Name:
    """The hosts that used one taskrunnerId, each with its latest call, in the order in which they came in."""

    hosts: dict[str, int] = field(default_factory=dict)
    last: str = ""


class Alive(Observer):
    """Watches every call for who is there, and ReportTaskRunnerHeartbeat for who says so."""

    roles = frozenset({Role.POLL, Role.ALIVE})

    def __init__(self, profile: Profile) -> None:
        limits, tolerance = profile.limits, profile.tolerance
        self._limit = Limit("runner", limits.runner, profile.sources["runner"])
        self._most = limits.runner + tolerance.get("runner", tolerance.get("advice", 0.0))
        self._pause = limits.poll + limits.advice + sum(tolerance.values())
        self._runners: defaultdict[str, _Runner] = defaultdict(_Runner)
        self._names: dict[str, _Name] = {}

    def asked(self, edge: Edge, call: Interaction) -> None:
        """Note a heartbeat as soon as it is on its way."""
        runner = self._runners[call.caller or ""]
        if edge.at - runner.seen > self._pause:
            runner.seen = edge.at
        runner.since, runner.beats = edge.at, True

    def is_due(self, caller: str, at: float) -> bool:
        """Note that a runner was there, as a call of it ended; tell whether it owes a heartbeat by now."""
        runner = self._runners[caller]
        since = runner.since
        if at - runner.seen > self._pause and at > since:
            runner.since = since = at
        runner.seen = at
        return at - since > self._most

    def missed(self, heard: Heard) -> Iterator[Evidence]:
        """Judge a runner whose heartbeat is due."""
        runner = self._runners[heard.caller]
        if runner.beats or runner.polls:
            gap = round(heard.ended - runner.since, 6)
            rule = "runner-heartbeat-gap" if runner.beats else "runner-heartbeat-absent"
            said = f"{heard.caller} was there for {seconds(gap)} without ReportTaskRunnerHeartbeat"
            at, calls = runner.since + self._limit.seconds, proof(runner.call, heard.call.seq)
            yield Evidence(rule, at, said, calls, None, heard.caller, gap=Gap(gap, gap), limit=self._limit)
            runner.since = _TOLD

    def ended(self, heard: Heard) -> Iterator[Evidence]:
        """Note who polls, and under which name a runner beats."""
        runner = self._runners[heard.caller]
        runner.polls = runner.polls or heard.role is Role.POLL
        if heard.role is Role.ALIVE:
            runner.call = heard.call.seq
            yield from self._named(heard)

    def _named(self, heard: Heard) -> Iterator[Evidence]:
        name, host = heard.request.get(DATA_PIPELINE.runner), heard.request.get("hostname")
        if not (isinstance(name, str) and isinstance(host, str) and host):
            return
        known = self._names.setdefault(name, _Name())
        if host in known.hosts and known.last != host:
            calls = proof(known.hosts[host], known.hosts[known.last], heard.call.seq)
            said = f"{known.last} and {host} use the taskrunnerId {name} at once"
            yield Evidence("taskrunner-id-shared", heard.asked, said, calls, None, name)
        known.hosts[host], known.last = heard.call.seq, host

    def unseen(self) -> None:
        """Begin anew: nobody knows who was there."""
        for runner in self._runners.values():
            runner.since = runner.seen = _NEVER
        self._names.clear()
