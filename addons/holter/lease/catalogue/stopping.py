"""Rules about when to stop: a task that is ended, cancelled or gone, and a runner that is to exit."""

from __future__ import annotations

from holter.lease.rule import Rule, Severity

_STATUS = "AWS API reference, SetTaskStatus: called whether or not the task was successful"
_CANCELED = (
    "AWS API reference, ReportTaskProgress: canceled tells to stop, and that SetTaskStatus is not needed"
)
_NOT_FOUND = "AWS API reference, TaskNotFoundException: the task was not found; what to do then is inferred"
_GONE = (
    "AWS API reference, PipelineNotFoundException and PipelineDeletedException; what to do then is inferred"
)
_TERMINATE = "AWS API reference, ReportTaskRunnerHeartbeat: terminate tells the runner to exit"
_ONCE = "Inferred: the documents describe one SetTaskStatus as the end of a task"

ROWS = (
    Rule(
        "terminal-missing-at-exit",
        Severity.WARNING,
        "The recording was stopped while a task was open, and its runner had ended or fallen silent.",
        "Holter was stopped in good order, a task had no SetTaskStatus, and the command that Holter ran "
        "had ended, or the runner had been silent for more than `advice` (60 s, tolerance 15 s). Always "
        "possible: the runner may go on unseen.",
        "A runner that exits without a last word leaves its tasks to run out: the pipeline waits for the "
        "whole lease before it tries again.",
        "On exit, report FAILED for every open task, from the handler of SIGTERM as well.",
        _STATUS,
    ),
    Rule(
        "progress-after-terminal",
        Severity.WARNING,
        "ReportTaskProgress came for a task that SetTaskStatus had ended.",
        "A beat asked more than `network` (2 s) after SetTaskStatus was answered 200. Certain once it is "
        "more than the grace `cancel` (60 s) later.",
        "A beating thread outlived its task. It costs calls, and keeps the runner from ending.",
        "Stop the beating thread before SetTaskStatus is called, and wait for it.",
        _ONCE,
    ),
    Rule(
        "double-terminal-same",
        Severity.WARNING,
        "SetTaskStatus was answered 200 twice for one task, with the same status.",
        "A second SetTaskStatus that is no try of the same SDK call, and was taken as well. Possible where "
        "the client does not number its tries.",
        "Two places in the runner believe that they end the task; one day they will disagree.",
        "End a task in one place only.",
        _ONCE,
    ),
    Rule(
        "double-terminal-conflict",
        Severity.ERROR,
        "SetTaskStatus was answered 200 twice for one task, with different statuses.",
        "Two calls with different `taskStatus`, both answered 200 by the service.",
        "The pipeline goes on with one of two results, and nobody knows with which.",
        "End a task in one place only; let errors of clean-up not overwrite a result that was reported.",
        _ONCE,
    ),
    Rule(
        "status-after-terminal",
        Severity.WARNING,
        "SetTaskStatus came again for a task that it had ended, and was refused.",
        "A second SetTaskStatus that is no try of the same SDK call, answered TaskNotFoundException, "
        "PipelineDeletedException or PipelineNotFoundException. Possible where the client does not number "
        "its tries and the status is the same.",
        "Two places in the runner believe that they end the task, and one of them takes the refusal for a "
        "lost lease.",
        "End a task in one place only.",
        _ONCE,
    ),
    Rule(
        "cancel-ignored",
        Severity.ERROR,
        "The runner went on with a task after canceled: true.",
        "A beat asked more than the grace `cancel` (60 s) after a beat was answered `canceled: true`, "
        "whoever answered so: a fault that cancels is there to see what the runner does.",
        "The work that was to be stopped goes on: it costs, and may overwrite what comes after it.",
        "Read `canceled` in every answer of ReportTaskProgress, and stop the work and the beating.",
        _CANCELED,
    ),
    Rule(
        "status-after-cancel",
        Severity.NOTE,
        "SetTaskStatus came after canceled: true, which needs none.",
        "SetTaskStatus other than FINISHED asked after `canceled: true` was answered. Certain once it is "
        "more than the grace `cancel` (60 s) later; before, the two may have crossed.",
        "It does no harm that is known, but the service does not expect it.",
        "After `canceled: true` stop and poll again; report nothing.",
        _CANCELED,
    ),
    Rule(
        "finished-after-cancel",
        Severity.WARNING,
        "A cancelled task was reported as FINISHED.",
        "SetTaskStatus FINISHED asked after `canceled: true` was answered. Certain once it is more than the "
        "grace `cancel` (60 s) later; before, the two may have crossed.",
        "The runner did not stop, or calls finished what was broken off.",
        "After `canceled: true` stop and poll again; report nothing.",
        _CANCELED,
    ),
    Rule(
        "cancel-latency",
        Severity.NOTE,
        "How long a cancelled task was still heard of.",
        "The time from `canceled: true` to the last call about the task, where there was one. A measure.",
        "It tells how fast a runner really stops.",
        "Nothing, if it is short enough for you.",
        _CANCELED,
    ),
    Rule(
        "continue-after-task-not-found",
        Severity.ERROR,
        "The runner went on with a task after TaskNotFoundException.",
        "A call about the task asked more than `network` (2 s) after that answer. Certain once it is more "
        "than the grace `cancel` (60 s) later, and never for the first SetTaskStatus, which is a rule of "
        "its own.",
        "The lease is lost: another runner may do the same work by now.",
        "On TaskNotFoundException stop the work, report nothing, and poll again.",
        _NOT_FOUND,
    ),
    Rule(
        "continue-after-pipeline-gone",
        Severity.ERROR,
        "The runner went on with a task after its pipeline was deleted.",
        "A call about the task asked more than `network` (2 s) after PipelineDeletedException or "
        "PipelineNotFoundException. Certain once it is more than the grace `cancel` (60 s) later.",
        "The work serves nobody any more, and its result can not be reported.",
        "On these errors stop the work, report nothing, and poll again.",
        _GONE,
    ),
    Rule(
        "status-after-gone",
        Severity.WARNING,
        "SetTaskStatus came once after the service had said that the task is gone.",
        "The first SetTaskStatus asked more than `network` (2 s) after TaskNotFoundException, "
        "PipelineDeletedException or PipelineNotFoundException. Certain once it is more than the grace "
        "`cancel` (60 s) later.",
        "It can only be refused once more. It shows that the runner does not tell a lost task from an error.",
        "Treat these errors as the end of the task.",
        _NOT_FOUND,
    ),
    Rule(
        "terminate-ignored",
        Severity.ERROR,
        "The runner asked for more work after terminate: true.",
        "A PollForTask asked more than the grace `terminate` (120 s) after a heartbeat was answered "
        "`terminate: true`. Certain only where a task from before shows that it is still the same process, "
        "and one taskrunnerId is known for it; else a new process on the same host may have asked.",
        "The service is about to take the host away, and with it every task that is polled now.",
        "Read `terminate` in every answer of ReportTaskRunnerHeartbeat; finish what runs, then exit.",
        _TERMINATE,
    ),
)
