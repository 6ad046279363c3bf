"""The table of rules: one id, one default severity each, what it means, and what to do about it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from holter.lease.profile import LIMIT_SOURCES


class Severity(enum.StrEnum):
    """How bad a finding is."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """A number that grows with the severity."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the audit."""

    id: str
    severity: Severity
    meaning: str
    action: str
    source: str


_ACK, _ADVICE, _SILENCE = LIMIT_SOURCES["ack"], LIMIT_SOURCES["advice"], LIMIT_SOURCES["silence"]
_PROGRESS = LIMIT_SOURCES["progress"] + "; or reportProgressTimeout of the pipeline"
_STATUS = "AWS API reference, SetTaskStatus: called whether or not the task was successful"

_ROWS = (
    Rule(
        "ack-missing",
        Severity.ERROR,
        "A task was handed out and never acknowledged: the service gives it to another runner.",
        "Call ReportTaskProgress as soon as PollForTask returns a task, before any other work.",
        _ACK,
    ),
    Rule(
        "ack-late",
        Severity.ERROR,
        "The first ReportTaskProgress came after the lease for acknowledging had run out.",
        "Acknowledge before downloading inputs or waiting for a free slot; poll only when a slot is free.",
        _ACK,
    ),
    Rule(
        "ack-slow",
        Severity.WARNING,
        "The first ReportTaskProgress came in time, but later than beats should be apart.",
        "Acknowledge first, then prepare the work.",
        _ADVICE,
    ),
    Rule(
        "finished-without-ack",
        Severity.NOTE,
        "SetTaskStatus came in time but without any ReportTaskProgress before it.",
        "Acknowledge even short tasks: the documents do not say that SetTaskStatus counts.",
        _ACK,
    ),
    Rule(
        "gap-over-advice",
        Severity.NOTE,
        "Two beats of a task were further apart than the advised 60 seconds.",
        "Beat from a thread or timer of its own, not from the loop that does the work.",
        _ADVICE,
    ),
    Rule(
        "gap-over-5min",
        Severity.WARNING,
        "Two beats were more than 5 minutes apart; one reading of the documents takes the task away then.",
        "Beat every 60 seconds; look for work that blocks the beating thread, or long retries.",
        _SILENCE,
    ),
    Rule(
        "gap-over-limit",
        Severity.ERROR,
        "Two beats were further apart than the lease lasts: the task was given to another runner.",
        "Beat every 60 seconds from a thread of its own, or raise reportProgressTimeout in the pipeline.",
        _PROGRESS,
    ),
    Rule(
        "tail-over-advice",
        Severity.NOTE,
        "The last beat and SetTaskStatus were further apart than the advised 60 seconds.",
        "Keep beating until SetTaskStatus has been answered.",
        _ADVICE,
    ),
    Rule(
        "tail-over-5min",
        Severity.WARNING,
        "The last beat was more than 5 minutes before SetTaskStatus.",
        "Keep beating until SetTaskStatus has been answered.",
        _SILENCE,
    ),
    Rule(
        "tail-over-limit",
        Severity.ERROR,
        "SetTaskStatus came after the lease had run out: the task was given to another runner.",
        "Keep beating until SetTaskStatus has been answered; upload logs while the beat goes on.",
        _PROGRESS,
    ),
    Rule(
        "abandoned",
        Severity.ERROR,
        "A task's beats stopped for good, without SetTaskStatus and without being cancelled.",
        "Call SetTaskStatus whatever happens; report FAILED when the runner is told to stop.",
        _STATUS,
    ),
    Rule(
        "attempt-timeout-passed",
        Severity.WARNING,
        "An attempt went on for longer than its pipeline allows: the service may have begun to retry it.",
        "Stop the work by then and report FAILED, or raise attemptTimeout in the pipeline.",
        "AWS Data Pipeline developer guide, attemptTimeout: a remote activity may be retried after it",
    ),
    Rule(
        "suppression-expired",
        Severity.WARNING,
        "A suppression in the profile has come to its end, and what it held back counts again.",
        "Remove it if the runner has been mended; else look again, and give it a new end and a reason.",
        "The profile's own `until`",
    ),
)

RULES: Mapping[str, Rule] = MappingProxyType({rule.id: rule for rule in _ROWS})
