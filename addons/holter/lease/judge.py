"""Which rule a gap breaks: a table of limits for each kind of gap, worst first."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator

from holter.lease.finding import Limit
from holter.lease.handout import Handout
from holter.lease.profile import Profile
from holter.lease.rules import RULES, Severity
from holter.wire.value import value

_MOST = 1000  # limits: far more than pipelines have, so that a hostile file cannot fill the memory


class Span(enum.StrEnum):
    """What stands at the two ends of a gap."""

    __hash__ = str.__hash__  # an enum's own takes three times as long

    ACK = "ack"  # hand-out to first beat
    UNACKED = "unacked"  # hand-out to the end, no beat at all
    WAITING = "waiting"  # hand-out to now
    DONE = "done"  # hand-out to SetTaskStatus, no beat between
    BEAT = "beat"  # beat to beat, or to now
    TAIL = "tail"  # last beat to SetTaskStatus
    END = "end"  # last beat to the end of the capture


@value
class Bar:
    """A rule, and the seconds a gap must pass to break it: the limit and its tolerance."""

    rule: str
    severity: Severity
    limit: Limit
    seconds: float

    def broken_by(self, gap: float) -> bool:
        """Tell whether a gap is longer, in the microseconds in which a recording counts."""
        return round(gap - self.seconds, 6) > 0


class Judge:
    """The bars of one lease: the profile's limits, and the one that its pipeline sets."""

    def __init__(self, profile: Profile, handout: Handout) -> None:
        self._profile = profile
        advice, silence, ack = (self._limit(name) for name in ("advice", "silence", "ack"))
        held = handout.limit
        done = Limit("ack", 0.0, RULES["finished-without-ack"].source)
        table = {
            Span.ACK: (("ack-late", ack), ("ack-slow", advice)),
            Span.UNACKED: (("ack-missing", ack),),
            Span.WAITING: (("ack-missing", ack), ("ack-slow", advice)),
            Span.DONE: (("ack-missing", ack), ("finished-without-ack", done)),
            Span.BEAT: (("gap-over-limit", held), ("gap-over-5min", silence), ("gap-over-advice", advice)),
            Span.TAIL: (("tail-over-limit", held), ("tail-over-5min", silence), ("tail-over-advice", advice)),
            Span.END: (("abandoned", held), ("tail-over-5min", silence), ("tail-over-advice", advice)),
        }
        self.bars = {span: tuple(bars(profile, rows)) for span, rows in table.items()}
        self.lowest = {
            span: min((bar.seconds for bar in bars), default=float("inf")) for span, bars in self.bars.items()
        }
        """Seconds up to which a gap breaks nothing."""
        self.calm = {
            Span.ACK: self.lowest[Span.ACK],
            Span.BEAT: min(self.lowest[Span.BEAT], self.lowest[Span.TAIL]),
        }
        """The same for a gap of which nobody knows yet whether another beat ends it or the task's end."""

    def worst(self, span: Span, seconds: float) -> Bar | None:
        """Return the worst rule that a gap of so many seconds breaks."""
        if seconds <= self.lowest[span]:
            return None
        broken = [bar for bar in self.bars[span] if bar.broken_by(seconds)]
        return max(broken, key=lambda bar: bar.severity.rank) if broken else None

    def _limit(self, name: str) -> Limit:
        return Limit(name, getattr(self._profile.limits, name), self._profile.sources[name])


class Judges:
    """Judges by the limit for beats: many leases have one in common."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._known: dict[Limit, Judge] = {}

    def of(self, handout: Handout) -> Judge:
        """Return the judge of a lease."""
        judge = self._known.get(handout.limit)
        if judge is None:
            if len(self._known) >= _MOST:
                self._known.clear()
            judge = self._known[handout.limit] = Judge(self._profile, handout)
        return judge


def bars(profile: Profile, rows: Iterable[tuple[str, Limit]]) -> Iterator[Bar]:
    """Yield the bars of rules and their limits, as a profile grades them; a rule switched off has none."""
    for rule, limit in rows:
        grade = profile.rules.get(rule, RULES[rule].severity)
        if grade != "off":
            yield Bar(rule, Severity(grade), limit, limit.seconds + profile.tolerance.get(limit.name, 0.0))
