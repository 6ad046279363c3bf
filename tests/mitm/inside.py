"""Flows of Data Pipeline calls, and a mitmproxy around an addon of ours, without any socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from mitmproxy import http
from mitmproxy.test import taddons, tflow

from holter.lease.finding import Certainty, Finding, Gap, Limit, State
from holter.lease.rules import Severity
from holter.wire.message import Interaction, Json, Origin

from .rig import HOST


def flow(
    op: str = "ReportTaskProgress", body: Json = None, answer: Json = None, status: int = 200
) -> http.HTTPFlow:
    """A call that has got its answer."""
    made = tflow.tflow()
    headers = http.Headers(x_amz_target=f"DataPipeline.{op}", content_type="application/x-amz-json-1.1")
    said = json.dumps({"taskId": "a-real-task-id-of-its-own"} if body is None else body)
    made.request = http.Request.make("POST", f"https://{HOST}/", said, headers)
    given = b"" if answer is None else json.dumps(answer)
    made.response = http.Response.make(status, given, {"content-type": "application/x-amz-json-1.1"})
    made.live = False
    return made


def call(seq: int, **more: Any) -> Interaction:
    """What came of a call."""
    said = {"task": "task-1", "caller": "runner-1", "origin": Origin.LIVE, "status": 200, **more}
    return Interaction("ReportTaskProgress", {"taskId": "task-1"}, {"canceled": False}, seq=seq, **said)


def finding(*calls: int, **more: Any) -> Finding:
    """A finding that these calls prove: unless otherwise said, a gap that has ended, a certain warning."""
    said: dict[str, Any] = {
        "rule": "gap-over-5min",
        "severity": Severity.WARNING,
        "certainty": Certainty.CERTAIN,
        "state": State.CLOSED,
        "cause": None,
        "task": "task-1",
        "attempt": None,
        "caller": "runner-1",
        "at": 1795224003.0,
        "gap": Gap(301.0, 301.0),
        "limit": Limit("silence", 300.0, "a source"),
        "message": "task-1 had no beat for 301 s",
        **more,
    }
    return Finding(interactions=calls, **said)


def within(*addons: object, do: Callable[[taddons.context], Awaitable[None]]) -> None:
    """Do something inside a mitmproxy with these addons."""

    async def main() -> None:
        with taddons.context(*addons) as around:
            try:
                await do(around)
            finally:
                around.master._legacy_log_events.uninstall()

    asyncio.run(main())
