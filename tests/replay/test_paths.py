from __future__ import annotations

import copy

import pytest

from holter.replay.paths import below, parse, spelled, without
from holter.wire.message import Json
from holter.wire.operations import OPERATIONS

POLL, BEAT, PUT = (
    OPERATIONS[op].request for op in ("PollForTask", "ReportTaskProgress", "PutPipelineDefinition")
)


@pytest.mark.parametrize(
    ("text", "shape", "path"),
    [
        ("hostname", POLL, ("hostname",)),
        ("$.hostname", POLL, ("hostname",)),
        ("instanceIdentity.document", POLL, ("instanceIdentity", "document")),
        ("fields[].stringValue", BEAT, ("fields", "[]", "stringValue")),
        ("pipelineObjects[].fields[].key", PUT, ("pipelineObjects", "[]", "fields", "[]", "key")),
    ],
)
def test_a_path_is_read_and_written_the_same(text: str, shape: object, path: tuple[str, ...]) -> None:
    assert parse(text, shape) == path  # type: ignore[arg-type]  # a shape
    assert spelled(path) == text.removeprefix("$.")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hostnam", "'hostnam' is none of workerGroup, hostname, instanceIdentity"),
        ("instanceIdentity.x", "'x' is none of document, signature"),
        ("hostname.x", "'x' is none of nothing"),
        ("hostname[]", "'[]' is none of nothing"),
        ("", "is no path"),
        ("a..b", "is no path"),
        ("[]", "is no path"),
        ("$", "is no path"),
        ("a[0]", "is no path"),
    ],
)
def test_a_path_that_leads_nowhere_is_refused_with_what_is_allowed(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"is no path|leads nowhere") as refused:
        parse(text, POLL)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("path", "value", "left"),
    [
        (("a",), {"a": 1, "b": 2}, {"b": 2}),
        (("a",), {"b": 2}, {"b": 2}),
        (("a", "b"), {"a": {"b": 1, "c": 2}}, {"a": {"c": 2}}),
        (("a", "b"), {"a": 5}, {"a": 5}),
        (("a", "[]"), {"a": [1, 2]}, {"a": []}),
        (("a", "[]", "b"), {"a": [{"b": 1}, {"c": 2}, 3]}, {"a": [{}, {"c": 2}, 3]}),
        (("a", "[]", "b"), {"a": {"x": {"b": 1}, "y": {"c": 2}}}, {"a": {"x": {}, "y": {"c": 2}}}),
        (("a", "[]"), {"a": {"x": 1}}, {"a": {}}),
        (("a", "[]"), {"a": 5}, {"a": 5}),
        ((), 5, 5),
    ],
)
def test_what_a_path_leads_to_is_left_out_of_a_copy(path: tuple[str, ...], value: Json, left: Json) -> None:
    before = copy.deepcopy(value)
    assert without(value, path) == left
    assert value == before


def test_steps_of_every_shape_lead_on() -> None:
    for row in OPERATIONS.values():
        waiting = list(below(row.request).values())
        assert all(isinstance(below(shape), dict) for shape in waiting)
