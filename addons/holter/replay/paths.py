"""Paths into a message, as `match_on` writes them: `hostname`, `query.selectors`, `fields[].stringValue`.

`[]` stands for every item of a list and every value of a map. A leading `$.` may be written.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from holter.wire.message import Json
from holter.wire.regex import regex
from holter.wire.shapes import Items, Record, Shape, Table

Path: TypeAlias = tuple[str, ...]
"""The steps of a path; `[]` is one of them."""

EACH = "[]"
_STEP = regex(r"([A-Za-z_]\w*)((?:\[\])*)", re.ASCII)


def parse(text: str, shape: Shape) -> Path:
    """Read a path and hold it against a message's shape; `ValueError` says what would be allowed instead."""
    steps: list[str] = []
    for part in text.removeprefix("$.").split("."):
        found = _STEP.fullmatch(part)
        if found is None:
            raise ValueError(f"{text!r} is no path such as hostname or fields[].stringValue")
        steps += [found[1], *[EACH] * (len(found[2]) // 2)]
    _follow(text, tuple(steps), shape)
    return tuple(steps)


def _follow(text: str, steps: Path, shape: Shape) -> None:
    for step in steps:
        allowed = below(shape)
        if step not in allowed:
            raise ValueError(f"{text!r} leads nowhere: {step!r} is none of {', '.join(allowed) or 'nothing'}")
        shape = allowed[step]


def below(shape: Shape) -> dict[str, Shape]:
    """Return the steps that a shape allows, and where they lead."""
    if isinstance(shape, Record):
        return dict(shape.members)
    if isinstance(shape, Items):
        return {EACH: shape.of}
    return {EACH: shape.value} if isinstance(shape, Table) else {}


def without(value: Json, path: Path) -> Json:
    """Return a value without what a path leads to; what it does not lead to is left as it is."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if step == EACH:
        return _each(value, rest)
    if not isinstance(value, dict) or step not in value:
        return value
    if not rest:
        return {key: inner for key, inner in value.items() if key != step}
    return {**value, step: without(value[step], rest)}


def _each(value: Json, rest: Path) -> Json:
    if isinstance(value, list):
        return [without(item, rest) for item in value] if rest else []
    if isinstance(value, dict):
        return {key: without(item, rest) for key, item in value.items()} if rest else {}
    return value


def spelled(path: Path) -> str:
    """Return a path as it is written."""
    return ".".join(path).replace(f".{EACH}", EACH)
