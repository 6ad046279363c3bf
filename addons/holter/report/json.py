"""The report for programs: JSON with a version, times as ISO 8601 UTC, durations in seconds."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Mapping

from holter.lease.audit import Audit
from holter.lease.finding import Finding
from holter.lease.machine import Lease
from holter.lease.rules import Severity
from holter.report.words import iso
from holter.wire.message import Json

VERSION = 1


def render(
    audit: Audit, *, recording: str | None, lost: int = 0, lines: Mapping[int, int] | None = None
) -> str:
    """Return the report as JSON text; `lines` tells in which line of the file each interaction stands."""
    return json.dumps(value(audit, recording=recording, lost=lost, lines=lines), indent=1) + "\n"


def value(
    audit: Audit, *, recording: str | None, lost: int = 0, lines: Mapping[int, int] | None = None
) -> dict[str, Json]:
    """Return the report as a JSON value."""
    counts = Counter(finding.severity for finding in audit.findings)
    return {
        "version": VERSION,
        "recording": recording,
        "scale": audit.profile.scale,
        "profile": {**audit.profile.as_json(), "sources": dict(audit.profile.sources)},
        "blind": [{"from": iso(b.since), "to": iso(b.until), "why": b.why} for b in audit.blind],
        "findings": [_finding(finding, lines or {}) for finding in audit.findings],
        "leases": [_lease(lease, audit) for lease in audit.leases],
        "callers": [{"caller": name, "calls": calls} for name, calls in audit.callers.items()],
        "summary": {
            **{severity.value: counts[severity] for severity in reversed(Severity)},
            "calls": audit.calls,
            "tasks": len({lease.task for lease in audit.leases}),
            "unplayed": 0,
            "lost": lost,
        },
    }


def _finding(finding: Finding, lines: Mapping[int, int]) -> dict[str, Json]:
    line = next((lines[seq] for seq in reversed(finding.interactions) if seq in lines), None)
    found: dict[str, Json] = dataclasses.asdict(finding)
    return {**found, "at": iso(finding.at), "interactions": list(finding.interactions), "line": line}


def _lease(lease: Lease, audit: Audit) -> dict[str, Json]:
    wall, given = audit.timeline.wall, lease.handout
    return {
        "task": lease.task,
        "attempt": given.attempt,
        "pipeline": given.pipeline,
        "activity": given.activity,
        "caller": lease.caller,
        "from": iso(wall(lease.since)) if lease.since is not None else None,
        "to": iso(wall(lease.until)) if lease.until is not None else None,
        "outcome": lease.outcome,
        "ack": lease.beats.ack,
        "beats": {"ok": lease.beats.ok, "failed": lease.beats.failed},
        "interval": lease.beats.spread(),
        "worst_share": round(lease.worst_share, 6),
        "limits": {"ack": audit.profile.limits.ack, given.limit.name: given.limit.seconds},
        "progress": lease.beats.progress,
    }
