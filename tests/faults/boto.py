"""What boto3 makes of each fault: tried in tests/mitm and tests/endpoint, told in docs/faults.md."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from holter.faults.kinds import KINDS

Request: TypeAlias = tuple[str, dict[str, str]]
"""A method of the client, and what it is given besides a taskId."""

BEAT: Request = ("report_task_progress", {})
END: Request = ("set_task_status", {"taskStatus": "FINISHED"})
ALIVE: Request = ("report_task_runner_heartbeat", {"taskrunnerId": "r"})
ON_BEATS = "when: {op: ReportTaskProgress}, "

ANSWER = "the answer"
BARE = "an answer without members and without an error: check that `canceled` is there"
AS_IS = "the answer, as if nothing were wrong"
GARBLED = "`UnicodeDecodeError`, for it does not unpack what it did not ask for"
REFUSED = "`ClientError` with the code, of `html` the status"
BROKEN = "`ConnectionClosedError`; through a proxy `ProxyConnectionError`"
TURNED_AWAY = (
    "`ConnectionClosedError`, through a proxy too: its tunnel is never opened; from a client that is slow to "
    "connect `EndpointConnectionError`, through a proxy `ProxyConnectionError`"
)
LATE = "`ReadTimeoutError` after its own timeout, else as `close`"

ERRORS = {
    REFUSED: ({"ClientError"}, {"ClientError"}),
    GARBLED: ({"UnicodeDecodeError"}, {"UnicodeDecodeError"}),
    BROKEN: ({"ConnectionClosedError"}, {"ProxyConnectionError"}),
    TURNED_AWAY: (
        {"ConnectionClosedError", "EndpointConnectionError"},
        {"ConnectionClosedError", "ProxyConnectionError"},
    ),
    LATE: ({"ReadTimeoutError"}, {"ReadTimeoutError"}),
}
"""The exceptions that these words stand for: without a proxy, and through one."""


@dataclass(frozen=True, slots=True)
class Row:
    """A fault, and what boto's standard mode makes of it: the outcome, after how many tries.

    `tries` are the client's own; `needs_service` tells that a replay cannot do it.
    """

    fault: str
    rule: str
    words: str
    tries: int = 1
    answer: Any = None
    code: str | None = None
    call: Request = BEAT

    @property
    def needs_service(self) -> bool:
        """Whether it needs a service behind Holter."""
        return any("service" in need.value for need in KINDS[self.fault].needs)


ROWS = (
    Row("cancel", "then: {cancel: true}", ANSWER, answer={"canceled": True}),
    Row("terminate", "then: {terminate: true}", ANSWER, answer={"terminate": True}, call=ALIVE),
    Row("answer", ON_BEATS + "then: {answer: {canceled: true}}", ANSWER, answer={"canceled": True}),
    Row("patch", ON_BEATS + "then: {patch: {canceled: true}}", ANSWER, answer={"canceled": True}),
    Row("missing", ON_BEATS + "then: {missing: canceled}", BARE, answer={}),
    Row("empty", ON_BEATS + "then: {empty: true}", BARE, answer={}),
    Row("malformed", ON_BEATS + "then: {malformed: true}", BARE, answer={}),
    Row("truncate", ON_BEATS + "then: {truncate: 0.5}", BARE, answer={}),
    Row("cut", ON_BEATS + "then: {cut: true}", BARE, answer={}),
    Row("gzip", ON_BEATS + "then: {gzip: true}", GARBLED),
    Row("stale_date", ON_BEATS + "then: {stale_date: 7200}", AS_IS, answer={"canceled": False}),
    Row("content_type", ON_BEATS + "then: {content_type: text/html}", AS_IS, answer={"canceled": False}),
    Row("lose_lease", "then: {lose_lease: true}", REFUSED, code="TaskNotFoundException"),
    Row("pipeline_deleted", "then: {pipeline_deleted: true}", REFUSED, code="PipelineDeletedException"),
    Row("error", ON_BEATS + "then: {error: InternalServiceError}", REFUSED, 3, code="InternalServiceError"),
    Row("throttle", ON_BEATS + "then: {throttle: 9}", REFUSED, 3, code="ThrottlingException"),
    Row("html", ON_BEATS + "then: {html: 502}", REFUSED, 3, code="502"),
    Row("close", ON_BEATS + "then: {close: true}", BROKEN, 3),
    Row("reset", ON_BEATS + "then: {reset: true}", BROKEN, 3),
    Row("refuse", ON_BEATS + "then: {refuse: 60}", TURNED_AWAY, 3),
    Row("swallow_ack", "then: {swallow_ack: true}", BROKEN, 3),
    Row("swallow_status", "then: {swallow_status: true}", BROKEN, 3, call=END),
    Row("hold", ON_BEATS + "then: {hold: 60}", LATE, 3),
)

UNSEEN = ("reassign", "starve", "delay", "duplicate")
"""Faults that no single call shows."""

LONGEST = 30.0
"""Seconds within which three tries are over, boto's own pauses among them."""


def settings(row: Row) -> dict[str, Any]:
    """Return the settings of a client in boto's standard mode; only of `hold` the timeout is short."""
    return {"retries": {"mode": "standard"}, "read_timeout": 0.5 if row.fault == "hold" else 30}


def table() -> list[tuple[str, str, str]]:
    """Return the rows of the page: faults that come to the same, the outcome, the tries."""
    found: dict[tuple[str, int], list[str]] = {}
    for row in ROWS:
        found.setdefault((row.words, row.tries), []).append(f"`{row.fault}`")
    return [(", ".join(faults), words, str(tries)) for (words, tries), faults in found.items()]


def count(client: Any) -> list[str]:
    """Return a list that grows with each try of a client."""
    tries: list[str] = []
    client.meta.events.register("before-send.data-pipeline", lambda **_: tries.append("try"))
    return tries


def judged(row: Row, found: Any, tries: list[str], elapsed: float, *, proxied: bool = False) -> None:
    """Hold what a client got against the row: the answer or the exception, its tries, the time."""
    if row.words in ERRORS:
        assert ERRORS[row.words][proxied] & {kind.__name__ for kind in type(found).__mro__}, repr(found)
        assert row.code in (None, (getattr(found, "response", None) or {}).get("Error", {}).get("Code"))
    else:
        assert {name: value for name, value in found.items() if name != "ResponseMetadata"} == row.answer
    assert len(tries) == row.tries
    assert elapsed < LONGEST
