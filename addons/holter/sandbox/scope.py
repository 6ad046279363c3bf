"""What a name means in an expression: a field of the object, of one it refers to, or a parameter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from holter.sandbox.component import Component, Field
from holter.sandbox.definition import Definition
from holter.sandbox.expressions import Lookup, evaluate_if_possible

_VERBATIM = frozenset({"type", "@sphere", "@status"})


@dataclass(frozen=True, slots=True)
class Scope:
    """The names that one object can see; `find` gives any object of the pipeline by its id."""

    object: Component
    definition: Definition
    find: Callable[[str], Component | None]

    def lookup(self, path: tuple[str, ...]) -> tuple[str, Lookup] | None:
        """Return the raw text of a path and the lookup of the object on which it stands."""
        first, *rest = path
        if rest:
            return self._follow(first, tuple(rest))
        if first in ("id", "@id", "name", "@name"):
            return (self.object.name if first.endswith("name") else self.object.id), self.lookup
        texts = self.object.texts(first) or self.object.refs(first) or self.definition.parameter(first)
        return (",".join(texts), self.lookup) if texts else None

    def evaluated(self) -> Component:
        """Return the object with its texts evaluated; what cannot be is left as it is.

        References, ids, names, types and spheres are used verbatim (developer guide, "Expressions").
        """
        return replace(self.object, fields=tuple(self._evaluated(field) for field in self.object.fields))

    def _evaluated(self, field: Field) -> Field:
        if field.ref or field.key in _VERBATIM or "#{" not in field.value:
            return field
        return replace(field, value=evaluate_if_possible(field.value, self.lookup))

    def _follow(self, key: str, rest: tuple[str, ...]) -> tuple[str, Lookup] | None:
        for ref in self.object.refs(key):
            target = self.find(ref)
            if target is not None:
                return replace(self, object=target).lookup(rest)
        return None
