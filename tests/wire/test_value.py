from __future__ import annotations

import copy
import dataclasses
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import holter
from holter.wire.value import state, value


@value
class Point:
    """A point."""

    x: float
    y: float = 0.0
    names: list[str] = dataclasses.field(default_factory=list)


@state
class Place:
    """A place."""

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
either = pytest.mark.parametrize("kind", [Point, Place])


@either
@pytest.mark.parametrize(("positional", "named"), GIVEN)
def test_it_is_as_a_dataclass(
    kind: Callable[..., Any], positional: tuple[Any, ...], named: dict[str, Any]
) -> None:
    made, plain = kind(*positional, **named), Ordinary(*positional, **named)
    assert type(made) is kind
    assert dataclasses.asdict(made) == dataclasses.asdict(plain)
    assert repr(made) == repr(plain).replace("Ordinary", made.__class__.__name__)
    assert made == kind(*positional, **named) != kind(9.0)
    assert made != plain
    assert dataclasses.replace(made, y=5.0) == kind(made.x, 5.0, made.names)
    assert copy.deepcopy(made) == copy.copy(made) == pickle.loads(pickle.dumps(made)) == made


def test_a_value_is_frozen_and_has_nothing_else() -> None:
    point = Point(1.0)
    with pytest.raises(dataclasses.FrozenInstanceError, match="'x'"):
        point.x = 2.0  # type: ignore[misc]  # what is tested
    with pytest.raises(dataclasses.FrozenInstanceError, match="'x'"):
        del point.x
    assert not hasattr(point, "__dict__")


def test_a_state_changes_and_has_nothing_else() -> None:
    place = Place(1.0)
    place.x = 2.0
    assert place == Place(2.0)
    with pytest.raises(AttributeError):
        place.z = 1.0  # type: ignore[attr-defined]  # what is tested


@either
def test_defaults_are_not_shared(kind: Callable[..., Any]) -> None:
    kind(1.0).names.append("a")
    assert kind(1.0).names == []


@either
@pytest.mark.parametrize(("positional", "named"), [((), {}), ((1, 2, [], 4), {}), ((1,), {"z": 1})])
def test_wrong_members_are_refused(
    kind: Callable[..., Any], positional: tuple[Any, ...], named: dict[str, Any]
) -> None:
    with pytest.raises(TypeError):
        kind(*positional, **named)


@value
class _Odd:
    """Members with the names that the code has which takes them, or has not."""

    cls: str
    kind: str
    self: str = ""
    made: str = ""


@state
class _OddToo:
    cls: str
    kind: str
    self: str = ""
    made: str = ""


@pytest.mark.parametrize("kind", [_Odd, _OddToo])
def test_a_member_may_have_any_name(kind: Callable[..., Any]) -> None:
    for _ in range(2):  # the first of a class is made in another way
        odd = kind("a", kind="b", self="c", made="d")
        assert (odd.cls, odd.kind, odd.self, odd.made) == ("a", "b", "c", "d")


@value
class _Key:
    name: str
    said: str = dataclasses.field(default="", compare=False)
    secret: str = dataclasses.field(default="", repr=False)

    @property
    def short(self) -> str:
        """A part."""
        return self.name[:1]

    def __str__(self) -> str:
        return f"<{self.name}>"


def test_members_are_left_out_of_comparison_and_of_the_text_as_fields_say() -> None:
    assert {_Key("a", "here"): 1}[_Key("a", "there")] == 1
    assert _Key("a", secret="b") != _Key("a", secret="c")
    assert repr(_Key("a", "b", "c")) == "_Key(name='a', said='b')"


def test_what_a_class_defines_stays() -> None:
    assert (str(_Key("abc")), _Key("abc").short, _Key.__module__) == ("<abc>", "a", __name__)
    assert Point.__doc__ == "A point."


def test_a_value_is_hashed_by_its_members_and_a_state_is_not() -> None:
    assert hash(_Key("a")) == hash(_Key("a")) != hash(_Key("b"))
    with pytest.raises(TypeError):
        hash(Place(1.0))


class _Outer:
    @value
    class Inner:
        """A value that is defined in another class."""

        x: int = 1

    @state
    class Changing:
        """Another."""

        x: int = 1


@pytest.mark.parametrize("kind", [_Outer.Inner, _Outer.Changing])
def test_a_class_in_another_is_found_by_its_whole_name(kind: Callable[..., Any]) -> None:
    made = kind()
    assert repr(made) == f"{kind.__qualname__}(x=1)"
    assert kind.__qualname__.startswith("_Outer.")
    assert pickle.loads(pickle.dumps(made)) == made


@value
class _Nothing:
    """No members."""


def test_a_value_may_have_no_members() -> None:
    assert _Nothing() == _Nothing()
    assert len({_Nothing(), _Nothing()}) == 1
    assert repr(_Nothing()) == "_Nothing()"


def test_a_class_is_known_to_dataclasses_before_the_first_of_it_is_made() -> None:
    @value
    class Fresh:
        a: int
        b: int = 2

    assert dataclasses.is_dataclass(Fresh)
    assert [(field.name, field.default) for field in dataclasses.fields(Fresh)][1:] == [("b", 2)]


def test_members_are_matched_by_their_places() -> None:
    match Point(1.0, 2.0):
        case Point(x, y):
            assert (x, y) == (1.0, 2.0)


def test_to_define_a_class_compiles_nothing() -> None:
    code = (
        "import sys\n"
        "from holter.wire.value import state, value\n"
        "compiled = []\n"
        "sys.addaudithook(lambda event, given: event == 'compile' and compiled.append(given))\n"
        "@value\n"
        "class A: x: int = 1\n"
        "@state\n"
        "class B: x: int = 1\n"
        "assert not compiled\n"
        "A(), A(), B(), B()\n"
        "assert len(compiled) == 2, compiled\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(Path(holter.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr


@state
class _Own:
    name: str

    __eq__, __hash__ = object.__eq__, object.__hash__


def test_a_class_may_compare_as_it_likes() -> None:
    one = _Own("a")
    assert one != _Own("a")
    assert {one: 1}[one] == 1


def _shared(make: Callable[[type], object]) -> None:
    @make
    class Odd:
        names: list[str] = []  # noqa: RUF012 - what is tested


def _derived(make: Callable[[type], object]) -> None:
    @make
    class Odd(Point):
        z: float


def _checked(make: Callable[[type], object]) -> None:
    @make
    class Odd:
        x: int

        def __post_init__(self) -> None:
            """Never called."""


def _hidden(make: Callable[[type], object]) -> None:
    @make
    class Odd:
        x: int = dataclasses.field(default=0, init=False)


def _by_name(make: Callable[[type], object]) -> None:
    @make
    class Odd:
        x: int = dataclasses.field(kw_only=True)


@pytest.mark.parametrize("make", [value, state])
@pytest.mark.parametrize("define", [_shared, _derived, _checked, _hidden, _by_name])
def test_what_is_more_than_plain_members_is_refused(
    define: Callable[[Any], None], make: Callable[[type], object]
) -> None:
    with pytest.raises(TypeError, match="more than plain members"):
        define(make)
