"""A pipeline definition: its objects, with what they inherit, and the values of its parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from holter.sandbox.component import Component, Field, components
from holter.wire.message import Json

_OWN = frozenset({"type", "parent"})


@dataclass(frozen=True, slots=True)
class Definition:
    """What PutPipelineDefinition carries; parameters and values stay in the protocol's own shape."""

    objects: tuple[Component, ...] = ()
    parameters: tuple[Mapping[str, Any], ...] = ()
    values: tuple[Mapping[str, Any], ...] = ()

    def find(self, object_id: str) -> Component | None:
        """Return an object as it was written."""
        return next((found for found in self.objects if found.id == object_id), None)

    def effective(self, object_id: str) -> Component | None:
        """Return an object with all that it inherits: from `parent`, then from `Default`.

        A key of its own hides every inherited field of that key (developer guide, "Writing a pipeline
        definition"). A cycle of parents ends where it closes.
        """
        found = self.find(object_id)
        if found is None:
            return None
        own, seen = found, {object_id}
        while (above := self._parent(own)) is not None and above.id not in seen:
            seen.add(above.id)
            found = _inherit(found, above, frozenset({"parent"}))
            own = above
        default = self.find("Default")
        return _inherit(found, default, _OWN) if default and object_id != "Default" else found

    def parameter(self, name: str) -> tuple[str, ...]:
        """Return the values of a parameter: as given, else its default; empty where it has none."""
        given = tuple(value["stringValue"] for value in self.values if value["id"] == name)
        return given or tuple(
            attribute["stringValue"]
            for parameter in self.parameters
            if parameter["id"] == name
            for attribute in parameter["attributes"]
            if attribute["key"] == "default"
        )

    def with_values(self, values: Sequence[Mapping[str, Any]]) -> Definition:
        """Return the definition with parameter values laid over its own (ActivatePipeline)."""
        named = {value["id"] for value in values}
        kept = tuple(value for value in self.values if value["id"] not in named)
        return replace(self, values=(*kept, *values))

    def json(self) -> dict[str, Json]:
        """Return the definition as GetPipelineDefinition answers it."""
        return {
            "pipelineObjects": [found.json() for found in self.objects],
            "parameterObjects": [dict(parameter) for parameter in self.parameters],
            "parameterValues": [dict(value) for value in self.values],
        }

    def _parent(self, child: Component) -> Component | None:
        return next((self.find(ref) for ref in child.refs("parent")), None)


def definition(body: Mapping[str, Any]) -> Definition:
    """Read the definition in a request that was held against the tables."""
    return Definition(
        components(body["pipelineObjects"]),
        tuple(body.get("parameterObjects") or ()),
        tuple(body.get("parameterValues") or ()),
    )


def _inherit(child: Component, above: Component, never: frozenset[str]) -> Component:
    hidden = child.keys | never
    inherited: tuple[Field, ...] = tuple(field for field in above.fields if field.key not in hidden)
    return replace(child, fields=(*child.fields, *inherited))
