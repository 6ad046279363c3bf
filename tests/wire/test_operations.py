"""Our tables against botocore's own service model, so that neither drifts from the other unseen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel

from holter.wire.operations import DATA_PIPELINE, ERROR_STATUS, GONE, OPERATIONS, Operation, Role, role
from holter.wire.shapes import Flag, Items, Number, Record, Shape, Table, Text

MODEL = ServiceModel(Loader().load_service_model("datapipeline", "service-2"), "datapipeline")
NAMES = sorted(MODEL.operation_names)
SHAPES = MODEL._shape_resolver._shape_map  # as JSON: ServiceModel drops `pattern` and `fault`


def facts(shape: Shape) -> dict[str, Any]:
    """Spell one of our shapes as `modelled` spells botocore's."""
    match shape:
        case Text():
            return {"text": (shape.min, shape.max, shape.legal, shape.enum)}
        case Flag():
            return {"flag": True}
        case Number():
            return {"number": shape.time}
        case Items():
            return {"items": facts(shape.of), "max": shape.max}
        case Table():
            return {"table": (facts(shape.key), facts(shape.value))}
        case Record():
            members = {name: facts(member) for name, member in shape.members.items()}
            return {"members": members, "required": sorted(shape.required)}


def modelled(shape: Any) -> dict[str, Any]:
    """Spell one of botocore's shapes in our words."""
    if shape is None:
        return {"members": {}, "required": []}
    return SPELLINGS[shape.type_name](shape, SHAPES[shape.name])


def _members(shape: Any, _raw: Any) -> dict[str, Any]:
    members = {name: modelled(member) for name, member in shape.members.items()}
    return {"members": members, "required": sorted(shape.required_members)}


SPELLINGS: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "string": lambda _, raw: {
        "text": (raw.get("min", 0), raw.get("max"), "pattern" in raw, tuple(raw.get("enum", ())))
    },
    "boolean": lambda *_: {"flag": True},
    "integer": lambda *_: {"number": False},
    "timestamp": lambda *_: {"number": True},
    "list": lambda shape, raw: {"items": modelled(shape.member), "max": raw.get("max")},
    "map": lambda shape, _: {"table": (modelled(shape.key), modelled(shape.value))},
    "structure": _members,
}


def test_the_table_names_the_models_operations() -> None:
    assert sorted(OPERATIONS) == NAMES
    assert len(OPERATIONS) == 19
    assert all(row.name == name for name, row in OPERATIONS.items())


@pytest.mark.parametrize("name", NAMES)
def test_a_request_has_the_models_members_limits_and_enums(name: str) -> None:
    assert facts(OPERATIONS[name].request) == modelled(MODEL.operation_model(name).input_shape)


@pytest.mark.parametrize("name", NAMES)
def test_a_response_has_the_models_members_limits_and_enums(name: str) -> None:
    assert facts(OPERATIONS[name].response) == modelled(MODEL.operation_model(name).output_shape)


@pytest.mark.parametrize("name", NAMES)
def test_an_operation_lists_the_models_errors(name: str) -> None:
    errors = [shape.name for shape in MODEL.operation_model(name).error_shapes]
    assert sorted(OPERATIONS[name].errors) == sorted(errors)


def test_every_modelled_error_has_a_status_and_only_faults_are_the_services() -> None:
    names = {shape.name for name in NAMES for shape in MODEL.operation_model(name).error_shapes}
    assert set(ERROR_STATUS) == names
    assert {name for name in names if SHAPES[name].get("fault")} == {
        name for name, status in ERROR_STATUS.items() if status == 500
    }


def test_the_protocols_names_are_the_models() -> None:
    assert MODEL.metadata["targetPrefix"] == DATA_PIPELINE.prefix
    assert DATA_PIPELINE.content_type == f"application/x-amz-json-{MODEL.metadata['jsonVersion']}"


@pytest.mark.parametrize(
    ("member", "op", "side"),
    [
        (DATA_PIPELINE.handout, "PollForTask", "response"),
        (DATA_PIPELINE.queue, "PollForTask", "request"),
        (DATA_PIPELINE.handle, "ReportTaskProgress", "request"),
        (DATA_PIPELINE.cancel, "ReportTaskProgress", "response"),
        (DATA_PIPELINE.runner, "ReportTaskRunnerHeartbeat", "request"),
        (DATA_PIPELINE.terminate, "ReportTaskRunnerHeartbeat", "response"),
        (DATA_PIPELINE.outcome, "SetTaskStatus", "request"),
    ],
)
def test_the_facts_of_a_lease_stand_where_the_protocol_says(member: str, op: str, side: str) -> None:
    row: Operation = OPERATIONS[op]
    assert member in (row.request if side == "request" else row.response).members


def test_roles_are_given_to_the_operations_of_a_runner_alone() -> None:
    runner = {name: row.role for name, row in OPERATIONS.items() if row.role is not Role.CONTROL}
    assert runner == {
        "PollForTask": Role.POLL,
        "ReportTaskProgress": Role.BEAT,
        "SetTaskStatus": Role.FINISH,
        "ReportTaskRunnerHeartbeat": Role.ALIVE,
        "EvaluateExpression": Role.RUNNER,
    }
    assert role("NoSuchOperation") is Role.CONTROL
    assert role("PollForTask") is Role.POLL


def test_a_task_is_gone_with_itself_or_with_its_pipeline() -> None:
    assert {"TaskNotFoundException", "PipelineNotFoundException", "PipelineDeletedException"} == GONE


@pytest.mark.parametrize(
    ("name", "rate"),
    [("PollForTask", 2), ("ReportTaskProgress", 10), ("SetTaskStatus", 10), ("ReportTaskRunnerHeartbeat", 1)],
)
def test_the_documented_rates_are_known(name: str, rate: int) -> None:
    assert OPERATIONS[name].rate == rate


def test_a_field_has_one_value_at_most() -> None:
    fields = OPERATIONS["ReportTaskProgress"].request.members["fields"]
    assert isinstance(fields, Items)
    assert isinstance(fields.of, Record)
    assert fields.of.one_of == ("stringValue", "refValue")
