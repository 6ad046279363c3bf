"""The operations of task runners, but for the waiting of a poll. Requests were held against the tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from holter.sandbox.component import Field, fields
from holter.sandbox.datetimes import stamp
from holter.sandbox.decision import Decision, Decisions, Step
from holter.sandbox.expressions import ExpressionError, evaluate
from holter.sandbox.kinds import Kind
from holter.sandbox.refusal import RefusalError
from holter.sandbox.world import World
from holter.wire.message import Payload
from holter.wire.operations import PIPELINE_DELETED, TASK_NOT_FOUND

Body: TypeAlias = Mapping[str, Any]
Handler: TypeAlias = Callable[[World, float, Body], Payload]
"""Answers one operation: the world, the moment in seconds since the service began, the request."""

_ERRORS = ("errorId", "errorMessage", "errorStackTrace")


def report_task_progress(world: World, now: float, body: Body) -> Payload:
    """Renew a lease, or tell that its task was cancelled."""
    decision = _taken(world, now, world.keeper.beat(now, body["taskId"]))
    if decision.step is Step.CANCELED:
        return {"canceled": True}
    told = [one for one in fields(body.get("fields") or ()) if not one.key.startswith("@")]
    _tell(world, decision, (*told, Field("reportProgressTime", stamp(world.wall(now)))))
    return {"canceled": False}


def set_task_status(world: World, now: float, body: Body) -> Payload:
    """End a lease with FINISHED, FAILED or, of a precondition, FALSE. The answer is empty, as documented."""
    task, status = body["taskId"], body["taskStatus"]
    _check_false(world, task, status)
    decision = _taken(world, now, world.keeper.finish(now, task, status))
    told = [Field(key, body[key]) for key in _ERRORS if body.get(key) is not None]
    _tell(world, decision, (*told, Field("attemptStatus", status)))
    if decision.job is not None:
        pipeline = world.pipeline(decision.job.pipeline)
        pipeline.run.ended(now, decision.job.attempt, status)
        world.apply(now, pipeline)
    return b""


def report_task_runner_heartbeat(world: World, now: float, body: Body) -> Payload:
    """Tell a runner whether it has to go."""
    runner = body["taskrunnerId"]
    leave = world.must_leave(runner)
    world.note(now, "terminated" if leave else "alive", runner=body.get("hostname"), taskrunner=runner)
    return {"terminate": leave}


def evaluate_expression(world: World, _now: float, body: Body) -> Payload:
    """Evaluate the `#{...}` in a text as one object of a pipeline sees them."""
    pipeline = world.pipeline(body["pipelineId"])
    target = pipeline.find(body["objectId"])
    if target is None:
        raise RefusalError(f"$.objectId: the pipeline has no object {body['objectId']!r}")
    try:
        return {"evaluatedExpression": evaluate(body["expression"], pipeline.scope(target).lookup)}
    except ExpressionError as why:
        raise RefusalError(f"$.expression: {why}") from None


TASK_HANDLERS: Mapping[str, Handler] = {
    "ReportTaskProgress": report_task_progress,
    "SetTaskStatus": set_task_status,
    "ReportTaskRunnerHeartbeat": report_task_runner_heartbeat,
    "EvaluateExpression": evaluate_expression,
}


def _taken(world: World, now: float, decisions: Decisions) -> Decision:
    """Carry decisions out and return the last, which is about this call; a refusal is raised."""
    world.see(now, decisions)
    last = decisions[-1]
    if last.step is not Step.REFUSED:
        return last
    if last.job is not None and last.job.pipeline in world.deleted:
        text = f"Pipeline with id: {last.job.pipeline} was deleted"
        raise RefusalError(text, code=PIPELINE_DELETED, logged=True)
    raise RefusalError(_GONE[last.why or "unknown"], code=TASK_NOT_FOUND, logged=True)


_GONE = {
    "unknown": "No task has this taskId",
    "lost": "The task was assigned again because it was not reported in time",
    "ended": "The task has ended already",
    "canceled": "The task was canceled",
    "deleted": "The task's pipeline was deleted",
}


def _check_false(world: World, task: str, status: str) -> None:
    lease = world.keeper.lease(task)
    if lease is None or status != "FALSE":
        return
    instance = world.pipeline(lease.job.pipeline).run.by_attempt(lease.job.attempt)
    if instance is not None and instance.kind is not Kind.PRECONDITION:
        raise RefusalError("$.taskStatus: FALSE is an answer of preconditions only")


def _tell(world: World, decision: Decision, told: tuple[Field, ...]) -> None:
    if decision.job is not None:
        world.pipeline(decision.job.pipeline).run.tell(decision.job.attempt, told)
