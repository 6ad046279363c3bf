"""What a cassette of many runs holds of each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from holter.cassette.reader import open_cassette
from holter.lease.audit import Audit
from holter.lease.finding import Finding
from holter.lease.profile import DOCUMENTED
from holter.wire.message import Interaction


@dataclass(frozen=True)
class Tape:
    """A cassette, read: its calls by the worker group of their task, and what the audit found."""

    calls: dict[str, list[Interaction]]
    findings: list[Finding]


def read(path: Path) -> Tape:
    """Read and audit a cassette."""
    values = [entry.value for entry in open_cassette(str(path))]
    audit = Audit(DOCUMENTED)
    audit.read(iter(values))
    audit.close()
    calls = [value for value in values if isinstance(value, Interaction)]
    groups = {
        call.task: call.request["workerGroup"]
        for call in calls
        if call.op == "PollForTask" and isinstance(call.request, dict)
    }
    found: dict[str, list[Interaction]] = {}
    for call in calls:
        found.setdefault(str(groups.get(call.task)), []).append(call)
    return Tape(found, list(audit.findings))
