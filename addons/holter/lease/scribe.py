"""Findings written down: what was broken, with the profile's grade, the wall clock and the words for it."""

from __future__ import annotations

from holter.lease.conduct.panel import News
from holter.lease.edges import Timeline
from holter.lease.finding import Certainty, Finding, State
from holter.lease.machine import Lease
from holter.lease.message import describe
from holter.lease.profile import Profile
from holter.lease.rules import RULES, Severity
from holter.lease.suppression import Suppressions
from holter.lease.watch import Broken


class Scribe:
    """Writes findings of one audit."""

    def __init__(self, profile: Profile, timeline: Timeline, suppressions: Suppressions) -> None:
        self._profile = profile
        self._timeline = timeline
        self._suppressions = suppressions

    def gap(self, lease: Lease, broken: Broken, state: State) -> Finding:
        """Return the finding of a gap."""
        bar, given = broken.bar, lease.handout
        return Finding(
            rule=bar.rule,
            severity=bar.severity,
            certainty=broken.certainty,
            state=state,
            cause=broken.cause,
            task=lease.task,
            attempt=given.attempt,
            caller=lease.caller,
            at=self._wall(broken.passed),
            gap=broken.gap,
            limit=bar.limit,
            interactions=broken.calls,
            message=describe(lease.task, broken, closed=state is State.CLOSED),
            suppressed=self._suppressed(bar.rule, lease.caller, lease.task, given.activity),
        )

    def conduct(self, news: News, state: State) -> Finding:
        """Return the finding of what an observer saw."""
        one, given = news.evidence, news.lease.handout if news.lease else None
        return Finding(
            rule=one.rule,
            severity=self._severity(one.rule),
            certainty=Certainty.CERTAIN if one.certain else Certainty.POSSIBLE,
            state=state,
            cause=one.cause,
            task=one.task,
            attempt=given.attempt if given else None,
            caller=one.caller,
            at=self._wall(one.at),
            gap=one.gap,
            limit=one.limit,
            interactions=one.calls,
            message=one.said,
            suppressed=self._suppressed(one.rule, one.caller, one.task, given.activity if given else None),
        )

    def _severity(self, rule: str) -> Severity:
        return Severity(self._profile.rules.get(rule, RULES[rule].severity))

    def _wall(self, at: float) -> float:
        return round(self._timeline.wall(at), 6)

    def _suppressed(
        self, rule: str, caller: str | None, task: str | None, activity: str | None
    ) -> str | None:
        return self._suppressions.reason(rule, caller=caller, task=task, activity=activity)
