"""What a page draws of a run, as one JSON value: the same of a run that goes on and of a recording.

Moments are seconds since `zero`, to the millisecond, on the wall clock as all reports have it.
"""

from __future__ import annotations

import json as plain
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Container, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from holter import __version__
from holter.lease.audit import Audit
from holter.lease.countdown import SHARES
from holter.lease.finding import Finding, State
from holter.lease.machine import Lease
from holter.lease.rules import RULES, Severity
from holter.report import json
from holter.report.crew import by_caller
from holter.report.place import Place
from holter.report.reach import reach
from holter.report.strip import ALIVE, DOTS, TERMINATED, Strip
from holter.report.words import iso
from holter.wire.message import Json

VERSION = 1

MOST_LEASES = 5000
"""Leases that a page shows: all that are open, and the latest of the others."""

_STEP = 5_000  # calls
_DOTS = frozenset(map(ord, DOTS))
_ALIVE, _TERMINATED = ord(ALIVE), ord(TERMINATED)

Steps: TypeAlias = Generator[None, None, dict[str, Json]]
"""A long computation in short steps: what it comes to is what it returns at its end."""


@dataclass(frozen=True, slots=True)
class About:
    """What a page is about besides audit and strip.

    `now` is the wall clock of a run that goes on, None of one that has ended; `watched` is up to when on the
    audit's axis it was seen, where that is not now. `open` are its findings whose gap goes on, `faults` its
    rules, `state` how it stands.
    """

    title: str
    recording: str | None = None
    now: float | None = None
    watched: float | None = None
    open: Sequence[Finding] = ()
    faults: dict[str, Json] | None = None
    state: dict[str, Json] | None = None
    lost: int = 0
    places: Mapping[int, Place] = field(default_factory=dict)


def encoded(found: dict[str, Json]) -> bytes:
    """Return a page's value as JSON text, which takes a tenth of the time where msgspec is there."""
    try:
        from msgspec.json import encode

        return encode(found)
    except (ModuleNotFoundError, UnicodeEncodeError):  # it does not take lone surrogates, which JSON can hold
        return plain.dumps(found, separators=(",", ":")).encode()


def value(audit: Audit, strip: Strip, about: About) -> dict[str, Json]:
    """Return the page's value at once."""
    steps = gradual(audit, strip, about)
    while True:
        try:
            next(steps)
        except StopIteration as done:
            found: dict[str, Json] = done.value
            return found


def gradual(audit: Audit, strip: Strip, about: About) -> Steps:
    """Return the page's value, in steps short enough that other work can be done between them."""
    findings, shown = (*audit.findings, *about.open), _shown(audit)
    callers, taken = Counter(audit.callers), strip.still()
    clock = Clock(audit, about.now)
    unseen = blind(audit, clock, about.watched)
    own, alive = yield from _lanes(taken)
    dots = _shared(audit, taken, own, clock)
    leases: list[Json] = []
    for number in shown:
        drawn = _dots(taken, dots.get(number, []))
        leases.append({**lease(number, audit, clock), "dots": drawn})
        yield
    crews = by_caller(callers, audit.leases)
    crew: list[Json] = []
    for name, calls in callers.items():
        beats = _heartbeats(taken, alive.get(name, []))
        crew.append({**json.caller(name, calls, crews[name], audit.runners.of(name)), "heartbeats": beats})
        yield
    told: list[Json] = [finding(one, audit, clock, about.places) for one in findings]
    yield
    drawn_calls = yield from _calls(taken)
    return {
        "version": VERSION,
        "live": about.now is not None,
        "title": about.title,
        "recording": about.recording,
        "by": f"holter {__version__}",
        "zero": iso(clock.zero),
        "now": clock.now,
        "scale": audit.profile.scale,
        "profile": json.profile(audit.profile),
        "blind": unseen,
        "leases": leases,
        "findings": told,
        "callers": crew,
        "calls": drawn_calls,
        "summary": summary(audit, findings, taken, about.lost),
        "faults": about.faults,
        "state": about.state,
        "rules": _rules(RULES if about.now is not None else {one.rule for one in findings}),
        "dropped": {
            "calls": taken.dropped, "leases": len(audit.leases) - len(shown), "untimed": taken.untimed,
        },
    }  # fmt: skip


class Clock:
    """Moments of a page: seconds since the recording began."""

    def __init__(self, audit: Audit, now: float | None = None) -> None:
        self._audit = audit
        self.zero = audit.timeline.zero or 0.0
        self.now = self.of(audit.timeline.wall(audit.timeline.seen) if now is None else now)
        self.live = now is not None

    def of(self, wall: float) -> float:
        """Return a moment of the wall clock, in seconds since 1970 UTC."""
        return round(wall - self.zero, 3)

    def on(self, at: float | None) -> float | None:
        """Return a moment of the audit's axis."""
        return None if at is None else self.of(self._audit.timeline.wall(at))


def blind(audit: Audit, clock: Clock, watched: float | None = None) -> list[Json]:
    """Return the stretches in which nothing was seen; one that goes on, since `watched`, has no end."""
    found: list[Json] = [
        {"from": clock.of(one.since), "to": clock.of(one.until), "why": one.why} for one in audit.blind
    ]
    if watched is not None:
        why = "Holter is late" if audit.timeline.paused is None else audit.timeline.end
        found.append({"from": clock.on(watched), "to": None, "why": why})
    return found


def lease(number: int, audit: Audit, clock: Clock) -> dict[str, Json]:
    """Return all that a page shows of a lease but its dots."""
    one = audit.leases[number]
    return {**_placed(number, one, clock), **json.lease(one, audit), **_term(one, audit, clock)}


