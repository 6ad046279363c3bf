"""A message held against the tables: where it is wrong, what is wrong, what was perhaps meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from holter.wire.message import Json, Payload
from holter.wire.near import near
from holter.wire.regex import regex
from holter.wire.shapes import Flag, Items, Number, Record, Shape, Table, Text
from holter.wire.value import value

ILLEGAL = regex("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What texts may not hold. (Spelled as all but what they may, it would take ten times as long to compile.)"""


@value
class Problem:
    """One thing that is wrong with a message, at a JSON path such as `$.fields[2].key`."""

    path: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}: {self.text}"


def check(body: Payload, shape: Shape) -> tuple[Problem, ...]:
    """Return everything that is wrong with a body, in document order."""
    if isinstance(body, bytes):
        return (Problem("$", "is empty" if not body else "is not JSON"),)
    return tuple(_check(shape, body, "$"))


def _check(shape: Shape, value: Json, path: str) -> Iterator[Problem]:
    return _CHECKS[type(shape)](shape, value, path)


def _text(shape: Text, value: Json, path: str) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield Problem(path, f"must be a string, not {_kind(value)}")
        return
    if shape.enum and value not in shape.enum:
        yield Problem(path, f"{value!r} is none of {', '.join(shape.enum)}{_meant(value, shape.enum)}")
    if len(value) < shape.min:
        yield Problem(path, f"has {len(value)} characters, needs at least {shape.min}")
    if shape.max is not None and len(value) > shape.max:
        yield Problem(path, f"has {len(value)} characters, at most {shape.max} are allowed")
    if shape.legal and (found := ILLEGAL.search(value)):
        yield Problem(path, f"holds the illegal character U+{ord(found[0]):04X} at {found.start()}")


def _flag(_shape: Flag, value: Json, path: str) -> Iterator[Problem]:
    if not isinstance(value, bool):
        yield Problem(path, f"must be true or false, not {_kind(value)}")


def _number(shape: Number, value: Json, path: str) -> Iterator[Problem]:
    if isinstance(value, bool) or not isinstance(value, (int, float) if shape.time else int):
        wanted = "a number" if shape.time else "a whole number"
        yield Problem(path, f"must be {wanted}, not {value if isinstance(value, float) else _kind(value)}")


def _items(shape: Items, value: Json, path: str) -> Iterator[Problem]:
    if not isinstance(value, list):
        yield Problem(path, f"must be a list, not {_kind(value)}")
        return
    if shape.max is not None and len(value) > shape.max:
        yield Problem(path, f"has {len(value)} items, at most {shape.max} are allowed")
    for index, item in enumerate(value):
        yield from _check(shape.of, item, f"{path}[{index}]")


def _table(shape: Table, value: Json, path: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem(path, f"must be an object, not {_kind(value)}")
        return
    for key, item in value.items():
        yield from _check(shape.key, key, f"{path} key {key!r}")
        yield from _check(shape.value, item, f"{path}[{key!r}]")


def _record(shape: Record, value: Json, path: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem(path, f"must be an object, not {_kind(value)}")
        return
    yield from _names(shape, value, path)
    for name, member in shape.members.items():
        if value.get(name) is not None:
            yield from _check(member, value[name], f"{path}.{name}")


_CHECKS: dict[type[Shape], Callable[[Any, Json, str], Iterator[Problem]]] = {
    Text: _text, Flag: _flag, Number: _number, Items: _items, Table: _table, Record: _record,
}  # fmt: skip


def _names(shape: Record, value: dict[str, Json], path: str) -> Iterator[Problem]:
    for name in value:
        if name not in shape.members:
            yield Problem(f"{path}.{name}", f"is unknown{_meant(name, tuple(shape.members))}")
    for name in shape.required:
        if value.get(name) is None:
            yield Problem(f"{path}.{name}", "is missing")
    given = [name for name in shape.one_of if value.get(name) is not None]
    if len(given) > 1:
        yield Problem(path, f"has {' and '.join(given)}, only one of them is allowed")


def _meant(word: str, words: tuple[str, ...]) -> str:
    guess = near(word, words)
    return f" (did you mean {guess}?)" if guess else ""


def _kind(value: Json) -> str:
    kinds = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", type(None): "null"}
    return kinds.get(type(value), "a number")
