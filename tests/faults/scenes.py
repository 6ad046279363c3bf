"""Calls, answers and plans to try faults with; a plan is made as a user makes it, from its text."""

from __future__ import annotations

import pytest

from holter.faults.asked import Asked
from holter.faults.checks import check
from holter.faults.node import PlanError
from holter.faults.plan import Plan
from holter.faults.planfile import parse
from holter.faults.plans import Mode
from holter.wire.decision import Answer, Break, Decision, Forward
from holter.wire.message import Call, Headers, Moment, Payload, Reply, Try

POLL, BEAT, END, ALIVE = "PollForTask", "ReportTaskProgress", "SetTaskStatus", "ReportTaskRunnerHeartbeat"
WALL = 1_800_000_000.0
HEADERS: Headers = (
    ("x-amzn-RequestId", "1-2-3"),
    ("Content-Type", "application/x-amz-json-1.1"),
    ("Content-Length", "18"),
    ("x-amz-crc32", "99"),
    ("Date", "Thu, 15 Jan 2027 08:00:00 GMT"),
)


def asked(
    op: str = BEAT,
    task: str | None = "task-1",
    at: float = 1.0,
    *,
    body: Payload | None = None,
    tried: Try | None = None,
    **more: object,
) -> Asked:
    """A call; of a poll and a heartbeat no task is known when they are asked."""
    if op in (POLL, ALIVE):
        task = None
    said: Payload = body if body is not None else ({"taskId": task} if task else {"workerGroup": "wg"})
    call = Call(op, said, Moment(WALL + at, at), tried=tried)
    return Asked(call, task, **{"runner": "runner-1", **more})  # type: ignore[arg-type]  # Asked's own


def text(*rules: str, seed: int | str = 7) -> str:
    """A plan of rules, each a YAML flow mapping without its name; they are called `r1` and so on."""
    lines = [f"  - {{name: r{number}, {rule}}}" for number, rule in enumerate(rules, 1)]
    return "\n".join(["holter-plan: 1", f"seed: {seed}", "rules:", *lines, ""])


def plan(*rules: str, seed: int | str = 7, scale: float = 1.0, obeyed: bool = False) -> Plan:
    """The plan of such rules, checked as before a start."""
    found = parse(text(*rules, seed=seed), "plan.yaml", scale)
    check(found.rules, Mode.PROXY)
    return Plan([one.rule for one in found.rules], found.seed or 0, obeyed=obeyed)


def refusal(*rules: str, mode: Mode = Mode.PROXY) -> str:
    """What is said of a plan that is wrong, in one line."""
    with pytest.raises(PlanError) as wrong:
        check(parse(text(*rules), "plan.yaml").rules, mode)
    assert "\n" not in str(wrong.value)
    return str(wrong.value)


def before(rule: str, op: str = BEAT, **more: object) -> Decision | None:
    """What a rule decides about one call."""
    return plan(rule).before(asked(op, **more))  # type: ignore[arg-type]  # asked's own


def live(body: Payload = b"", status: int = 200) -> Reply:
    """An answer of the service."""
    return Reply(status, body if body != b"" else {"canceled": False}, HEADERS)


def after(rule: str, reply: Reply | None = None, op: str = BEAT) -> Decision | None:
    """What a rule decides about the answer to one call that went to the service."""
    made, call = plan(rule), asked(op)
    assert isinstance(made.before(call) or Forward(), Forward)
    return made.after(call, reply or live())


def given(decision: Decision | None) -> Reply:
    """The answer that a decision gives."""
    assert isinstance(decision, Answer), decision
    return decision.reply


def cut(decision: Decision | None) -> Break:
    """The break that a decision asks for."""
    assert isinstance(decision, Break), decision
    return decision
