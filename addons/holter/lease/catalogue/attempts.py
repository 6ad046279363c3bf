"""Rules about the attempts of one pipeline object, and the task ids by which runners know them."""

from __future__ import annotations

from holter.lease.rule import Rule, Severity

_AGAIN = "AWS API reference, ReportTaskProgress: a task that is not reported on is given to another runner"
_CAP = "AWS Data Pipeline developer guide, limits: 5 retries; maximumRetries of the activity"
_OPAQUE = "AWS API reference, PollForTask: taskId is given back as it was handed out"
_LENGTH = "AWS API reference, taskId: 1 to 2048 characters"

ROWS = (
    Rule(
        "redelivery",
        Severity.NOTE,
        "An attempt was handed out again while its first task was still open.",
        "The same attemptId, or the next attempt of the same instance, in a hand-out while the task of the "
        "first had not ended. Not told where a gap's own finding says that the service took the task away.",
        "Somebody took the first task for lost. If its runner still works, the work is done twice.",
        "Look at what the first runner did before: a lost beat, a crash, an attemptTimeout.",
        _AGAIN,
    ),
    Rule(
        "redelivery-after-gap",
        Severity.ERROR,
        "A task was silent for longer than its lease, and the next attempt of its instance was handed out.",
        "As redelivery, for the next attempt, where the first task had no beat for longer than its limit. "
        "Certain where every beat before was taken. The same attempt that is handed out again is told by the "
        "gap's own rule.",
        "The silence was no theory: the service gave the work away, and two runners may have it.",
        "Beat every 60 seconds from a thread of its own.",
        _AGAIN,
    ),
    Rule(
        "split-brain",
        Severity.ERROR,
        "Two tasks of one attempt were both reported on, and the service took both.",
        "After the attempt was handed out again, calls for the new task and then for the old one were "
        "answered 200.",
        "Two runners do the same work at once and both may write its result.",
        "Make the work safe to be done twice; stop on every error that says that the task is gone.",
        "Inferred from the lease: one attempt belongs to one runner",
    ),
    Rule(
        "retries-over-cap",
        Severity.WARNING,
        "An attempt has a higher number than the retries of its activity allow.",
        "`_Attempt=n` with n over 6, or over `maximumRetries` of the hand-out plus 1.",
        "The service tries more often than is documented: something else starts the activity again.",
        "Look for reruns by hand or by a script.",
        _CAP,
    ),
    Rule(
        "task-id-unknown",
        Severity.NOTE,
        "A task was reported on that was never handed out in this recording.",
        "A taskId in ReportTaskProgress or SetTaskStatus that no hand-out in the recording has. Always "
        "possible: the hand-out may have been before.",
        "What came before is not known, so nothing about the task's first gap is certain.",
        "Start the recording before the runner.",
        _OPAQUE,
    ),
    Rule(
        "task-id-unknown-in-replay",
        Severity.ERROR,
        "A task was reported on that Holter, which answered, had never handed out.",
        "As task-id-unknown, where the call was answered from a cassette, by the sandbox or by a refusal, "
        "and Holter watched all the time.",
        "The runner invents task ids, mixes them up, or keeps them from an earlier run.",
        "Use the taskId of the hand-out, unchanged.",
        _OPAQUE,
    ),
    Rule(
        "task-id-mangled",
        Severity.ERROR,
        "A taskId came back changed.",
        "A taskId that differs from one handed out only by blanks around it, blanks for `+`, URL encoding, a "
        "lost tail after `:`, or that is its beginning.",
        "The service does not know the task by that name: every report is refused.",
        "Treat the taskId as opaque: no trimming, no encoding, no column of 255 characters.",
        _OPAQUE,
    ),
    Rule(
        "task-id-length",
        Severity.ERROR,
        "A taskId is empty or longer than 2048 characters.",
        "Its length in characters, before redaction.",
        "The service refuses the call.",
        "Use the taskId of the hand-out, unchanged.",
        _LENGTH,
    ),
)
