"""How SetTaskStatus says that a task ended."""

from __future__ import annotations

from collections.abc import Iterator

from holter.lease.conduct.evidence import Evidence, Heard, Observer, proof
from holter.wire.operations import DATA_PIPELINE, Role

OURS = frozenset({"Exists", "ShellCommandPrecondition"})
"""Preconditions that runners look at."""

PRECONDITIONS = OURS | {"DynamoDBDataExists", "DynamoDBTableExists", "S3KeyExists", "S3PrefixNotEmpty"}

_ERRORS = ("errorId", "errorMessage", "errorStackTrace")
_RESERVED = "Service_"


class Outcome(Observer):
    """Watches what stands in SetTaskStatus."""

    roles = always = frozenset({Role.FINISH})

    def ended(self, heard: Heard) -> Iterator[Evidence]:
        """Judge a status by the task's type and by its error members."""
        status = heard.request.get(DATA_PIPELINE.outcome)
        given = [name for name in _ERRORS if heard.request.get(name)]
        error = heard.request.get("errorId")
        if isinstance(error, str) and error.startswith(_RESERVED):
            yield _evidence("errorid-reserved", heard, f"has the errorId {error:.60}")
        if status == "FINISHED" and given:
            yield _evidence("error-fields-on-finished", heard, f"is FINISHED with {' and '.join(given)}")
        if status == "FAILED" and not {"errorId", "errorMessage"} & set(given):
            yield _evidence("failed-without-error", heard, "is FAILED without errorId and errorMessage")
        yield from _typed(heard, status)


def _typed(heard: Heard, status: object) -> Iterator[Evidence]:
    kind = heard.handout.kind if heard.handout else None
    if kind and status == "FALSE" and kind not in PRECONDITIONS:
        certain = kind.endswith("Activity")
        yield _evidence("false-on-activity", heard, f"is a {kind} and was ended with FALSE", certain=certain)
    if kind in OURS and status == "FAILED":
        yield _evidence("failed-on-precondition", heard, f"is a {kind} and was ended with FAILED")


def _evidence(rule: str, heard: Heard, said: str, *, certain: bool = True) -> Evidence:
    calls, text = proof(heard.call.seq), f"{heard.task or heard.caller} {said}"
    return Evidence(rule, heard.asked, text, calls, heard.call.task, heard.caller, certain=certain)
