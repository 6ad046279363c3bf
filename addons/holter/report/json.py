"""The report for programs: JSON with a version, times as ISO 8601 UTC, durations in seconds."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Mapping, Sequence

from holter.lease.audit import Audit
from holter.lease.finding import Finding
from holter.lease.handout import Handout
from holter.lease.machine import Lease
from holter.lease.profile import Profile
from holter.lease.rules import Severity
from holter.lease.runners import Runner
from holter.lease.standing import standing
from holter.lease.statistics import spread
from holter.lease.whatif import changed
from holter.report.crew import Crew, by_caller
from holter.report.place import File, Place, named
from holter.report.words import iso
from holter.wire.message import Json

VERSION = 1


def render(
    audit: Audit, *, files: Sequence[File] = (), lost: int = 0, places: Mapping[int, Place] | None = None
) -> str:
    """Return the report as JSON text; `places` tells where each interaction stands in the files."""
    return json.dumps(value(audit, files=files, lost=lost, places=places), indent=1) + "\n"


def value(
    audit: Audit, *, files: Sequence[File] = (), lost: int = 0, places: Mapping[int, Place] | None = None
) -> dict[str, Json]:
    """Return the report as a JSON value."""
    crews = by_caller(audit.callers, audit.leases)
    counts = Counter(one.severity for one in audit.findings if not one.suppressed)
    return {
        "version": VERSION,
        "recording": named(files),
        "scale": audit.profile.scale,
        "profile": profile(audit.profile),
        "what_if": {**changed(audit.profile)},
        "blind": [{"from": iso(b.since), "to": iso(b.until), "why": b.why} for b in audit.blind],
        "findings": [finding(one, places or {}) for one in audit.findings],
        "leases": [lease(one, audit) for one in audit.leases],
        "callers": [
            caller(name, calls, crews[name], audit.runners.of(name)) for name, calls in audit.callers.items()
        ],
        "summary": {
            **{severity.value: counts[severity] for severity in reversed(Severity)},
            "calls": audit.calls,
            "tasks": len({one.task for one in audit.leases}),
            "unplayed": 0,
            "lost": lost,
            "suppressed": sum(one.suppressed is not None for one in audit.findings),
        },
        "files": [
            {"file": file.path, "recording": file.recording, "renamed": dict(file.renamed)} for file in files
        ],
    }


def profile(one: Profile) -> dict[str, Json]:
    """Return what was judged by, with where each limit comes from."""
    return {**one.as_json(), "sources": dict(one.sources)}


def finding(one: Finding, places: Mapping[int, Place]) -> dict[str, Json]:
    """Return a finding as the report has it."""
    stand = [places[seq] for seq in one.interactions if seq in places]
    found: dict[str, Json] = dataclasses.asdict(one)
    return {
        **found,
        "at": iso(one.at),
        "interactions": list(one.interactions),
        "line": stand[-1].line if stand else None,
        "places": [f"{place.file}:{place.line}" for place in stand],
    }


def caller(name: str, calls: int, own: Crew, runner: Runner) -> dict[str, Json]:
    """Return a runner as the report has it."""
    return {
        "caller": name,
        "calls": calls,
        "tasks": own.tasks,
        "ack": spread(own.acks),
        "beats": {"ok": own.ok, "failed": own.failed},
        "interval": spread(own.intervals),
        "worst_share": round(own.worst_share, 6),
        "headroom": round(1 - own.worst_share, 6),
        "polls": runner.polls,
        "unpolled": {"seconds": round(runner.unpolled, 6), "longest": round(runner.longest, 6)},
        "alive": {"beats": runner.alive, "interval": spread(runner.apart)},
    }


def _limits(given: Handout) -> dict[str, Json]:
    return {limit.name: limit.seconds for limit in (given.limit, given.timeout) if limit}


def lease(one: Lease, audit: Audit, *, spread: bool = True) -> dict[str, Json]:
    """Return a lease as the report has it; the `spread` of its beats takes the longest to find."""
    wall, given = audit.timeline.wall, one.handout
    return {
        "task": one.task,
        "attempt": given.attempt,
        "pipeline": given.pipeline,
        "activity": given.activity,
        "caller": one.caller,
        "from": iso(wall(one.since)) if one.since is not None else None,
        "to": iso(wall(one.until)) if one.until is not None else None,
        "outcome": one.outcome,
        "standing": standing(one, audit.timeline.seen),
        "redelivery_of": one.redelivery_of,
        "redelivered_as": one.redelivered_as,
        "ack": one.beats.ack,
        "beats": {"ok": one.beats.ok, "failed": one.beats.failed},
        "interval": one.beats.spread() if spread else {},
        "worst_share": round(one.worst_share, 6),
        "headroom": round(1 - one.worst_share, 6),
        "limits": {"ack": audit.profile.limits.ack, **_limits(given)},
        "unread": dict(given.unread),
        "progress": one.beats.progress,
    }
