"""Conditions on the JSON of a request or an answer: a path, and what has to be found there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from holter.faults.node import Node
from holter.wire.message import Json, Payload

_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+|\*)\]")


def steps(path: str) -> tuple[str | int | None, ...]:
    """Return the steps of a path such as `$.fields[*].key`: names, numbers, None for any item.

    `ValueError` where it is no path.
    """
    rest, found = path.removeprefix("$"), list[str | int | None]()
    while rest:
        match = _STEP.match(rest)
        if match is None:
            raise ValueError(f"{path!r} is no path such as $.fields[0].key")
        name, index = match.groups()
        found.append(name or (None if index == "*" else int(index)))
        rest = rest[match.end() :]
    return tuple(found)


def values(body: Payload, path: tuple[str | int | None, ...]) -> Iterator[Json]:
    """Yield what stands at a path."""
    if isinstance(body, bytes):
        return
    if not path:
        yield body
        return
    step, rest = path[0], path[1:]
    if step is None and isinstance(body, list):
        for item in body:
            yield from values(item, rest)
    elif isinstance(body, list):
        if isinstance(step, int) and step < len(body):
            yield from values(body[step], rest)
    elif isinstance(step, str) and isinstance(body, dict) and step in body:
        yield from values(body[step], rest)


@dataclass(frozen=True, slots=True)
class Test:
    """One condition; `how` is a word of `TESTS`. It holds where any value at the path fits."""

    path: tuple[str | int | None, ...]
    how: str
    value: Json

    def holds(self, body: Payload) -> bool:
        """Tell whether a body meets it."""
        if self.how == "present":
            return any(True for _ in values(body, self.path)) is self.value
        fits = TESTS[self.how].fits
        return any(fits(found, self.value) for found in values(body, self.path))


@dataclass(frozen=True, slots=True)
class How:
    """A way to compare: what it means, how it decides, and what it compares with."""

    means: str
    fits: Callable[[Any, Any], bool]
    read: Callable[[Node], Json]


def _pattern(node: Node) -> str:
    try:
        re.compile(node.text())
    except re.error as why:
        raise node.wrong(f"is no regular expression: {why}") from None
    return node.text()


def _flag(node: Node) -> bool:
    if not isinstance(node.value, bool):
        raise node.wrong(f"must be true or false, not {node.said}")
    return node.value


def _number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _same(found: Json, wanted: Json) -> bool:
    return found == wanted and isinstance(found, bool) is isinstance(wanted, bool)


TESTS: Mapping[str, How] = MappingProxyType(
    {
        "is": How("equals this JSON value", _same, Node.json),
        "not": How("differs from this JSON value", lambda found, value: not _same(found, value), Node.json),
        "matches": How(
            "is a text in which this regular expression is found",
            lambda found, value: isinstance(found, str) and re.search(value, found) is not None,
            _pattern,
        ),
        "above": How(
            "is a number above this", lambda found, value: _number(found) and found > value, Node.number
        ),
        "below": How(
            "is a number below this", lambda found, value: _number(found) and found < value, Node.number
        ),
        "present": How("stands there at all (true), or does not (false)", lambda _found, _value: True, _flag),
    }
)


def read(node: Node) -> tuple[Test, ...]:
    """Read a mapping of paths to values, or to one way of comparing each."""
    return tuple(_test(path, wanted) for path, wanted in node.mapping().items())


def _test(path: str, wanted: Node) -> Test:
    try:
        found = steps(path)
    except ValueError as why:
        raise wanted.wrong(str(why)) from None
    if not isinstance(wanted.value, dict):
        return Test(found, "is", wanted.json())
    members = wanted.mapping(TESTS, "comparison")
    if len(members) != 1:
        raise wanted.wrong(f"must hold one comparison, not {len(members)}")
    ((how, node),) = members.items()
    return Test(found, how, TESTS[how].read(node))
