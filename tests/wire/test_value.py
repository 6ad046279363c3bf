from __future__ import annotations

import copy
import dataclasses
import pickle
from typing import Any

import pytest

from holter.wire.value import value


@value
class Point:
    """A point."""

    x: float
    y: float = 0.0
    names: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True, slots=True)
class Ordinary:
    x: float
    y: float = 0.0
    names: list[str] = dataclasses.field(default_factory=list)


GIVEN: tuple[tuple[tuple[Any, ...], dict[str, Any]], ...] = (
    ((1.0,), {}),
    ((1.0, 2.0), {}),
    ((), {"y": 3.0, "x": 1.0}),
    ((1.0,), {"names": ["a"]}),
)


@pytest.mark.parametrize(("positional", "named"), GIVEN)
def test_it_is_as_a_frozen_dataclass(positional: tuple[Any, ...], named: dict[str, Any]) -> None:
    made, plain = Point(*positional, **named), Ordinary(*positional, **named)
    assert type(made) is Point
    assert dataclasses.asdict(made) == dataclasses.asdict(plain)
    assert repr(made) == repr(plain).replace("Ordinary", "Point")
    assert made == Point(*positional, **named) != Point(9.0)
    assert dataclasses.replace(made, y=5.0) == Point(made.x, 5.0, made.names)
    assert copy.deepcopy(made) == pickle.loads(pickle.dumps(made)) == made


def test_it_is_frozen_and_has_nothing_else() -> None:
    point = Point(1.0)
    with pytest.raises(dataclasses.FrozenInstanceError):
        point.x = 2.0  # type: ignore[misc]  # what is tested
    with pytest.raises(dataclasses.FrozenInstanceError):
        del point.x
    assert not hasattr(point, "__dict__")


def test_defaults_are_not_shared() -> None:
    Point(1.0).names.append("a")
    assert Point(1.0).names == []


@pytest.mark.parametrize(("positional", "named"), [((), {}), ((1, 2, [], 4), {}), ((1,), {"z": 1})])
def test_wrong_members_are_refused(positional: tuple[Any, ...], named: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        Point(*positional, **named)


@value
class _Kinded:
    kind: str


def test_a_member_may_have_any_name() -> None:
    assert _Kinded(kind="a").kind == "a"
