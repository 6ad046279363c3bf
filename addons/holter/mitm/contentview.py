"""How a Data Pipeline call looks in mitmproxy's own windows: what it means, how its lease stands, its body.

Secrets and taskIds are masked as the recording masks them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mitmproxy import http

from holter.cassette.fields import meant
from holter.cassette.redaction import Redactor
from holter.mitm import convert
from holter.mitm.addon import Proxy
from holter.mitm.notes import FINDINGS
from holter.report.held import stands
from holter.report.readable import readable
from holter.report.words import clock
from holter.wire.codec import error_code, passing
from holter.wire.message import Call, Json, Moment, Payload, Reply
from holter.wire.operations import OPERATIONS, Operation, Role
from holter.wire.redactor import Redacted

_ROLES = {
    Role.POLL: "asks for a task; a hand-out begins its lease",
    Role.BEAT: "renews the lease of its task",
    Role.FINISH: "ends the lease of its task",
    Role.ALIVE: "tells that the runner is alive; renews no lease",
    Role.RUNNER: "another call of a runner; renews no lease",
    Role.CONTROL: "belongs to the control plane; renews no lease",
}
_TOLD = {
    "live": "the service",
    "cassette": "the cassette",
    "sandbox": "the sandbox",
    "refused": "nobody: refused, the cassette has no answer",
}
_WIDEST = 12


class CallView:
    """The contentview `DataPipeline`."""

    name = "DataPipeline"

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy

    def takes(self, flow: http.HTTPFlow) -> bool:
        """Tell whether a flow is a Data Pipeline call."""
        return convert.is_call(flow)

    def render(self, flow: http.HTTPFlow, message: http.Message) -> str:
        """Return the request or the response of a call as text."""
        call = convert.to_call(flow, Moment(flow.request.timestamp_start, 0.0))
        if call is None:
            raise ValueError("no Data Pipeline call")
        redactor = self._redactor()
        asked = redactor.call(call)
        if message is flow.request:
            facts, body = self._request(call, asked), asked.payload
        else:
            reply = convert.to_reply(message) if isinstance(message, http.Response) else Reply(0, b"")
            kept = redactor.reply(call.op, reply)
            facts, body = _response(call.op, reply, kept), kept.payload
            asked = kept if kept.task else asked
        lines = [*_aligned({**facts, **self._known(flow, asked.task)}), "", *_body(body)]
        return "\n".join(lines)

    def _redactor(self) -> Redactor:
        """Return one that masks as the recording does, and that nothing learns from being looked at."""
        return self._proxy.recorder.redactor.copy() if self._proxy.recorder else Redactor()

    def _request(self, call: Call, asked: Redacted) -> dict[str, list[str]]:
        row = OPERATIONS.get(call.op)
        return {
            "operation": [
                f"{call.op}: {_ROLES[row.role] if row else 'is none' + meant(call.op, OPERATIONS)}"
            ],
            "documented": _documented(row),
            "problems": _problems(asked.notes, "request"),
        }

    def _known(self, flow: http.HTTPFlow, task: str | None) -> dict[str, list[str]]:
        """Return what is known of a call besides its messages: its task, who answered, what was found."""
        said = flow.metadata
        origin, fault = said.get("holter_origin"), said.get("holter_fault")
        by = f"the fault {fault!r}" if fault else _TOLD.get(str(origin))
        number = [f"{said['holter_call']}, from {said.get('holter_caller', 'unknown')}"] if by else []
        if flow.is_replay:
            number, by = ["sent again by mitmproxy itself: neither recorded nor judged"], None
        return {
            "call": number,
            "answered by": [by] if by else [],
            "broken by": [said["holter_broken"]] if "holter_broken" in said else [],
            "task": [task] if task else [],
            "lease": list(self._lease(task)),
            "findings": list(said.get(FINDINGS, ())),
        }

    def _lease(self, task: str | None) -> Iterator[str]:
        session = self._proxy.session
        lease = session.audit.lease(task) if session else None
        if session is None or lease is None:
            return
        at = session.watched(self._proxy.clock.now())
        when = f"as of {clock(session.audit.timeline.wall(at))}{', unseen since' if session.paused else ''}"
        yield f"{stands(lease, at)} ({when})" if lease.open else stands(lease, at)
        if lease.handout.attempt:
            yield lease.handout.attempt


def _response(op: str, reply: Reply, kept: Redacted) -> dict[str, list[str]]:
    code = error_code(reply)
    said = []
    if code:
        row = OPERATIONS.get(op)
        known = "" if row is None or code in row.errors else "; not documented for this operation"
        said = [f"{code}{known}{'; trying again may help' if passing(reply.status, code) else ''}"]
    return {
        "answer to": [op],
        "error": said,
        "handed out": [kept.task] if kept.task else [],
        "problems": _problems(kept.notes, "response"),
    }


def _documented(row: Operation | None) -> list[str]:
    if row is None:
        return []
    rate = [f"at most {row.rate:g} calls a second in an account"] if row.rate else []
    return [*rate, f"errors: {', '.join(row.errors)}"]


def _problems(notes: Mapping[str, Json], what: str) -> list[str]:
    found = notes.get(f"{what}_problems")
    return [str(problem) for problem in found] if isinstance(found, list) else []


def _aligned(facts: Mapping[str, list[str]]) -> Iterator[str]:
    for name, lines in facts.items():
        front = f"{name}:"
        for line in lines:
            yield f"{front:<{_WIDEST}} {line}"
            front = ""


def _body(body: Payload) -> Iterator[str]:
    if not isinstance(body, bytes):
        yield from readable(body)
    elif body:
        yield f"{len(body)} bytes that are no JSON:"
        yield body.decode("utf-8", "backslashreplace")
    else:
        yield "(no body)"
