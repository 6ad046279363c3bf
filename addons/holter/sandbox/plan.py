"""From a definition to the instances of one activation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from holter.sandbox.component import Component
from holter.sandbox.datetimes import moment, stamp
from holter.sandbox.definition import Definition
from holter.sandbox.expressions import evaluate_if_possible
from holter.sandbox.instance import Instance
from holter.sandbox.kinds import Kind, kind
from holter.sandbox.scope import Scope


@dataclass(frozen=True, slots=True)
class Activation:
    """One ActivatePipeline: `scheduled` is in seconds since 1970, for what has no schedule of its own."""

    pipeline: str
    definition: Definition
    scheduled: float
    version: int
    forced: bool = False

    def instances(self) -> Iterator[Instance]:
        """Make the instances: all activities, and the preconditions that they wait for."""
        for component in self._all(Kind.ACTIVITY):
            yield self._instance(component, None)
        for component in self._all(Kind.PRECONDITION):
            owner = next((one for one in self._all(Kind.ACTIVITY) if component.id in self._checks(one)), None)
            if owner is not None:
                yield self._instance(component, owner)

    def _all(self, wanted: Kind) -> Iterator[Component]:
        effective = (self.definition.effective(one.id) for one in self.definition.objects)
        return (one for one in effective if one is not None and kind(one) is wanted)

    def _instance(self, component: Component, owner: Component | None) -> Instance:
        timed = owner or component
        start, period = self._schedule(timed)
        ready = self._evaluated(component)
        return Instance(
            id=self._id(component.id, start),
            component=component,
            settings=ready,
            scheduled=start,
            period=period,
            version=self.version,
            group=self._group(ready, start) or self._group(self._evaluated(timed), start),
            needs=self._ids(timed.refs("dependsOn")),
            checks=() if owner else self._ids(self._checks(component)),
            node=self._id(owner.id, start) if owner else None,
        )

    def _evaluated(self, component: Component) -> Component:
        """Evaluate what can be before an attempt exists: periods, retries, the worker group."""
        return Scope(component, self.definition, self.definition.effective).evaluated()

    def _checks(self, activity: Component) -> tuple[str, ...]:
        inputs = (self.definition.effective(ref) for ref in activity.refs("input"))
        found = activity.refs("precondition")
        return tuple(
            dict.fromkeys((*found, *(ref for node in inputs if node for ref in node.refs("precondition"))))
        )

    def _ids(self, component_ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self._id(one, self._schedule(self._owner(one))[0]) for one in component_ids)

    def _owner(self, component_id: str) -> Component:
        """Return the component whose schedule counts: of a precondition, its activity."""
        for activity in self._all(Kind.ACTIVITY):
            if activity.id == component_id or component_id in self._checks(activity):
                return activity
        raise LookupError(component_id)

    @staticmethod
    def _id(component_id: str, start: float) -> str:
        return f"@{component_id}_{stamp(start)}"

    def _group(self, component: Component, start: float) -> str:
        """Return the worker group; `runsOn` wins, and its resource polls under a name of its own."""
        for resource in component.refs("runsOn"):
            return f"resource:{self.pipeline}_{self._id(resource, start)}"
        return component.text("workerGroup") or ""

    def _schedule(self, component: Component) -> tuple[float, float]:
        """Return when a component's first period starts and how long it lasts, in seconds."""
        for ref in component.refs("schedule"):
            schedule = self.definition.effective(ref)
            if schedule is not None:
                return self._start(schedule), schedule.seconds("period") or 0.0
        return self.scheduled, 0.0

    def _start(self, schedule: Component) -> float:
        lookup = Scope(schedule, self.definition, self.definition.effective).lookup
        text = evaluate_if_possible(schedule.text("startDateTime") or "", lookup)
        try:
            return self.scheduled if self.forced else moment(text).timestamp()
        except ValueError:
            return self.scheduled
