"""Frozen dataclasses, and named tuples, that are made often.

A frozen dataclass sets each member through `object.__setattr__`, which for one of many members takes eight
times as long as setting them; and a call on its way is made into several such values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any, TypeVar, dataclass_transform

_T = TypeVar("_T")
_NO_MEMBER = object()

made: Callable[[type[_T], tuple[object, ...]], _T] = tuple.__new__  # type: ignore[assignment]  # of a tuple
"""Makes a named tuple of all its members, in half the time that its class takes for it."""


@dataclass_transform(frozen_default=True)
def value(cls: type[_T]) -> type[_T]:
    """Make a frozen dataclass with slots of a class, as `dataclass(frozen=True, slots=True)` does.

    An instance begins as one of another class, of the same slots and not frozen. Python allows an instance
    to change its class to one of the same slots (data model, "__slots__").
    """
    frozen: Any = dataclass(frozen=True, slots=True, init=False)(cls)
    names = [member.name for member in fields(frozen)]

    def reduce(self: Any) -> tuple[Any, tuple[Any, ...]]:
        return frozen, tuple(getattr(self, name) for name in names)

    frozen.__new__, frozen.__reduce__ = staticmethod(_constructor(frozen)), reduce
    result: type[_T] = frozen
    return result


def _constructor(frozen: Any) -> Callable[..., Any]:
    """Write the `__new__` of a class, as dataclasses write `__init__`: one function that sets all members."""
    members = fields(frozen)
    draft = type(f"_{frozen.__name__}", (), {"__slots__": tuple(member.name for member in members)})
    scope: dict[str, Any] = {"__draft": draft, "__create": object.__new__, "__missing": _NO_MEMBER}
    for member in members:
        scope[f"__given_{member.name}"] = member.default_factory
        scope[f"__usual_{member.name}"] = member.default if member.default is not MISSING else _NO_MEMBER
    exec("\n".join(_written(members)), scope)  # noqa: S102 - of names of members alone
    constructor: Callable[..., Any] = scope["__new__"]
    return constructor


def _written(members: tuple[Field[Any], ...]) -> Iterator[str]:
    yield f"def __new__(__kind, {', '.join(map(_parameter, members))}):"
    yield "    __made = __create(__draft)"
    for member in members:
        name, said = member.name, member.name
        if member.default_factory is not MISSING:
            said = f"__given_{name}() if {name} is __missing else {name}"
        yield f"    __made.{name} = {said}"
    yield "    __made.__class__ = __kind"
    yield "    return __made"


def _parameter(member: Field[Any]) -> str:
    required = member.default is MISSING and member.default_factory is MISSING
    return member.name if required else f"{member.name}=__usual_{member.name}"
