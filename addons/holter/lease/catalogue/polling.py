"""Rules about PollForTask and about the runner's own heartbeat."""

from __future__ import annotations

from holter.lease.rule import Rule, Severity
from holter.lease.sources import LIMIT_SOURCES

_POLL, _RUNNER = LIMIT_SOURCES["poll"], LIMIT_SOURCES["runner"]
_WAIT = "AWS API reference, PollForTask: no second call for a worker group before the first is answered"
_RATE = "AWS Data Pipeline developer guide, limits: PollForTask 2 calls a second"
_GROUP = "AWS API reference, PollForTask: workerGroup is matched exactly, case and all, without wildcards"
_UNIQUE = "AWS API reference, ReportTaskRunnerHeartbeat: taskrunnerId is unique across the account"
_IDENTITY = "AWS API reference, PollForTask: instanceIdentity is a document and its signature"

ROWS = (
    Rule(
        "poll-aborted",
        Severity.ERROR,
        "The client gave up PollForTask before the service had to answer.",
        "The client closed the connection before an answer came and before `poll` (90 s, less `network`). "
        "Certain where the SDK tried the same call again; else it may have been told to exit. Live, the next "
        "poll of the worker group tells which.",
        "The service may hand a task to the connection that is gone: nobody gets it, and it waits for the "
        "limit of the acknowledgement. The read timeouts of boto3 (60 s) and of the AWS SDK for Java "
        "(50 s, version 2: 30 s) are all shorter than the poll.",
        "Set the client's read timeout to 90 seconds or more: boto3 `Config(read_timeout=95)`; AWS SDK for "
        "Java `ClientConfiguration.withSocketTimeout(95_000)`, version 2 `ApacheHttpClient.builder()"
        ".socketTimeout(Duration.ofSeconds(95))`; AWS CLI `--cli-read-timeout 95`.",
        _POLL,
    ),
    Rule(
        "poll-retried",
        Severity.WARNING,
        "The SDK polled again after giving up a PollForTask that had no answer.",
        "A PollForTask with try number 2 or more, whose try before was given up by the client.",
        "The first poll may still be open at the service and take a task that nobody hears of.",
        "Set the read timeout as for poll-aborted, and let the SDK not retry PollForTask: boto3 "
        "`Config(retries={'total_max_attempts': 1})`.",
        _POLL,
    ),
    Rule(
        "poll-overlap",
        Severity.WARNING,
        "A runner polled a worker group while its earlier poll was unanswered.",
        "A second PollForTask with the same workerGroup from the same caller. Always possible: two processes "
        "on one host look like one, and the AWS Task Runner itself polls from several threads.",
        "More polls take more tasks than one slot can work on: they wait unacknowledged.",
        "Poll from one thread for each free slot, and only while it is free.",
        _WAIT,
    ),
    Rule(
        "poll-storm",
        Severity.WARNING,
        "A runner polled more than twice a second, again and again, and got nothing.",
        "More than 60 polls of one caller within 30 s, none of which handed out a task. Polls that a "
        "cassette answers do not count.",
        "The account's limit is used up, and beats of other runners are throttled.",
        "Let the service hold the poll; after an error wait longer each time.",
        _RATE,
    ),
    Rule(
        "progress-blocked-by-poll",
        Severity.NOTE,
        "A task had no beat while its runner waited for PollForTask.",
        "At least half of a gap that breaks a rule was spent in one PollForTask of the same caller, asked "
        "and answered within the gap. Always possible: it may be chance.",
        "A runner with a single thread can not beat while it polls.",
        "Beat from a thread or timer of its own.",
        LIMIT_SOURCES["advice"],
    ),
    Rule(
        "workergroup-shape",
        Severity.WARNING,
        "A worker group is empty, a wildcard, too long, or differs only by case from another.",
        "`workerGroup` of a PollForTask is empty, is `*`, or has more than 1024 characters. Possible where "
        "it differs only by case from the one that a pipeline names.",
        "Such a poll gets no task, for ever and without an error.",
        "Poll with the very text that stands in the pipeline's `workerGroup`.",
        _GROUP,
    ),
    Rule(
        "workergroup-mismatch",
        Severity.NOTE,
        "A runner's heartbeat names a worker group that it does not poll.",
        "`workerGroup` of a ReportTaskRunnerHeartbeat that none of the caller's polls names. Always "
        "possible: another process on the host may poll for it.",
        "The service takes the runner for one of another group.",
        "Use one setting for both.",
        _GROUP,
    ),
    Rule(
        "identity-partial",
        Severity.NOTE,
        "A poll gives only one half of the instance's identity.",
        "`instanceIdentity` with a document and no signature, or a signature and no document.",
        "The service can not verify that the runner is on EC2.",
        "Give both, or leave instanceIdentity out.",
        _IDENTITY,
    ),
    Rule(
        "runner-heartbeat-gap",
        Severity.WARNING,
        "A runner that worked on had not sent ReportTaskRunnerHeartbeat for too long.",
        "The caller was heard all the time, with no silence over `poll` + `advice`, and more than `runner` "
        "(900 s, with the tolerance of `advice` unless it has its own) after its last heartbeat.",
        "On resources that the service manages it may take the host for dead and start another.",
        "Send the heartbeat from a timer of its own, every 15 minutes or more often.",
        _RUNNER,
    ),
    Rule(
        "runner-heartbeat-absent",
        Severity.NOTE,
        "A runner polls, and never sends ReportTaskRunnerHeartbeat.",
        "The caller was heard for more than `runner` (900 s), polled, and sent no heartbeat at all.",
        "Only resources that the service manages need it; there it would be missed.",
        "Send it every 15 minutes, or switch this rule off.",
        _RUNNER,
    ),
    Rule(
        "taskrunner-id-shared",
        Severity.WARNING,
        "Two hosts use one taskrunnerId at once.",
        "Heartbeats with one taskrunnerId name one hostname, then another, then the first again.",
        "The service sees one runner: it can not tell that one of the two is dead.",
        "Make the id from something that is unique to the process, such as hostname and process id.",
        _UNIQUE,
    ),
)
