"""What plans expected of runners and did not get, as findings of the audit; the same live and from a file."""

from __future__ import annotations

from holter.faults.reactions import Missed, Reactions
from holter.lease.audit import Audit
from holter.lease.finding import Certainty, Finding, State
from holter.lease.rules import RULES, Severity

RULE = "expectation-missed"


def judged(audit: Audit, reactions: Reactions) -> list[Finding]:
    """Add a finding for each expectation that was missed to an audit that is closed, and return them."""
    grade = audit.profile.rules.get(RULE, RULES[RULE].severity)
    found = [] if grade == "off" else [_finding(audit, one, Severity(grade)) for one in reactions.close()]
    if found:
        audit.findings += found
        audit.findings.sort(key=lambda finding: finding.place)
    return found


def _finding(audit: Audit, missed: Missed, severity: Severity) -> Finding:
    lease = audit.lease(missed.task)
    given = lease.handout if lease else None
    return Finding(
        rule=RULE,
        severity=severity,
        certainty=Certainty.CERTAIN if missed.certain else Certainty.POSSIBLE,
        state=State.CLOSED,
        cause=None,
        task=missed.task,
        attempt=given.attempt if given else None,
        caller=missed.caller,
        at=round(missed.at, 6),
        gap=None,
        limit=None,
        interactions=missed.calls,
        message=missed.text,
        suppressed=audit.suppressions.reason(
            RULE, caller=missed.caller, task=missed.task, activity=given.activity if given else None
        ),
    )
