"""The protocol as tables: every operation of AWS Data Pipeline, its role in the lease, its m.

Source: botocore's service model `datapipeline/2012-10-29/service-2.json` (a test holds the two against
each other) and, for the rates, "AWS Data Pipeline Limits" in the developer guide.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType

from holter.wire import members as m
from holter.wire.shapes import Items, Number, Record, Text
from holter.wire.value import value


class Role(enum.Enum):
    """What an operation does to a lease."""

    __hash__ = (
        object.__hash__
    )  # an enum's own takes three times as long, and roles are looked up all the time

    POLL = "poll"  # may hand out a task: the lease begins
    BEAT = "beat"  # renews the lease, and may be told that the task is cancelled
    FINISH = "finish"  # ends the lease
    ALIVE = "alive"  # the runner's own beat: no task's lease
    RUNNER = "runner"  # another call of a task runner
    CONTROL = "control"  # the control plane


@value
class Operation:
    """One row of the protocol. `rate` is the documented number of calls a second an account may make."""

    name: str
    role: Role
    request: Record
    response: Record
    errors: tuple[str, ...]
    rate: float | None


INTERNAL = "InternalServiceError"
INVALID = "InvalidRequestException"
TASK_NOT_FOUND = "TaskNotFoundException"
PIPELINE_NOT_FOUND = "PipelineNotFoundException"
PIPELINE_DELETED = "PipelineDeletedException"

ERROR_STATUS: Mapping[str, int] = MappingProxyType(
    {INTERNAL: 500, INVALID: 400, TASK_NOT_FOUND: 400, PIPELINE_NOT_FOUND: 400, PIPELINE_DELETED: 400}
)
"""HTTP status of every modelled error (AWS API reference: 500 for the service's fault, else 400)."""

GONE = frozenset({TASK_NOT_FOUND, PIPELINE_NOT_FOUND, PIPELINE_DELETED})
"""Errors after which a runner holds no lease on the task any more."""

_ACCOUNT = (INTERNAL, INVALID)
_PIPELINE = (*_ACCOUNT, PIPELINE_NOT_FOUND, PIPELINE_DELETED)
_TASK = (*_PIPELINE, TASK_NOT_FOUND)

_ROWS = (
    Operation(
        "PollForTask",
        Role.POLL,
        Record(
            {
                "workerGroup": m.STRING,
                "hostname": m.ID,
                "instanceIdentity": Record({"document": m.STRING, "signature": m.STRING}),
            },
            ("workerGroup",),
        ),
        Record({"taskObject": m.HANDOUT}),
        (*_ACCOUNT, TASK_NOT_FOUND),
        2,
    ),
    Operation(
        "ReportTaskProgress",
        Role.BEAT,
        Record({"taskId": m.TASK_ID, "fields": m.FIELDS}, ("taskId",)),
        Record({"canceled": m.FLAG}, ("canceled",)),
        _TASK,
        10,
    ),
    Operation(
        "SetTaskStatus",
        Role.FINISH,
        Record(
            {
                "taskId": m.TASK_ID,
                "taskStatus": Text(legal=False, enum=("FINISHED", "FAILED", "FALSE")),
                "errorId": m.STRING,
                "errorMessage": m.MESSAGE,
                "errorStackTrace": m.STRING,
            },
            ("taskId", "taskStatus"),
        ),
        m.NOTHING,
        _TASK,
        10,
    ),
    Operation(
        "ReportTaskRunnerHeartbeat",
        Role.ALIVE,
        Record(
            {"taskrunnerId": m.ID, "workerGroup": m.STRING, "hostname": m.ID},
            ("taskrunnerId",),
        ),
        Record({"terminate": m.FLAG}, ("terminate",)),
        _ACCOUNT,
        1,
    ),
    Operation(
        "EvaluateExpression",
        Role.RUNNER,
        Record(
            {"pipelineId": m.ID, "objectId": m.ID, "expression": m.LONG},
            ("pipelineId", "objectId", "expression"),
        ),
        Record({"evaluatedExpression": m.LONG}, ("evaluatedExpression",)),
        _TASK,
        None,
    ),
    Operation(
        "ActivatePipeline",
        Role.CONTROL,
        Record(
            {
                "pipelineId": m.ID,
                "parameterValues": m.VALUES,
                "startTimestamp": Number(time=True),
            },
            ("pipelineId",),
        ),
        m.NOTHING,
        _PIPELINE,
        1,
    ),
    Operation(
        "AddTags",
        Role.CONTROL,
        Record({"pipelineId": m.ID, "tags": m.TAGS}, ("pipelineId", "tags")),
        m.NOTHING,
        _PIPELINE,
        None,
    ),
    Operation(
        "CreatePipeline",
        Role.CONTROL,
        Record(
            {"name": m.ID, "uniqueId": m.ID, "description": m.STRING, "tags": m.TAGS},
            ("name", "uniqueId"),
        ),
        Record({"pipelineId": m.ID}, ("pipelineId",)),
        _ACCOUNT,
        1,
    ),
    Operation(
        "DeactivatePipeline",
        Role.CONTROL,
        Record({"pipelineId": m.ID, "cancelActive": m.FLAG}, ("pipelineId",)),
        m.NOTHING,
        _PIPELINE,
        1,
    ),
    Operation("DeletePipeline", Role.CONTROL, m.PIPELINE, m.NOTHING, (*_ACCOUNT, PIPELINE_NOT_FOUND), 1),
    Operation(
        "DescribeObjects",
        Role.CONTROL,
        Record(
            {
                "pipelineId": m.ID,
                "objectIds": Items(m.ID),
                "evaluateExpressions": m.FLAG,
                "marker": m.STRING,
            },
            ("pipelineId", "objectIds"),
        ),
        Record(
            {"pipelineObjects": m.OBJECTS, "marker": m.STRING, "hasMoreResults": m.FLAG},
            ("pipelineObjects",),
        ),
        _PIPELINE,
        2,
    ),
    Operation(
        "DescribePipelines",
        Role.CONTROL,
        Record({"pipelineIds": Items(m.ID)}, ("pipelineIds",)),
        Record({"pipelineDescriptionList": Items(m.DESCRIPTION)}, ("pipelineDescriptionList",)),
        _PIPELINE,
        1,
    ),
    Operation(
        "GetPipelineDefinition",
        Role.CONTROL,
        Record({"pipelineId": m.ID, "version": m.STRING}, ("pipelineId",)),
        Record(
            {
                "pipelineObjects": m.OBJECTS,
                "parameterObjects": m.PARAMETERS,
                "parameterValues": m.VALUES,
            }
        ),
        _PIPELINE,
        1,
    ),
    Operation(
        "ListPipelines",
        Role.CONTROL,
        Record({"marker": m.STRING}),
        Record(
            {
                "pipelineIdList": Items(Record({"id": m.ID, "name": m.ID})),
                "marker": m.STRING,
                "hasMoreResults": m.FLAG,
            },
            ("pipelineIdList",),
        ),
        _ACCOUNT,
        1,
    ),
    Operation("PutPipelineDefinition", Role.CONTROL, m.DEFINITION, m.VERDICT, _PIPELINE, 1),
    Operation(
        "QueryObjects",
        Role.CONTROL,
        Record(
            {
                "pipelineId": m.ID,
                "query": m.QUERY,
                "sphere": m.STRING,
                "marker": m.STRING,
                "limit": Number(),
            },
            ("pipelineId", "sphere"),
        ),
        Record({"ids": Items(m.ID), "marker": m.STRING, "hasMoreResults": m.FLAG}),
        _PIPELINE,
        2,
    ),
    Operation(
        "RemoveTags",
        Role.CONTROL,
        Record({"pipelineId": m.ID, "tagKeys": Items(m.STRING)}, ("pipelineId", "tagKeys")),
        m.NOTHING,
        _PIPELINE,
        None,
    ),
    Operation(
        "SetStatus",
        Role.CONTROL,
        Record(
            {"pipelineId": m.ID, "objectIds": Items(m.ID), "status": m.STRING},
            ("pipelineId", "objectIds", "status"),
        ),
        m.NOTHING,
        _PIPELINE,
        1,
    ),
    Operation("ValidatePipelineDefinition", Role.CONTROL, m.DEFINITION, m.VERDICT, _PIPELINE, 1),
)

OPERATIONS: Mapping[str, Operation] = MappingProxyType({row.name: row for row in _ROWS})


@value
class Protocol:
    """Where the facts of a lease stand in the messages; a sibling protocol is another row of this table."""

    prefix: str
    content_type: str
    handout: str
    handle: str
    queue: str
    cancel: str
    runner: str
    terminate: str
    outcome: str


DATA_PIPELINE = Protocol(
    prefix="DataPipeline",
    content_type="application/x-amz-json-1.1",
    handout="taskObject",
    handle="taskId",
    queue="workerGroup",
    cancel="canceled",
    runner="taskrunnerId",
    terminate="terminate",
    outcome="taskStatus",
)


def role(op: str) -> Role:
    """Tell an operation's role; a name that is not in the table counts as control plane."""
    row = OPERATIONS.get(op)
    return row.role if row else Role.CONTROL
