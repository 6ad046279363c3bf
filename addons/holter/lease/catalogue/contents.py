"""Rules about what stands in requests and answers."""

from __future__ import annotations

from holter.lease.rule import Rule, Severity

_STATUS = "AWS API reference, SetTaskStatus: taskStatus is FINISHED, FAILED or FALSE"
_FALSE = "AWS API reference, SetTaskStatus: FALSE is the answer of a precondition"
_ERRORS = "AWS API reference, SetTaskStatus: the error members describe a task that FAILED"
_RESERVED = "AWS API reference, SetTaskStatus: errorId must not begin with Service_"
_ERROR_ID = "AWS service model, SetTaskStatus: errorId has up to 1024 characters"
_STACK = (
    "AWS service model, SetTaskStatus: errorStackTrace up to 1024 characters; the API reference says 4095"
)
_LEGAL = "AWS service model: the pattern of strings allows TAB, CR, LF and no other control character"
_FIELD = "AWS API reference, Field: key, and one of stringValue and refValue"
_SIZES = "AWS API reference, Field: key 1 to 256, stringValue up to 10240, refValue 1 to 256 characters"
_MODEL = "AWS service model, the operation's members"

ROWS = (
    Rule(
        "status-enum",
        Severity.ERROR,
        "taskStatus is none of FINISHED, FAILED and FALSE.",
        "`taskStatus` of SetTaskStatus is missing or another word, lower case included.",
        "The service refuses the call, and the task is never ended.",
        "Use one of the three words, in upper case.",
        _STATUS,
    ),
    Rule(
        "false-on-activity",
        Severity.WARNING,
        "A task that is no precondition was ended with FALSE.",
        "FALSE, where the hand-out's `type` ends in Activity; possible for other types that are no "
        "precondition.",
        "What the service makes of it is not documented.",
        "Report FAILED; FALSE says that a precondition is not met.",
        _FALSE,
    ),
    Rule(
        "failed-on-precondition",
        Severity.NOTE,
        "A precondition was ended with FAILED.",
        "FAILED, where the hand-out's `type` is Exists or ShellCommandPrecondition.",
        "A condition that is not met is FALSE: it is looked at again later. FAILED says that looking failed.",
        "Report FALSE where the condition is just not met.",
        _FALSE,
    ),
    Rule(
        "error-fields-on-finished",
        Severity.WARNING,
        "A finished task was reported with an error.",
        "FINISHED with errorId, errorMessage or errorStackTrace that is not empty.",
        "Either the task failed and is shown as done, or the message is of an earlier one.",
        "Send error members with FAILED only.",
        _ERRORS,
    ),
    Rule(
        "failed-without-error",
        Severity.NOTE,
        "A failed task was reported without a reason.",
        "FAILED with neither errorId nor errorMessage.",
        "Whoever looks at the pipeline sees that it failed and not why.",
        "Send errorId and errorMessage.",
        _ERRORS,
    ),
    Rule(
        "errorid-reserved",
        Severity.ERROR,
        "An errorId begins with Service_, which is the service's own.",
        "`errorId` of SetTaskStatus begins with `Service_`.",
        "The service refuses it, or takes it for an error of its own.",
        "Begin error ids with a name of yours.",
        _RESERVED,
    ),
    Rule(
        "errorid-length",
        Severity.ERROR,
        "An errorId has more than 1024 characters.",
        "Its length before redaction.",
        "The service refuses the call, and the failed task is never ended.",
        "Use a short word; put the text into errorMessage, which has no limit.",
        _ERROR_ID,
    ),
    Rule(
        "stack-length",
        Severity.WARNING,
        "An errorStackTrace has more than 1024 characters.",
        "From 1025 to 4095 characters, before redaction. The two sources disagree about these.",
        "If the shorter limit holds, the call is refused and the failed task is never ended. botocore does "
        "not check the length.",
        "Cut stack traces to 1024 characters; put the rest into errorMessage.",
        _STACK,
    ),
    Rule(
        "stack-over-4095",
        Severity.ERROR,
        "An errorStackTrace has more than 4095 characters.",
        "Its length before redaction; both sources forbid it.",
        "The service refuses the call, and the failed task is never ended.",
        "Cut stack traces to 1024 characters; put the rest into errorMessage.",
        _STACK,
    ),
    Rule(
        "illegal-chars",
        Severity.ERROR,
        "A request holds a character that the service does not allow.",
        "A control character other than TAB, CR and LF, or half of a surrogate pair, in any member whose "
        "pattern forbids it: all but errorMessage, taskStatus and tags.",
        "The service refuses the call. The colours of a terminal in a stack trace are enough.",
        "Strip control characters from logs and stack traces before they are sent.",
        _LEGAL,
    ),
    Rule(
        "field-both-values",
        Severity.ERROR,
        "A field has both a stringValue and a refValue.",
        "Any of `fields` in a request with both.",
        "The service refuses the call, a beat included.",
        "Give one of them.",
        _FIELD,
    ),
    Rule(
        "field-limits",
        Severity.ERROR,
        "A field has no key, or a key or value that is too long.",
        "Any of `fields` in a request: key missing, empty or over 256 characters, stringValue over 10240, "
        "refValue empty or over 256.",
        "The service refuses the call, a beat included.",
        "Cut what is sent as progress.",
        _SIZES,
    ),
    Rule(
        "request-shape",
        Severity.WARNING,
        "A request breaks the protocol in a way that no other rule names.",
        "A member that is missing, of another type, too long, or unknown.",
        "The service may refuse the call or overlook the member. SDKs check this; others may not.",
        "Hold the request against the API reference.",
        _MODEL,
    ),
    Rule(
        "answer-not-json",
        Severity.WARNING,
        "An answer of 200 has a body that is not JSON.",
        "A body that is not empty and can not be read as JSON. An empty one is allowed where an answer needs "
        "no member.",
        "boto3 takes it for `{}` without a word: a poll then looks empty although it may have handed out a "
        "task. It is no fault of the runner; often a proxy in between answered.",
        "Find out who answers between runner and service; look at the answer's text.",
        "AWS JSON 1.1: the answer's body is a JSON object; botocore's parser, which gives {} for any other",
    ),
    Rule(
        "answer-shape",
        Severity.WARNING,
        "An answer of 200 is JSON, but not the one that an SDK expects.",
        "A member that must be there is missing, or a member has another type: `canceled` as a string.",
        'SDKs pass it on unchecked: `"false"` is true to most languages, and a missing member is an '
        "exception. It is no fault of the runner.",
        "Find out who answers between runner and service.",
        _MODEL,
    ),
)
