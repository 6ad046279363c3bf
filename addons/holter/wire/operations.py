"""The protocol as tables: every operation of AWS Data Pipeline, its role in the lease, its members.

Source: botocore's service model `datapipeline/2012-10-29/service-2.json` (a test holds the two against
each other) and, for the rates, "AWS Data Pipeline Limits" in the developer guide.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from holter.wire.shapes import Flag, Items, Number, Record, Table, Text


class Role(enum.Enum):
    """What an operation does to a lease."""

    POLL = "poll"  # may hand out a task: the lease begins
    BEAT = "beat"  # renews the lease, and may be told that the task is cancelled
    FINISH = "finish"  # ends the lease
    ALIVE = "alive"  # the runner's own beat: no task's lease
    RUNNER = "runner"  # another call of a task runner
    CONTROL = "control"  # the control plane


@dataclass(frozen=True, slots=True)
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

_task_id = Text(1, 2048)
_id = Text(1, 1024)
_string = Text(0, 1024)
_long = Text(0, 20_971_520)
_name = Text(1, 256)
_value = Text(0, 10_240)
_message = Text(legal=False)
_flag = Flag()

_field = Record(
    {"key": _name, "stringValue": _value, "refValue": _name}, ("key",), ("stringValue", "refValue")
)
_fields = Items(_field)
_object = Record({"id": _id, "name": _id, "fields": _fields}, ("id", "name", "fields"))
_objects = Items(_object)
_tags = Items(Record({"key": Text(1, 128, False), "value": Text(0, 256, False)}, ("key", "value")), 10)
_attributes = Items(Record({"key": _name, "stringValue": _value}, ("key", "stringValue")))
_parameters = Items(Record({"id": _name, "attributes": _attributes}, ("id", "attributes")))
_values = Items(Record({"id": _name, "stringValue": _value}, ("id", "stringValue")))
_messages = Items(Text(0, 10_000))
_description = Record(
    {"pipelineId": _id, "name": _id, "fields": _fields, "description": _string, "tags": _tags},
    ("pipelineId", "name", "fields"),
)
_operator = Record(
    {"type": Text(legal=False, enum=("EQ", "REF_EQ", "LE", "GE", "BETWEEN")), "values": Items(_string)}
)
_query = Record({"selectors": Items(Record({"fieldName": _string, "operator": _operator}))})
_handout = Record(
    {"taskId": _task_id, "pipelineId": _id, "attemptId": _id, "objects": Table(_id, _object)},
)
_definition = Record(
    {
        "pipelineId": _id,
        "pipelineObjects": _objects,
        "parameterObjects": _parameters,
        "parameterValues": _values,
    },
    ("pipelineId", "pipelineObjects"),
)
_verdict = Record(
    {
        "validationErrors": Items(Record({"id": _id, "errors": _messages})),
        "validationWarnings": Items(Record({"id": _id, "warnings": _messages})),
        "errored": _flag,
    },
    ("errored",),
)
_pipeline = Record({"pipelineId": _id}, ("pipelineId",))
_nothing = Record()

_ACCOUNT = (INTERNAL, INVALID)
_PIPELINE = (*_ACCOUNT, PIPELINE_NOT_FOUND, PIPELINE_DELETED)
_TASK = (*_PIPELINE, TASK_NOT_FOUND)

_ROWS = (
    Operation(
        "PollForTask",
        Role.POLL,
        Record(
            {
                "workerGroup": _string,
                "hostname": _id,
                "instanceIdentity": Record({"document": _string, "signature": _string}),
            },
            ("workerGroup",),
        ),
        Record({"taskObject": _handout}),
        (*_ACCOUNT, TASK_NOT_FOUND),
        2,
    ),
    Operation(
        "ReportTaskProgress",
        Role.BEAT,
        Record({"taskId": _task_id, "fields": _fields}, ("taskId",)),
        Record({"canceled": _flag}, ("canceled",)),
        _TASK,
        10,
    ),
    Operation(
        "SetTaskStatus",
        Role.FINISH,
        Record(
            {
                "taskId": _task_id,
                "taskStatus": Text(legal=False, enum=("FINISHED", "FAILED", "FALSE")),
                "errorId": _string,
                "errorMessage": _message,
                "errorStackTrace": _string,
            },
            ("taskId", "taskStatus"),
        ),
        _nothing,
        _TASK,
        10,
    ),
    Operation(
        "ReportTaskRunnerHeartbeat",
        Role.ALIVE,
        Record({"taskrunnerId": _id, "workerGroup": _string, "hostname": _id}, ("taskrunnerId",)),
        Record({"terminate": _flag}, ("terminate",)),
        _ACCOUNT,
        1,
    ),
    Operation(
        "EvaluateExpression",
        Role.RUNNER,
        Record(
            {"pipelineId": _id, "objectId": _id, "expression": _long},
            ("pipelineId", "objectId", "expression"),
        ),
        Record({"evaluatedExpression": _long}, ("evaluatedExpression",)),
        _TASK,
        None,
    ),
    Operation(
        "ActivatePipeline",
        Role.CONTROL,
        Record(
            {"pipelineId": _id, "parameterValues": _values, "startTimestamp": Number(time=True)},
            ("pipelineId",),
        ),
        _nothing,
        _PIPELINE,
        1,
    ),
    Operation(
        "AddTags",
        Role.CONTROL,
        Record({"pipelineId": _id, "tags": _tags}, ("pipelineId", "tags")),
        _nothing,
        _PIPELINE,
        None,
    ),
    Operation(
        "CreatePipeline",
        Role.CONTROL,
        Record({"name": _id, "uniqueId": _id, "description": _string, "tags": _tags}, ("name", "uniqueId")),
        Record({"pipelineId": _id}, ("pipelineId",)),
        _ACCOUNT,
        1,
    ),
    Operation(
        "DeactivatePipeline",
        Role.CONTROL,
        Record({"pipelineId": _id, "cancelActive": _flag}, ("pipelineId",)),
        _nothing,
        _PIPELINE,
        1,
    ),
    Operation("DeletePipeline", Role.CONTROL, _pipeline, _nothing, (*_ACCOUNT, PIPELINE_NOT_FOUND), 1),
    Operation(
        "DescribeObjects",
        Role.CONTROL,
        Record(
            {"pipelineId": _id, "objectIds": Items(_id), "evaluateExpressions": _flag, "marker": _string},
            ("pipelineId", "objectIds"),
        ),
        Record(
            {"pipelineObjects": _objects, "marker": _string, "hasMoreResults": _flag}, ("pipelineObjects",)
        ),
        _PIPELINE,
        2,
    ),
    Operation(
        "DescribePipelines",
        Role.CONTROL,
        Record({"pipelineIds": Items(_id)}, ("pipelineIds",)),
        Record({"pipelineDescriptionList": Items(_description)}, ("pipelineDescriptionList",)),
        _PIPELINE,
        1,
    ),
    Operation(
        "GetPipelineDefinition",
        Role.CONTROL,
        Record({"pipelineId": _id, "version": _string}, ("pipelineId",)),
        Record({"pipelineObjects": _objects, "parameterObjects": _parameters, "parameterValues": _values}),
        _PIPELINE,
        1,
    ),
    Operation(
        "ListPipelines",
        Role.CONTROL,
        Record({"marker": _string}),
        Record(
            {
                "pipelineIdList": Items(Record({"id": _id, "name": _id})),
                "marker": _string,
                "hasMoreResults": _flag,
            },
            ("pipelineIdList",),
        ),
        _ACCOUNT,
        1,
    ),
    Operation("PutPipelineDefinition", Role.CONTROL, _definition, _verdict, _PIPELINE, 1),
    Operation(
        "QueryObjects",
        Role.CONTROL,
        Record(
            {"pipelineId": _id, "query": _query, "sphere": _string, "marker": _string, "limit": Number()},
            ("pipelineId", "sphere"),
        ),
        Record({"ids": Items(_id), "marker": _string, "hasMoreResults": _flag}),
        _PIPELINE,
        2,
    ),
    Operation(
        "RemoveTags",
        Role.CONTROL,
        Record({"pipelineId": _id, "tagKeys": Items(_string)}, ("pipelineId", "tagKeys")),
        _nothing,
        _PIPELINE,
        None,
    ),
    Operation(
        "SetStatus",
        Role.CONTROL,
        Record(
            {"pipelineId": _id, "objectIds": Items(_id), "status": _string},
            ("pipelineId", "objectIds", "status"),
        ),
        _nothing,
        _PIPELINE,
        1,
    ),
    Operation("ValidatePipelineDefinition", Role.CONTROL, _definition, _verdict, _PIPELINE, 1),
)

OPERATIONS: Mapping[str, Operation] = MappingProxyType({row.name: row for row in _ROWS})


@dataclass(frozen=True, slots=True)
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
