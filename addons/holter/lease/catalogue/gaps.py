"""Rules about the gaps of a lease: what the lease machine judges."""

from __future__ import annotations

from holter.lease.rule import Rule, Severity
from holter.lease.sources import LIMIT_SOURCES

_ACK, _ADVICE, _SILENCE = LIMIT_SOURCES["ack"], LIMIT_SOURCES["advice"], LIMIT_SOURCES["silence"]
_PROGRESS = LIMIT_SOURCES["progress"] + "; or reportProgressTimeout of the pipeline"
_TIMEOUT = "AWS Data Pipeline developer guide, attemptTimeout: a remote activity may be retried after it"
_STATUS = "AWS API reference, SetTaskStatus: called whether or not the task was successful"

ROWS = (
    Rule(
        "ack-missing",
        Severity.ERROR,
        "A task was handed out and never acknowledged: the service gives it to another runner.",
        "A hand-out, and more than `ack` (120 s) later neither a beat nor the end of the task. Live "
        "it is told when the 2 minutes have passed.",
        "The work is done twice, or is lost: the service has given the task to somebody else while "
        "this runner may still be at it.",
        "Call ReportTaskProgress as soon as PollForTask returns a task, before any other work.",
        _ACK,
    ),
    Rule(
        "ack-late",
        Severity.ERROR,
        "The first ReportTaskProgress came after the lease for acknowledging had run out.",
        "More than `ack` (120 s) between the hand-out and the first beat.",
        "When the beat came, the service had already been free to hand the task out again. Two "
        "runners may have done the same work.",
        "Acknowledge before downloading inputs or waiting for a free slot; poll only when a slot is free.",
        _ACK,
    ),
    Rule(
        "ack-slow",
        Severity.WARNING,
        "The first ReportTaskProgress came in time, but later than beats should be apart.",
        "More than `advice` (60 s, tolerance 15 s) and at most `ack` between the hand-out and the "
        "first beat.",
        "Nothing is lost yet, but one slow download or one retry more and the lease is.",
        "Acknowledge first, then prepare the work.",
        _ADVICE,
    ),
    Rule(
        "finished-without-ack",
        Severity.NOTE,
        "SetTaskStatus came in time but without any ReportTaskProgress before it.",
        "`SetTaskStatus` within `ack` of the hand-out, and no beat between.",
        "Whether `SetTaskStatus` counts as an acknowledgement is not documented. A task that is "
        "usually short will one day take longer than 2 minutes.",
        "Acknowledge even short tasks: the documents do not say that SetTaskStatus counts.",
        _ACK,
    ),
    Rule(
        "gap-over-advice",
        Severity.NOTE,
        "Two beats of a task were further apart than the advised 60 seconds.",
        "More than `advice` (60 s, tolerance 15 s) between two beats.",
        "One lost beat is meant to be harmless. Beats that are further apart leave less room for that.",
        "Beat from a thread or timer of its own, not from the loop that does the work.",
        _ADVICE,
    ),
    Rule(
        "gap-over-5min",
        Severity.WARNING,
        "Two beats were more than 5 minutes apart; one reading of the documents takes the task away then.",
        "More than `silence` (300 s) between two beats.",
        "The documents say both 5 minutes and 15 minutes. Where the shorter one holds, the task went "
        "to another runner. The profile `strict` reads it so.",
        "Beat every 60 seconds; look for work that blocks the beating thread, or long retries.",
        _SILENCE,
    ),
    Rule(
        "gap-over-limit",
        Severity.ERROR,
        "Two beats were further apart than the lease lasts: the task was given to another runner.",
        "More than `progress` (900 s), or than `reportProgressTimeout` of the pipeline where the "
        "hand-out has one, between two beats; or between the last beat and the same attempt being "
        "handed out again.",
        "The runner worked on without owning its task: what it wrote may have been written twice, and "
        "its `SetTaskStatus` may be refused.",
        "Beat every 60 seconds from a thread of its own, or raise reportProgressTimeout in the pipeline.",
        _PROGRESS,
    ),
    Rule(
        "tail-over-advice",
        Severity.NOTE,
        "The last beat and SetTaskStatus were further apart than the advised 60 seconds.",
        "More than `advice` (60 s, tolerance 15 s) between the last beat and `SetTaskStatus`, or the "
        "end of the recording.",
        "The end of the work is often the slow part: uploads, clean-up. The lease runs on in it.",
        "Keep beating until SetTaskStatus has been answered.",
        _ADVICE,
    ),
    Rule(
        "tail-over-5min",
        Severity.WARNING,
        "The last beat was more than 5 minutes before SetTaskStatus.",
        "More than `silence` (300 s) between the last beat and `SetTaskStatus`, or the end of the recording.",
        "By the shorter of the two documented readings the task was lost just before it was done.",
        "Keep beating until SetTaskStatus has been answered.",
        _SILENCE,
    ),
    Rule(
        "tail-over-limit",
        Severity.ERROR,
        "SetTaskStatus came after the lease had run out: the task was given to another runner.",
        "More than `progress` (900 s), or than `reportProgressTimeout`, between the last beat and "
        "`SetTaskStatus`.",
        "The work was finished and its result came too late: the service has started it again elsewhere.",
        "Keep beating until SetTaskStatus has been answered; upload logs while the beat goes on.",
        _PROGRESS,
    ),
    Rule(
        "abandoned",
        Severity.ERROR,
        "A task's beats stopped for good, without SetTaskStatus and without being cancelled.",
        "More than `progress` (900 s), or than `reportProgressTimeout`, between the last beat and the "
        "end of the recording, without `SetTaskStatus`, `canceled: true` or an error that says that "
        "the task is gone.",
        "The service learns of it only when the lease runs out, so the pipeline waits that long for "
        "nothing, and then retries.",
        "Call SetTaskStatus whatever happens; report FAILED when the runner is told to stop.",
        _STATUS,
    ),
    Rule(
        "attempt-timeout-passed",
        Severity.WARNING,
        "An attempt went on for longer than its pipeline allows: the service may have begun to retry it.",
        "A call about the task, or the end of the recording, more than `attemptTimeout` of the pipeline "
        "after the hand-out. Live it is told when that time has passed. Without `attemptTimeout` "
        "there is no such limit.",
        "Beats do not put this limit off. The service may start the same work again while this runner is "
        "still at it.",
        "Stop the work by then and report FAILED, or raise attemptTimeout in the pipeline.",
        _TIMEOUT,
    ),
)
