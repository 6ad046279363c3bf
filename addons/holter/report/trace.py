"""The report as a picture: Chrome's trace event format, which Perfetto opens, one track a task.

Source: "Trace Event Format", the Chromium project: complete events (X), instants (i) and metadata (M), times
in microseconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from holter.lease.audit import Audit
from holter.lease.finding import Certainty, Finding
from holter.lease.machine import Lease
from holter.report.reach import reach
from holter.report.words import iso
from holter.wire.message import Json


def render(audit: Audit) -> str:
    """Return the trace as JSON text."""
    return json.dumps(value(audit)) + "\n"


def value(audit: Audit) -> dict[str, Json]:
    """Return the trace: runners are processes, tasks are threads; time begins with the recording."""
    start = audit.timeline.zero
    return {
        "traceEvents": list(_events(audit)),
        "displayTimeUnit": "ms",
        "otherData": {"started": iso(start) if start is not None else None},
    }


def _events(audit: Audit) -> Iterator[Json]:
    callers = {lease.caller or "unknown": 0 for lease in audit.leases}
    callers = {caller: number for number, caller in enumerate(callers, 1)}
    tasks = {task: number for number, task in enumerate(dict.fromkeys(one.task for one in audit.leases), 1)}
    for caller, number in callers.items():
        yield _named("process_name", caller, number, 0)
    for caller, task in dict.fromkeys((one.caller or "unknown", one.task) for one in audit.leases):
        yield _named("thread_name", task, callers[caller], tasks[task])
    for lease in audit.leases:
        where: dict[str, Json] = {"pid": callers[lease.caller or "unknown"], "tid": tasks[lease.task]}
        yield from (event | where for event in _lease(lease, audit))


def _named(kind: str, name: str, process: int, thread: int) -> dict[str, Json]:
    return {"ph": "M", "name": kind, "pid": process, "tid": thread, "args": {"name": name}}


def _lease(lease: Lease, audit: Audit) -> Iterator[dict[str, Json]]:
    moments = lease.beats.taken
    until = audit.timeline.seen if lease.until is None else lease.until
    since = min([until, *moments]) if lease.since is None else lease.since
    about: dict[str, Json] = {"outcome": lease.outcome, "attempt": lease.handout.attempt}
    yield _span(lease.handout.activity or lease.task, since, until, "lease", about)
    for moment in moments:
        yield {"ph": "i", "name": "beat", "cat": "beat", "ts": _micro(moment), "s": "t"}
    yield from _gaps(lease, audit, since, until)


def _gaps(lease: Lease, audit: Audit, since: float, until: float) -> Iterator[dict[str, Json]]:
    """Yield the gaps of a lease within it; spans of one track may contain, but not cross each other."""
    found = [one for one in audit.findings if (one.task, one.attempt) == (lease.task, lease.handout.attempt)]
    spans = sorted(((*_reach(one, audit), one) for one in found), key=lambda span: (span[0], -span[1]))
    ends: list[float] = []
    for begin, end, finding in spans:
        begun, ended = max(begin, since), min(end, until)
        crossed = [other for other in ends if begun < other < ended]
        begun = max([begun, *crossed])
        if begun < ended:
            ends.append(ended)
            about: dict[str, Json] = {"message": finding.message, "certainty": finding.certainty}
            yield _span(finding.rule, begun, ended, f"finding,{finding.severity}", about)


def _reach(finding: Finding, audit: Audit) -> tuple[float, float]:
    zero, found = audit.timeline.zero or 0.0, reach(finding, audit.profile)
    if found is None:
        return finding.at - zero, finding.at - zero
    end = found.certain if finding.certainty is Certainty.CERTAIN else found.possible
    return found.begin - zero, end - zero


def _span(name: str, begin: float, end: float, kind: str, about: dict[str, Json]) -> dict[str, Json]:
    begun = _micro(begin)
    return {"ph": "X", "name": name, "cat": kind, "ts": begun, "dur": _micro(end) - begun, "args": about}


def _micro(seconds: float) -> int:
    return round(seconds * 1e6)
