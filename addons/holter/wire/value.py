"""Classes of plain members: all that dataclasses with slots are, and quick to define and to make.

A program that starts often pays each time for every class that it defines. A dataclass compiles up to seven
methods as it is defined, which takes ten times as long as the class itself. Here methods are shared or mere
closures, but for the one that takes the members: that is compiled when the first instance is made.

A frozen dataclass also sets each member through `object.__setattr__`, which for one of many members takes
eight times as long as setting them, and a call on its way is made into several such values.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field
from operator import attrgetter
from typing import Any, NoReturn, TypeAlias, TypeVar, dataclass_transform

_T = TypeVar("_T")
_Members: TypeAlias = dict[str, Any]
"""Members by their names, each a field as `dataclasses` has it."""


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(cls: type[_T]) -> type[_T]:
    """Make a class whose members never change, as `dataclass(frozen=True, slots=True)` does.

    `TypeError` where there is more to it: bases, `__post_init__`, members that are not given when one is
    made or by name alone, and defaults that can change.

    An instance begins as one of another class, of the same slots and not frozen. Python allows an instance
    to change its class to one of the same slots (data model, "__slots__").
    """

    def new(kind: Any, /, *given: Any, **named: Any) -> Any:
        draft = type(f"_{cls.__name__}", cls.__bases__, {"__slots__": tuple(members)})
        made.__new__ = staticmethod(_compiled(made, members, draft))
        return made.__new__(kind, *given, **named)

    members = _members(cls)
    made: Any = _slotted(cls, members, {"__new__": new, **_frozen(members)})
    result: type[_T] = made
    return result


@dataclass_transform(field_specifiers=(field,))
def state(cls: type[_T]) -> type[_T]:
    """Make a class whose members change, as `dataclass(slots=True)` does; `TypeError` as from `value`."""

    def init(self: Any, /, *given: Any, **named: Any) -> None:
        made.__init__ = _compiled(made, members)
        made.__init__(self, *given, **named)

    members = _members(cls)
    made: Any = _slotted(cls, members, {"__init__": init, "__hash__": None})
    result: type[_T] = made
    return result


def _members(cls: type) -> _Members:
    said = vars(cls)
    defaults = {name: said.get(name, MISSING) for name in said.get("__annotations__", ())}
    members = {name: it if isinstance(it, Field) else field(default=it) for name, it in defaults.items()}
    if cls.__bases__ != (object,) or "__post_init__" in said or not all(map(_is_plain, members.values())):
        raise TypeError(f"{cls.__qualname__} has more than plain members, which `dataclass` is for")
    return members


def _is_plain(member: Field[Any]) -> bool:
    """Tell whether a member is given by its place or name, and shares nothing that can change."""
    return member.init and member.kw_only is not True and member.default.__class__.__hash__ is not None


def _slotted(cls: Any, members: _Members, methods: dict[str, Any]) -> Any:
    """Return a class anew, with slots for its members; what it defines itself comes before these methods."""
    own = {name: it for name, it in vars(cls).items() if name not in (*members, "__dict__", "__weakref__")}
    names = tuple(members)
    common = {
        "__slots__": names,
        "__match_args__": names,
        "__eq__": _eq(members),
        "__repr__": _repr(members),
        "__dataclass_fields__": _Fields(cls, members),
    }
    anew = type(cls)(cls.__name__, cls.__bases__, {**common, **methods, **own})
    anew.__qualname__ = cls.__qualname__
    return anew


def _eq(members: _Members) -> Callable[[Any, object], bool]:
    compared = _compared(members)

    def eq(self: Any, other: object) -> bool:
        same: bool = NotImplemented
        if other.__class__ is self.__class__:
            same = compared(self) == compared(other)
        return same

    return eq


def _compared(members: _Members) -> Callable[[Any], Any]:
    """Return what gives those members of an instance by which it is compared."""
    names = [name for name, member in members.items() if member.compare]
    return attrgetter(*names) if names else lambda _: ()


def _repr(members: _Members) -> Callable[[Any], str]:
    def text(self: Any) -> str:
        shown = (f"{name}={getattr(self, name)!r}" for name, member in members.items() if member.repr)
        return f"{type(self).__qualname__}({', '.join(shown)})"

    return text


def _frozen(members: _Members) -> dict[str, Any]:
    """Return the methods of a class whose members never change."""
    compared = _compared(members)

    def reduce(self: Any) -> tuple[Any, tuple[Any, ...]]:
        return type(self), tuple(getattr(self, name) for name in members)

    return {
        "__hash__": lambda self: hash(compared(self)),
        "__reduce__": reduce,
        "__setattr__": _Frozen.__setattr__,
        "__delattr__": _Frozen.__delattr__,
    }


class _Frozen:
    def __setattr__(self, name: str, to: object) -> NoReturn:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise FrozenInstanceError(f"cannot delete field {name!r}")


class _Fields:
    """What lets `dataclasses` know a class, and `replace` and `asdict` with it: made when they ask for it."""

    def __init__(self, cls: type, members: _Members) -> None:
        said = vars(cls).get("__annotations__", {})
        self._namespace = {"__doc__": "As another class.", "__annotations__": said, **members}

    def __get__(self, instance: object, owner: Any) -> dict[str, Field[Any]]:
        known: Any = dataclass(init=False, repr=False, eq=False)(type(owner.__name__, (), self._namespace))
        owner.__dataclass_params__ = known.__dataclass_params__
        owner.__dataclass_fields__ = fields = known.__dataclass_fields__
        return fields  # type: ignore[no-any-return]


def _compiled(cls: type, members: _Members, draft: type | None = None) -> Any:
    """Return `__init__` of a class, or with a class to begin with, `__new__`.

    What is no member begins with two underlines, so that a member may have any name.
    """
    known: dict[str, Any] = {"__new": object.__new__, "__draft": draft}
    taken, lines = ["__kind" if draft else "__made", "/"], ["__made = __new(__draft)"] if draft else []
    for name, member in members.items():
        known[f"__default_{name}"] = member.default
        known[f"__make_{name}"] = make = member.default_factory
        optional = make is not MISSING or member.default is not MISSING
        taken.append(f"{name}=__default_{name}" if optional else name)
        absent = f"__make_{name}() if {name} is __default_{name} else " if make is not MISSING else ""
        lines.append(f"__made.{name} = {absent}{name}")
    lines += ["__made.__class__ = __kind", "return __made"] if draft else ["return None"]
    name = "__new__" if draft else "__init__"
    exec(f"def {name}({', '.join(taken)}):\n  " + "\n  ".join(lines), known)  # noqa: S102 - only members' names
    known[name].__qualname__ = f"{cls.__qualname__}.{name}"
    return known[name]