def moved(number: int, audit: Audit, clock: Clock) -> dict[str, Json]:
    """Return the same of a lease that goes on, less the spread of its beats, which takes longest to find."""
    one = audit.leases[number]
    whole = json.lease(one, audit, spread=False)
    del whole["interval"]
    return {**_placed(number, one, clock), **whole, **_term(one, audit, clock)}


def _placed(number: int, one: Lease, clock: Clock) -> dict[str, Json]:
    marks: list[Json] = [*SHARES]
    return {"id": number, "t0": clock.on(one.since), "t1": clock.on(one.until), "marks": marks}


def _term(one: Lease, audit: Audit, clock: Clock) -> dict[str, Json]:
    """Return how long a lease lasts without a beat, up to when while it is open, and whether nobody knows."""
    deadline = None
    if one.open:
        heard, used = one.spent(audit.timeline.seen)
        deadline = clock.on(heard - used + one.term)
    return {"deadline": deadline, "span": round(one.term, 3), "unsure": one.unsure}


def finding(one: Finding, audit: Audit, clock: Clock, places: Mapping[int, Place]) -> dict[str, Json]:
    """Return a finding with its gap; that of an open one has no end yet."""
    found = reach(one, audit.profile)
    ended = found is not None and one.state is State.CLOSED
    return {
        **json.finding(one, places),
        "t": clock.of(one.at),
        "t0": clock.of(found.begin) if found else None,
        "certain_to": clock.of(found.certain) if found and ended else None,
        "possible_to": clock.of(found.possible) if found and ended else None,
    }


def summary(audit: Audit, findings: Sequence[Finding], strip: Strip, lost: int) -> dict[str, Json]:
    """Return the counts."""
    counts = Counter(one.severity for one in findings if not one.suppressed)
    return {
        **{severity.value: counts[severity] for severity in reversed(Severity)},
        "calls": audit.calls,
        "tasks": len({one.task for one in audit.leases}),
        "unplayed": 0,
        "lost": lost,
        "suppressed": sum(one.suppressed is not None for one in findings),
        "faults": strip.faults,
    }


def _rules(names: Container[str]) -> dict[str, Json]:
    """Return what rules mean, what to do about them, and who says so."""
    return {
        name: {"meaning": rule.meaning, "action": rule.action, "source": rule.source}
        for name, rule in RULES.items()
        if name in names
    }


def _shown(audit: Audit) -> list[int]:
    count = len(audit.leases)
    late = range(max(0, count - MOST_LEASES), count)
    return [*(number for number in range(late.start) if audit.leases[number].open), *late]


_Rows: TypeAlias = list[int]


def _lanes(strip: Strip) -> Generator[None, None, tuple[dict[str, _Rows], dict[str, _Rows]]]:
    """Return the rows of each task, and those of each runner's own heartbeats."""
    tasks, alive = defaultdict[int, _Rows](list), defaultdict[int, _Rows](list)
    for row, (task, kind) in enumerate(zip(strip.task, strip.kind, strict=True)):
        if kind in _DOTS:
            tasks[task].append(row)
        elif kind in (_ALIVE, _TERMINATED):
            alive[strip.caller[row]].append(row)
        if not row % _STEP:
            yield
    names = strip.tasks.texts, strip.callers.texts
    return {names[0][key]: rows for key, rows in tasks.items()}, {
        names[1][key]: rows for key, rows in alive.items()
    }


def _shared(audit: Audit, strip: Strip, own: dict[str, _Rows], clock: Clock) -> dict[int, _Rows]:
    """Return the rows of each lease: of a task with several, each has what came from its beginning on."""
    numbers = defaultdict[str, list[int]](list)
    for number, one in enumerate(audit.leases):
        numbers[one.task].append(number)
    found = defaultdict[int, _Rows](list)
    for task, rows in own.items():
        of_task = numbers.get(task, [])
        if len(of_task) == 1:
            found[of_task[0]] = rows
        elif of_task:
            begun = [clock.on(audit.leases[number].since) or 0.0 for number in of_task]
            for row in rows:
                ended = strip.at[row] / 1000 + strip.took[row] / 1_000_000 + 0.0015
                found[of_task[max(0, bisect_right(begun, ended) - 1)]].append(row)
    return found


def _dots(strip: Strip, rows: _Rows) -> dict[str, Json]:
    rows = sorted(rows, key=strip.at.__getitem__)
    return {
        "t": [strip.at[row] / 1000 for row in rows],
        "kind": bytes(strip.kind[row] for row in rows).decode("ascii"),
        "seq": [strip.seq[row] for row in rows],
    }


def _heartbeats(strip: Strip, rows: _Rows) -> dict[str, Json]:
    left: list[Json] = [strip.seq[row] for row in rows if strip.kind[row] == _TERMINATED]
    return {"t": [strip.at[row] / 1000 for row in rows], "terminate": left}


def _calls(strip: Strip) -> Steps:
    found: dict[str, Json] = {"seq": [*strip.seq]}
    for name, column, names in (
        ("op", strip.op, strip.ops),
        ("caller", strip.caller, strip.callers),
        ("task", strip.task, strip.tasks),
        ("answer", strip.answer, strip.answers),
        ("origin", strip.origin, strip.origins),
    ):
        found |= {name: [*column], f"{name}s": [*names.texts]}
        yield
    found["t"] = [at / 1000 for at in strip.at]
    yield
    found["ms"] = [took / 1000 for took in strip.took]
    return found
