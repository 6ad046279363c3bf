"""The control plane: enough to put work in, watch it and stop it. Requests were held against the tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from holter.sandbox import queries, validation
from holter.sandbox.definition import Definition, definition
from holter.sandbox.instance import Instance
from holter.sandbox.pipeline import Pipeline
from holter.sandbox.refusal import RefusalError
from holter.sandbox.run import Run
from holter.sandbox.status import Phase
from holter.sandbox.tasks import Body, Handler
from holter.sandbox.world import World
from holter.wire.message import Payload


def create_pipeline(world: World, now: float, body: Body) -> Payload:
    """Create a pipeline; a repeated call gives the one that is there."""
    tags = {tag["key"]: tag["value"] for tag in body.get("tags") or ()}
    made = world.create(now, body["name"], body["uniqueId"], body.get("description") or "", tags)
    return {"pipelineId": made.id}


def validate_pipeline_definition(world: World, _now: float, body: Body) -> Payload:
    """Say what is wrong with a definition."""
    world.pipeline(body["pipelineId"])
    return validation.verdict(definition(body))


def put_pipeline_definition(world: World, _now: float, body: Body) -> Payload:
    """Keep a definition, unless something is wrong with it."""
    pipeline, given = world.pipeline(body["pipelineId"]), definition(body)
    found = validation.verdict(given)
    if not found["errored"]:
        pipeline.latest = given
    return found


def get_pipeline_definition(world: World, _now: float, body: Body) -> Payload:
    """Give the latest definition back, or the active one."""
    pipeline, version = world.pipeline(body["pipelineId"]), body.get("version") or "latest"
    if version not in ("latest", "active"):
        raise RefusalError(f"$.version: {version!r} is neither latest nor active")
    found = pipeline.latest if version == "latest" else pipeline.active
    return (found or Definition()).json()


def activate_pipeline(world: World, now: float, body: Body) -> Payload:
    """Start the pipeline's run, at `startTimestamp` if it is given."""
    pipeline = world.pipeline(body["pipelineId"])
    if pipeline.latest is None:
        raise RefusalError(f"Pipeline with id: {pipeline.id} has no definition")
    if pipeline.phase is Phase.DEACTIVATING:
        raise RefusalError(f"Pipeline with id: {pipeline.id} is still being deactivated")
    chosen = pipeline.latest.with_values(body.get("parameterValues") or ())
    wrong = validation.errors(chosen)
    if wrong:
        raise RefusalError(f"Pipeline with id: {pipeline.id} is not valid: {wrong[0].id}: {wrong[0].text}")
    world.activate(now, pipeline, chosen, body.get("startTimestamp"))
    return {}


def deactivate_pipeline(world: World, now: float, body: Body) -> Payload:
    """Start nothing any more; cancel what runs unless `cancelActive` is false."""
    pipeline = world.pipeline(body["pipelineId"])
    if pipeline.active is None:
        raise RefusalError(f"Pipeline with id: {pipeline.id} was never activated")
    pipeline.run.stop(now, cancel=body.get("cancelActive") is not False)
    world.note(now, "deactivated", pipeline=pipeline.id, name=pipeline.name)
    world.apply(now, pipeline)
    return {}


def delete_pipeline(world: World, now: float, body: Body) -> Payload:
    """Delete a pipeline and all that it runs."""
    world.delete(now, world.pipeline(body["pipelineId"]))
    return b""


def set_status(world: World, now: float, body: Body) -> Payload:
    """Pause, resume, cancel, run again or finish objects."""
    pipeline = world.pipeline(body["pipelineId"])
    if pipeline.phase is Phase.FINISHED:
        raise RefusalError(f"Pipeline with id: {pipeline.id} is FINISHED")
    if body["status"] not in _VERBS:
        raise RefusalError(f"$.status: {body['status']!r} is none of {', '.join(_VERBS)}")
    pick, verb = _VERBS[body["status"]]
    chosen = [instance for one in body["objectIds"] for instance in pick(pipeline, one)]
    for instance in chosen:
        verb(pipeline.run, now, instance)
    world.apply(now, pipeline)
    return b""


def add_tags(world: World, _now: float, body: Body) -> Payload:
    """Add or replace tags; at most ten stay (AWS API reference, AddTags)."""
    pipeline = world.pipeline(body["pipelineId"])
    tags = pipeline.tags | {tag["key"]: tag["value"] for tag in body["tags"]}
    if len(tags) > 10:
        raise RefusalError(f"$.tags: the pipeline would have {len(tags)} tags, at most 10 are allowed")
    pipeline.tags = tags
    return {}


def remove_tags(world: World, _now: float, body: Body) -> Payload:
    """Remove tags."""
    pipeline = world.pipeline(body["pipelineId"])
    pipeline.tags = {key: value for key, value in pipeline.tags.items() if key not in body["tagKeys"]}
    return {}


CONTROL_HANDLERS: Mapping[str, Handler] = {
    "ActivatePipeline": activate_pipeline,
    "AddTags": add_tags,
    "CreatePipeline": create_pipeline,
    "DeactivatePipeline": deactivate_pipeline,
    "DeletePipeline": delete_pipeline,
    "DescribeObjects": queries.describe_objects,
    "DescribePipelines": queries.describe_pipelines,
    "GetPipelineDefinition": get_pipeline_definition,
    "ListPipelines": queries.list_pipelines,
    "PutPipelineDefinition": put_pipeline_definition,
    "QueryObjects": queries.query_objects,
    "RemoveTags": remove_tags,
    "SetStatus": set_status,
    "ValidatePipelineDefinition": validate_pipeline_definition,
}


def _of_component(pipeline: Pipeline, object_id: str) -> Sequence[Instance]:
    """PAUSE and RESUME are for components (AWS API reference, SetStatus)."""
    if pipeline.component(object_id) is None:
        raise RefusalError(f"$.objectIds: {object_id!r} is no component of the pipeline")
    return [one for one in pipeline.run.instances.values() if one.component.id == object_id]


def _one_instance(pipeline: Pipeline, object_id: str) -> Sequence[Instance]:
    """The other verbs are for instances."""
    found = pipeline.run.instances.get(object_id)
    if found is None:
        raise RefusalError(f"$.objectIds: {object_id!r} is no instance of the pipeline")
    return [found]


_Pick = Callable[[Pipeline, str], Sequence[Instance]]
_Verb = Callable[[Run, float, Instance], None]

_VERBS: Mapping[str, tuple[_Pick, _Verb]] = {
    "PAUSE": (_of_component, lambda run, _now, instance: run.pause(instance)),
    "RESUME": (_of_component, lambda run, now, instance: run.resume(now, instance)),
    "TRY_CANCEL": (
        _one_instance,
        lambda run, now, instance: run.cancel(now, instance, "SetStatus TRY_CANCEL"),
    ),
    "RERUN": (_one_instance, lambda run, now, instance: run.rerun(now, instance)),
    "MARK_FINISHED": (_one_instance, lambda run, now, instance: run.mark_finished(now, instance)),
}
