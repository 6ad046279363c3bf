"""The shapes a member of a message can have, with the limits that the service's model gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TypeAlias

from holter.wire.value import value


@value
class Text:
    """A string. `legal` restricts it to the characters that the service's pattern allows."""

    min: int = 0
    max: int | None = None
    legal: bool = True
    enum: tuple[str, ...] = ()


@value
class Flag:
    """A boolean."""


@value
class Number:
    """An integer, or with `time` a timestamp in seconds since 1970 that may have a fraction."""

    time: bool = False


@value
class Items:
    """A list."""

    of: Shape
    max: int | None = None


@value
class Table:
    """A map from string to value."""

    key: Text
    value: Shape


@value
class Record:
    """A structure. `one_of` names members of which at most one may be given."""

    members: Mapping[str, Shape] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()


Shape: TypeAlias = Text | Flag | Number | Items | Table | Record
