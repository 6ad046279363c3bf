"""What-ifs side by side: a row for each, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

from holter.lease.audit import Audit
from holter.lease.rules import Severity
from holter.report.json import VERSION
from holter.report.words import shorten
from holter.wire.message import Json
from holter.wire.value import value

_ROW = "{:<44} {:>7} {:>9} {:>6} {:>10}"


@value
class Row:
    """One what-if, None for the recording as it is, and what it comes to. Only certain findings count."""

    asked: str | None
    limits: dict[str, Json]
    audit: Audit
    fail_on: str

    def counts(self) -> dict[str, Json]:
        """Return the number of findings of each severity, and the tasks that fail by them."""
        sure = [finding for finding in self.audit.findings if finding.fails("note")]
        failing = [finding.task for finding in self.audit.findings if finding.fails(self.fail_on)]
        graded: dict[str, Json] = {
            one.value: sum(finding.severity is one for finding in sure) for one in reversed(Severity)
        }
        return {**graded, "failing_tasks": [*dict.fromkeys(failing)]}


def text(rows: Sequence[Row], *, title: str) -> str:
    """Return the table for people."""
    head = _ROW.format("what if", "errors", "warnings", "notes", "tasks fail")
    return "\n".join([f"{title}, judged by other limits:", "", head, *map(_row, rows)]) + "\n"


def _row(row: Row) -> str:
    counts = row.counts()
    failing = counts["failing_tasks"]
    numbers = (counts[one.value] for one in reversed(Severity))
    return _ROW.format(
        shorten(row.asked or "as it is", 44), *numbers, len(failing) if isinstance(failing, list) else 0
    )


def render(rows: Sequence[Row], *, recording: str | None) -> str:
    """Return the table for programs; limits are in seconds, scaled."""
    table: list[Json] = [{"what_if": row.asked, "limits": row.limits, **row.counts()} for row in rows]
    return json.dumps({"version": VERSION, "recording": recording, "what_if": table}, indent=1) + "\n"
