"""Rules about how often and how a client calls: rates, retries, credentials, clock, region."""

from __future__ import annotations

from holter.lease.rule import Rule, Severity

_LIMITS = "AWS Data Pipeline developer guide, limits: calls a second for each operation, burst 100"
_BACKOFF = "AWS Data Pipeline developer guide, limits: retry with growing delays when throttled"
_ERRORS = "AWS API reference, the operation's errors: these do not pass by themselves"
_EXPIRED = "AWS common errors, ExpiredToken and RequestExpired"
_SKEW = "AWS Signature Version 4: a signature is good for a few minutes around its X-Amz-Date"
_REGION = "AWS Data Pipeline developer guide, task runner options: a worker group is bound to a region"

ROWS = (
    Rule(
        "rate-over-limit",
        Severity.WARNING,
        "An operation was called more often than an account may.",
        "The calls of one operation that pass by, from all runners, overrun a bucket of 100 calls that fills "
        "at the documented rate, times the scale. Holter sees only a part of the account.",
        "Calls over the limit are throttled, and beats among them are lost.",
        "Poll and beat less often, or from fewer runners.",
        _LIMITS,
    ),
    Rule(
        "throttle-no-backoff",
        Severity.WARNING,
        "A runner that is throttled goes on calling at full speed.",
        "At least 10 throttled answers in a row to one caller, operation and task, over 10 s or more, each "
        "call within 1 s of the answer before it. Real seconds: an SDK's delays are not scaled.",
        "It keeps itself and everybody in the account throttled.",
        "Wait longer after each throttled answer, with some chance in it; SDKs do it when left alone.",
        _BACKOFF,
    ),
    Rule(
        "retry-non-retryable",
        Severity.WARNING,
        "The same call was sent again and again after an error that does not pass.",
        "Three equal calls in a row were answered InvalidRequestException, AccessDeniedException or "
        "UnrecognizedClientException, each asked within 20 s of the answer before.",
        "It can not succeed, uses up the account's rate, and hides the error in a loop.",
        "Stop on these errors and tell somebody.",
        _ERRORS,
    ),
    Rule(
        "no-retry-on-5xx",
        Severity.WARNING,
        "A beat failed by an error that passes, and was not tried again.",
        "ReportTaskProgress was answered 5xx or throttled, or broke, and the next one for the task came more "
        "than `advice` (60 s, tolerance 15 s) later.",
        "One lost beat then makes a gap of two; on a short lease that is the task.",
        "Retry a failed beat within seconds; an SDK does so in its default mode.",
        _BACKOFF,
    ),
    Rule(
        "auth-expired-stall",
        Severity.ERROR,
        "Credentials expired, and a task's beats were not taken again before its lease ran out.",
        "A beat was refused with ExpiredToken or RequestExpired, and for longer than the task's limit no "
        "call for it was taken, while it was open and Holter watched.",
        "The work goes on and its lease is lost: the runner holds credentials that it never renews.",
        "Let the SDK renew credentials, and make a new client when these errors come.",
        _EXPIRED,
    ),
    Rule(
        "clock-skew",
        Severity.WARNING,
        "The client's clock and Holter's are more than 5 minutes apart.",
        "X-Amz-Date against the time at which the request passed. Certain where the service refused the "
        "signature; else Holter's clock may be the wrong one. Not scaled.",
        "The service refuses signatures that are too old or too young.",
        "Synchronise the clock of the host.",
        _SKEW,
    ),
    Rule(
        "clock-skew-over-15min",
        Severity.ERROR,
        "The client's clock and Holter's are more than 15 minutes apart.",
        "As clock-skew, with more than 15 minutes.",
        "The service refuses such signatures: no call gets through.",
        "Synchronise the clock of the host.",
        _SKEW,
    ),
    Rule(
        "region-mix",
        Severity.ERROR,
        "A task was handed out in one region and reported on in another.",
        "The hosts of the two calls name different regions.",
        "The other region does not know the task: its lease runs out.",
        "Use one client, or one setting of the region, for all calls about a task.",
        _REGION,
    ),
)
