"""An object of a pipeline: an id, a name and fields, each holding a text or a reference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from holter.wire import period
from holter.wire.message import Json


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `value` is a text, or with `ref` the id of another object."""

    key: str
    value: str
    ref: bool = False

    def json(self) -> Json:
        """Return the field as the protocol writes it."""
        return {"key": self.key, "refValue" if self.ref else "stringValue": self.value}


@dataclass(frozen=True, slots=True)
class Component:
    """One PipelineObject. A key may stand more than once: such fields are a list."""

    id: str
    name: str
    fields: tuple[Field, ...] = ()

    def texts(self, key: str) -> tuple[str, ...]:
        """Return all texts under a key."""
        return tuple(field.value for field in self.fields if field.key == key and not field.ref)

    def text(self, key: str) -> str | None:
        """Return the first text under a key."""
        return next(iter(self.texts(key)), None)

    def refs(self, *keys: str) -> tuple[str, ...]:
        """Return all references under the keys."""
        return tuple(field.value for field in self.fields if field.key in keys and field.ref)

    def seconds(self, key: str) -> float | None:
        """Return a field's period in seconds, None where it is missing or no plain period."""
        text = self.text(key)
        return None if text is None else period.seconds(text)

    def number(self, key: str) -> int | None:
        """Return a field's whole number, None where it is missing or none."""
        text = (self.text(key) or "").strip()
        return int(text) if text.isdecimal() else None

    @property
    def keys(self) -> frozenset[str]:
        """The keys of all fields."""
        return frozenset(field.key for field in self.fields)

    def json(self) -> Json:
        """Return the object as the protocol writes it."""
        return {"id": self.id, "name": self.name, "fields": [field.json() for field in self.fields]}


def component(body: Mapping[str, Any]) -> Component:
    """Read a PipelineObject that was held against the tables."""
    return Component(body["id"], body["name"], fields(body["fields"]))


def components(bodies: Iterable[Mapping[str, Any]]) -> tuple[Component, ...]:
    """Read a list of PipelineObjects."""
    return tuple(component(body) for body in bodies)


def texts(values: Mapping[str, str]) -> tuple[Field, ...]:
    """Return a mapping as text fields."""
    return tuple(Field(key, value) for key, value in values.items())


def fields(bodies: Iterable[Mapping[str, Any]]) -> tuple[Field, ...]:
    """Read a list of Fields."""
    return tuple(_field(body) for body in bodies)


def _field(body: Mapping[str, Any]) -> Field:
    if body.get("refValue") is not None:
        return Field(body["key"], body["refValue"], ref=True)
    return Field(body["key"], body.get("stringValue") or "")
