"""A run in figures, for Prometheus: read from the session when asked, with bounded sets of labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from holter import __version__
from holter.board.lag import Lag
from holter.board.watch import Watch
from holter.errors import MissingExtraError
from holter.keeper import Keeper
from holter.lease.machine import Lease

WORST = 100
"""Open leases that are told one by one: those with the least left. The rest are only counted."""

CALLERS = 100
"""Callers that are told one by one: the first that came. All others are `other`."""

_OUTCOMES = {
    "a": "taken", "o": "taken", "c": "canceled", "e": "refused", "b": "broken", "f": "fault",
}  # fmt: skip
_OTHER = "other"


class Metrics:
    """Writes the figures of one run as a scraper wants them. `MissingExtraError` where its library is not."""

    def __init__(self, keeper: Keeper, watch: Watch, lag: Lag) -> None:
        try:
            from prometheus_client import CollectorRegistry, metrics_core
        except ModuleNotFoundError:
            raise MissingExtraError("/metrics", "proxy", "prometheus-client") from None
        self._core: Any = metrics_core
        self._keeper, self._watch, self._lag = keeper, watch, lag
        self._audit, self._session = keeper.audit, keeper.session
        self._registry = CollectorRegistry()
        collector: Any = self
        self._registry.register(collector)

    def text(self, accept: str) -> tuple[bytes, str]:
        """Return the figures, and the type in which a scraper that accepts these types gets them."""
        from prometheus_client.exposition import choose_encoder

        encoder, kind = choose_encoder(accept)
        return encoder(self._registry), kind

    def describe(self) -> list[Any]:
        """Name nothing beforehand (asked by the registry)."""
        return []

    def collect(self) -> Iterator[Any]:
        """Yield the figures as they are now (asked by the registry)."""
        yield from self._leases()
        yield from self._counts()
        yield from self._run()

    def _leases(self) -> Iterator[Any]:
        """Yield how open leases stand, as far as somebody knows: of none while calls pass unseen."""
        now = self._session.watched(self._keeper.clock.now())
        found = [(_left(one, now), one) for one in self._audit.open_leases]
        worst = [] if self._session.paused else sorted(found, key=lambda pair: pair[0])[:WORST]
        left = self._gauge("holter_lease_remaining_seconds", "Seconds until an open lease runs out.", "task")
        for seconds, one in worst:
            if seconds > 0 or not one.unsure:
                left.add_metric([one.task], seconds)
        yield left
        age = self._gauge("holter_last_beat_age_seconds", "Seconds since a lease was last renewed.", "task")
        for _, one in worst:
            if not one.unsure and (since := one.age(now)) is not None:
                age.add_metric([one.task], since)
        yield age
        yield self._one("holter_open_leases", "Leases whose runner still owes something.", len(found))
        hidden = len(found) - len(worst)
        yield self._one("holter_open_leases_not_shown", "Open leases not told one by one.", hidden)

    def _counts(self) -> Iterator[Any]:
        beats: Counter[str] = Counter(dict.fromkeys(_OUTCOMES.values(), 0))
        for kind, count in self._watch.beats.items():
            beats[_OUTCOMES.get(kind, _OTHER)] += count
        yield self._counter("holter_beats", "Beats by what came of them.", ("outcome",), _single(beats))
        answers = self._watch.answers
        yield self._counter(
            "holter_calls", "Calls by operation and answer.", ("operation", "answer"), answers.items()
        )
        callers = _first(self._audit.callers, CALLERS)
        yield self._counter("holter_caller_calls", "Calls by runner.", ("caller",), _single(callers))
        found = Counter((one.rule, one.severity.value, one.certainty.value) for one in self._audit.findings)
        labels = ("rule", "severity", "certainty")
        yield self._counter("holter_findings", "Findings that are closed.", labels, found.items())
        open_ones = Counter((one.rule,) for one in self._watch.open)
        going = self._gauge("holter_findings_open", "Findings whose gap goes on.", "rule")
        for label, count in open_ones.items():
            going.add_metric(label, count)
        yield going
        met = _single(self._watch.met)
        yield self._counter("holter_faults", "Calls in which a rule of a fault had a hand.", ("rule",), met)

    def _run(self) -> Iterator[Any]:
        yield self._counter(
            "holter_lost", "Entries that could not be written.", (), [((), self._keeper.lost)]
        )
        yield self._one("holter_in_flight", "Calls on their way.", self._session.in_flight)
        yield self._one("holter_paused", "1 while calls pass unseen.", int(self._session.paused))
        worst = "Longest that the event loop was late in the last minute, in seconds."
        yield self._one("holter_loop_lag_seconds", worst, self._lag.worst)
        late = [((), self._lag.total)]
        yield self._counter("holter_loop_late_seconds", "Seconds the event loop was late.", (), late)
        about = self._gauge("holter_info", "What tells these figures.", "version")
        about.add_metric([__version__], 1)
        yield about

    def _gauge(self, name: str, help_: str, *labels: str) -> Any:
        return self._core.GaugeMetricFamily(name, help_, labels=labels)

    def _one(self, name: str, help_: str, value: float) -> Any:
        return self._core.GaugeMetricFamily(name, help_, value=value)

    def _counter(
        self, name: str, help_: str, labels: tuple[str, ...], rows: Iterable[tuple[tuple[str, ...], float]]
    ) -> Any:
        family = self._core.CounterMetricFamily(name, help_, labels=labels)
        for values, count in rows:
            family.add_metric(values, count)
        return family


def _left(lease: Lease, now: float) -> float:
    """Return the seconds that a lease has left, below 0 those that it is over."""
    heard, used = lease.spent(now)
    return lease.term - used - (now - heard)


def _single(counts: Mapping[str, float]) -> list[tuple[tuple[str, ...], float]]:
    return [((label,), count) for label, count in counts.items()]


def _first(counts: Mapping[str, int], most: int) -> Counter[str]:
    """Return the counts of the first that came, and of all others together."""
    found: Counter[str] = Counter()
    for place, (name, count) in enumerate(counts.items()):
        found[name if place < most else _OTHER] += count
    return found
