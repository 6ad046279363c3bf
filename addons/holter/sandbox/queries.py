"""The operations of the control plane that only look."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from holter.sandbox.component import Component
from holter.sandbox.datetimes import stamp
from holter.sandbox.pipeline import Pipeline
from holter.sandbox.refusal import RefusalError
from holter.sandbox.tasks import Body
from holter.sandbox.world import World
from holter.wire.message import Json, Payload

PAGE = 100
MOST_NAMED = 25
MOST_SELECTORS = 10


def list_pipelines(world: World, _now: float, body: Body) -> Payload:
    """List all pipelines, a page at a time."""
    named: list[Json] = [{"id": one.id, "name": one.name} for one in world.pipelines.values()]
    return _page("pipelineIdList", named, body)


def describe_pipelines(world: World, _now: float, body: Body) -> Payload:
    """Describe pipelines by their ids."""
    _few(body["pipelineIds"], "$.pipelineIds")
    return {"pipelineDescriptionList": [_described(world.pipeline(one)) for one in body["pipelineIds"]]}


def describe_objects(world: World, _now: float, body: Body) -> Payload:
    """Describe components, instances and attempts by their ids."""
    pipeline = world.pipeline(body["pipelineId"])
    _few(body["objectIds"], "$.objectIds")
    found = [_found(pipeline, one) for one in body["objectIds"]]
    if body.get("evaluateExpressions"):
        found = [pipeline.evaluated(one) for one in found]
    return _page("pipelineObjects", [one.json() for one in found], body)


def query_objects(world: World, _now: float, body: Body) -> Payload:
    """Find components, instances or attempts by their fields."""
    pipeline = world.pipeline(body["pipelineId"])
    if body["sphere"] not in _SPHERES:
        raise RefusalError(f"$.sphere: {body['sphere']!r} is none of {', '.join(_SPHERES)}")
    selectors = (body.get("query") or {}).get("selectors") or ()
    if len(selectors) > MOST_SELECTORS:
        raise RefusalError(
            f"$.query.selectors: has {len(selectors)} items, at most {MOST_SELECTORS} are allowed"
        )
    found = (_found(pipeline, one) for one in _SPHERES[body["sphere"]](pipeline))
    ids: list[Json] = [one.id for one in found if all(_selects(selector, one) for selector in selectors)]
    return _page("ids", ids, body)


def _page(name: str, items: list[Json], body: Body) -> Payload:
    marker, limit = body.get("marker") or "0", body.get("limit") or PAGE
    if not marker.isdecimal() or int(marker) > len(items):
        raise RefusalError(f"$.marker: {marker!r} was not given out by this service")
    if limit < 1:
        raise RefusalError(f"$.limit: {limit} is not a number from 1 up")
    start, end = int(marker), int(marker) + min(limit, PAGE)
    more: dict[str, Json] = {"marker": str(end)} if end < len(items) else {}
    return {name: items[start:end], "hasMoreResults": bool(more), **more}


def _few(ids: Sequence[str], path: str) -> None:
    if len(ids) > MOST_NAMED:
        raise RefusalError(f"{path}: has {len(ids)} items, at most {MOST_NAMED} are allowed")


def _found(pipeline: Pipeline, object_id: str) -> Component:
    found = pipeline.find(object_id)
    if found is None:
        raise RefusalError(f"$.objectIds: the pipeline has no object {object_id!r}")
    return found


def _described(pipeline: Pipeline) -> Json:
    shown = {
        "@id": pipeline.id,
        "name": pipeline.name,
        "uniqueId": pipeline.unique,
        "description": pipeline.description,
        "@creationTime": stamp(pipeline.created),
        "@pipelineState": str(pipeline.phase),
        "@sphere": "PIPELINE",
    }
    return {
        "pipelineId": pipeline.id,
        "name": pipeline.name,
        "description": pipeline.description,
        "fields": [{"key": key, "stringValue": value} for key, value in shown.items()],
        "tags": [{"key": key, "value": value} for key, value in pipeline.tags.items()],
    }


def _components(pipeline: Pipeline) -> Iterator[str]:
    definition = pipeline.active or pipeline.latest
    return (one.id for one in definition.objects) if definition else iter(())


def _attempts(pipeline: Pipeline) -> Iterator[str]:
    return (attempt.id for one in pipeline.run.instances.values() for attempt in one.attempts)


_SPHERES: Mapping[str, Callable[[Pipeline], Iterator[str]]] = {
    "COMPONENT": _components,
    "INSTANCE": lambda pipeline: iter(tuple(pipeline.run.instances)),
    "ATTEMPT": _attempts,
}


def _selects(selector: Mapping[str, Any], component: Component) -> bool:
    operator = selector.get("operator") or {}
    kind, wanted, name = operator.get("type") or "EQ", operator.get("values") or (), selector.get("fieldName")
    values = component.refs(name or "") if kind == "REF_EQ" else component.texts(name or "")
    if name in ("id", "name"):
        values = (component.id if name == "id" else component.name,)
    return any(_OPERATORS[kind](value, wanted) for value in values)


_OPERATORS: Mapping[str, Callable[[str, Sequence[str]], bool]] = {
    "EQ": lambda value, wanted: value in wanted,
    "REF_EQ": lambda value, wanted: value in wanted,
    "LE": lambda value, wanted: any(_key(value) <= _key(bound) for bound in wanted),
    "GE": lambda value, wanted: any(_key(value) >= _key(bound) for bound in wanted),
    "BETWEEN": lambda value, wanted: len(wanted) == 2 and _key(wanted[0]) <= _key(value) <= _key(wanted[1]),
}


def _key(text: str) -> tuple[int, float, str]:
    """Order numbers by size, before all other texts; times of the protocol order as texts."""
    try:
        return 0, float(text), ""
    except ValueError:
        return 1, 0.0, text
