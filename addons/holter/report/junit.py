"""The report for build servers: JUnit XML, one suite a recording, one case a lease."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from holter.lease.audit import Audit
from holter.lease.finding import Finding
from holter.lease.machine import Lease
from holter.report.words import calls, clock, iso

_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold in any spelling (section 2.2, Char)."""


def render(suites: Sequence[str]) -> str:
    """Return the whole document with its suites."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n{"".join(suites)}</testsuites>\n'


def suite(audit: Audit, *, name: str, fail_on: str = "error", lost: int = 0) -> str:
    """Return the suite of a recording; a lease fails by its certain findings at or above `fail_on`.

    The first case stands for the recording itself: it fails by what was lost, and by findings of no lease.
    """
    per_lease = _assigned(audit)
    rest = [finding for finding in audit.findings if not any(finding in found for found in per_lease)]
    cases = [_recording(name, rest, fail_on, lost if fail_on != "never" else 0)]
    cases += [
        _case(audit, lease, found, fail_on) for lease, found in zip(audit.leases, per_lease, strict=True)
    ]
    failures = sum("<failure" in case for case in cases)
    head = _tag("testsuite", name=name, tests=len(cases), failures=failures, errors=0, skipped=0)
    start = audit.timeline.zero
    stamp = f' timestamp="{iso(start)}"' if start is not None else ""
    return f"{head[:-1]}{stamp}>\n{''.join(cases)}</testsuite>\n"


def _assigned(audit: Audit) -> list[list[Finding]]:
    """Return the findings of each lease; of leases with the same task and attempt, the latest has them."""
    latest = {(lease.task, lease.handout.attempt): index for index, lease in enumerate(audit.leases)}
    found: list[list[Finding]] = [[] for _ in audit.leases]
    for finding in audit.findings:
        index = latest.get((finding.task or "", finding.attempt))
        if index is not None:
            found[index].append(finding)
    return found


def _recording(name: str, found: Sequence[Finding], fail_on: str, lost: int) -> str:
    told = [f"{lost} entries were lost while recording"] if lost else []
    head = _tag("testcase", classname=name, name="recording", time="0.000")
    return "\n".join([head, *_outcome(found, fail_on, told), "</testcase>\n"])


def _case(audit: Audit, lease: Lease, found: Sequence[Finding], fail_on: str) -> str:
    since = audit.timeline.seen if lease.since is None else lease.since
    seconds = max(0.0, (lease.until or since) - since)
    called = " ".join(part for part in (lease.task, lease.handout.attempt) if part)
    head = _tag("testcase", classname=lease.caller or "unknown", name=called, time=f"{seconds:.3f}")
    return "\n".join([head, *_outcome(found, fail_on, []), "</testcase>\n"])


def _outcome(found: Sequence[Finding], fail_on: str, told: Sequence[str]) -> Iterator[str]:
    failing = [finding for finding in found if finding.fails(fail_on)]
    lines = [*told, *(_said(finding) for finding in failing)]
    if lines:
        kind = failing[0].rule if failing else "lost"
        message = failing[0].message if failing else lines[0]
        yield f"{_tag('failure', type=kind, message=message)}{_text(chr(10).join(lines))}</failure>"
    others = [_said(finding) for finding in found if not finding.fails(fail_on)]
    if others:
        yield f"<system-out>{_text(chr(10).join(others))}</system-out>"


def _said(finding: Finding) -> str:
    doubt = f" {finding.certainty}" if finding.certainty != "certain" else ""
    doubt += f" suppressed ({finding.suppressed})" if finding.suppressed else ""
    proof = f" ({calls(finding.interactions)})" if finding.interactions else ""
    return f"{clock(finding.at)} {finding.severity}{doubt} {finding.rule}: {finding.message}{proof}"


def _tag(element: str, /, **attributes: object) -> str:
    said = "".join(f' {key}="{_text(str(value))}"' for key, value in attributes.items())
    return f"<{element}{said}>"


def _text(text: str) -> str:
    """Return a text as XML holds it, in attributes too; what it cannot hold becomes U+FFFD."""
    return escape(_UNFIT.sub("\ufffd", text))
