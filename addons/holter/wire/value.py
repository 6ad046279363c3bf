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

    While its members are set, an instance is of another class, of the same slots and not frozen. Python
    allows an instance to change its class to one of the same slots (data model, "__slots__").
    """
    frozen: Any = dataclass(frozen=True, slots=True)(cls)
    draft: Any = make_dataclass(f"_{cls.__name__}", map(_same, fields(frozen)), slots=True, eq=False)
    become, fill = object.__setattr__, draft.__init__

    def begin(self: Any, *args: Any, **members: Any) -> None:
        become(self, "__class__", draft)
        try:
            fill(self, *args, **members)
        finally:
            self.__class__ = frozen

    frozen.__init__ = begin
    made: type[_T] = frozen
    return made


def _same(member: Field[Any]) -> tuple[str, Any, Field[Any]]:
    factory: Any = member.default_factory
    again: Any = field(default_factory=factory) if factory is not MISSING else field(default=member.default)
    return member.name, Any, again
