"""Frozen dataclasses that are made often.

A frozen dataclass sets each member through `object.__setattr__`, which for one of many members takes eight
times as long as setting them; and a call on its way is made into several such values.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, dataclass, field, fields, make_dataclass
from typing import Any, TypeVar, dataclass_transform

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True)
def value(cls: type[_T]) -> type[_T]:
    """Make a frozen dataclass with slots of a class, as `dataclass(frozen=True, slots=True)` does.

    An instance begins as one of another class, of the same slots and not frozen. Python allows an instance
    to change its class to one of the same slots (data model, "__slots__").
    """
    frozen: Any = dataclass(frozen=True, slots=True, init=False)(cls)
    names = [member.name for member in fields(frozen)]
    draft: Any = make_dataclass(
        f"_{cls.__name__}", map(_same, fields(frozen)), slots=True, eq=False, repr=False
    )

    def new(kind: Any, /, *args: Any, **members: Any) -> Any:
        made = draft(*args, **members)
        made.__class__ = kind
        return made

    def reduce(self: Any) -> tuple[Any, tuple[Any, ...]]:
        return frozen, tuple(getattr(self, name) for name in names)

    frozen.__new__, frozen.__reduce__ = staticmethod(new), reduce
    result: type[_T] = frozen
    return result


def _same(member: Field[Any]) -> tuple[str, Any, Field[Any]]:
    factory: Any = member.default_factory
    again: Any = field(default_factory=factory) if factory is not MISSING else field(default=member.default)
    return member.name, Any, again
