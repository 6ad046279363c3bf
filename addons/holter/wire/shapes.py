"""The shapes a member of a message can have, with the limits that the service's model gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Text:
    """A string. `legal` restricts it to the characters that the service's pattern allows."""

    min: int = 0
    max: int | None = None
    legal: bool = True
    enum: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flag:
    """A boolean."""


@dataclass(frozen=True, slots=True)
class Number:
    """An integer, or with `time` a timestamp in seconds since 1970 that may have a fraction."""

    time: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    of: Shape
    max: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A map from string to value."""

    key: Text
    value: Shape


@dataclass(frozen=True, slots=True)
class Record:
    """A structure. `one_of` names members of which at most one may be given."""

    members: Mapping[str, Shape] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()


Shape: TypeAlias = Text | Flag | Number | Items | Table | Record
