"""One pipeline: what it was created with, its definitions, and its run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from holter.sandbox.component import Component, Field, texts
from holter.sandbox.datetimes import stamp
from holter.sandbox.definition import Definition
from holter.sandbox.instance import Attempt, Instance
from holter.sandbox.plan import Activation
from holter.sandbox.run import Run
from holter.sandbox.scope import Scope
from holter.sandbox.status import ENDED, Phase, Status


@dataclass(slots=True)
class Pipeline:
    """A pipeline. `wall` turns seconds since the service began into seconds since 1970."""

    id: str
    name: str
    unique: str
    description: str
    created: float
    wall: Callable[[float], float]
    run: Run
    tags: dict[str, str] = field(default_factory=dict)
    latest: Definition | None = None
    active: Definition | None = None
    version: int = 0

    @property
    def phase(self) -> Phase:
        """Where the pipeline stands."""
        if self.active is None:
            return Phase.PENDING
        if self.run.stopping:
            return Phase.INACTIVE if self.run.over else Phase.DEACTIVATING
        ended = all(instance.status in ENDED for instance in self.run.instances.values())
        return Phase.FINISHED if ended else Phase.SCHEDULED

    @property
    def done(self) -> bool:
        """Whether it was activated and nothing of it can move any more."""
        return self.active is not None and self.run.over

    def activate(self, now: float, definition: Definition, scheduled: float | None) -> None:
        """Start a run of a definition at a schedule time; one that runs already goes on as it is."""
        self.active = definition
        if self.run.instances and not self.run.over:
            return
        self.version += 1
        start = self.wall(now) if scheduled is None else scheduled
        forced = scheduled is not None
        activation = Activation(self.id, definition, float(int(start)), self.version, forced)
        self.run.launch(now, activation.instances())

    def find(self, object_id: str) -> Component | None:
        """Return an attempt, an instance or a component with all its fields, unevaluated."""
        instance = self.run.by_attempt(object_id)
        if instance is not None and (attempt := instance.attempt(object_id)) is not None:
            return self.attempt(instance, attempt)
        if object_id in self.run.instances:
            return self.instance(self.run.instances[object_id])
        return self.component(object_id)

    def component(self, object_id: str) -> Component | None:
        """Return a component with what it inherits, and the service's own fields."""
        found = self._definition.effective(object_id)
        if found is None:
            return None
        own = {"@sphere": "COMPONENT", "@pipelineId": self.id, "@version": str(max(self.version, 1))}
        return Component(found.id, found.name, (*found.fields, *texts(own)))

    def instance(self, instance: Instance) -> Component:
        """Return an instance as the protocol shows it."""
        times = [attempt for attempt in instance.attempts if attempt.started is not None]
        ends = [attempt for attempt in instance.attempts if attempt.ended is not None]
        fields = self._common(instance, "INSTANCE", instance.status)
        fields += self._times(times[0].started if times else None, ends[-1].ended if ends else None)
        fields += texts({"cancellationReason": instance.why} if instance.why else {})
        heads = instance.attempts[-1:]
        fields += [Field("@headAttempt", attempt.id, ref=True) for attempt in heads]
        return Component(instance.id, instance.id, tuple(fields))

    def attempt(self, instance: Instance, attempt: Attempt) -> Component:
        """Return an attempt as the protocol shows it, with what its runner told."""
        fields = self._common(instance, "ATTEMPT", attempt.status)
        fields += self._times(attempt.started, attempt.ended)
        told = {one.key for one in attempt.told}
        kept = [one for one in fields if one.key not in told]
        return Component(attempt.id, attempt.id, (*kept, *attempt.told))

    def evaluated(self, component: Component) -> Component:
        """Return an object with its expressions evaluated, where that can be done."""
        return self.scope(component).evaluated()

    def scope(self, component: Component) -> Scope:
        """Return the names that an object's expressions can see."""
        return Scope(component, self._definition, self.find)

    @property
    def _definition(self) -> Definition:
        return self.active or self.latest or Definition()

    def _common(self, instance: Instance, sphere: str, status: Status) -> list[Field]:
        inherited = [one for one in instance.component.fields if one.key != "parent"]
        node = [Field("node", instance.node, ref=True)] if instance.node else []
        above = [Field("@instanceParent", instance.id, ref=True)] if sphere == "ATTEMPT" else []
        component = instance.component.id
        own = {
            "@sphere": sphere,
            "@status": str(status),
            "@version": str(instance.version),
            "@pipelineId": self.id,
            "@scheduledStartTime": stamp(instance.scheduled),
            "@scheduledEndTime": stamp(instance.scheduled + instance.period),
        }
        return [
            *inherited,
            *node,
            Field("parent", component, ref=True),
            Field("@componentParent", component, ref=True),
            *above,
            Field("@activeInstances", instance.id, ref=True),
            *texts(own),
        ]

    def _times(self, started: float | None, ended: float | None) -> list[Field]:
        named = {"@actualStartTime": started, "@actualEndTime": ended}
        return [Field(key, stamp(self.wall(at))) for key, at in named.items() if at is not None]
