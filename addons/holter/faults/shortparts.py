"""A short form cut into its parts, `KEY[=VALUE]` between colons; JSON as a value may hold colons itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple, NoReturn

from holter.faults.node import Node, Value
from holter.faults.when import PATTERNS
from holter.faults.yamlnodes import DEEPEST, word
from holter.wire.message import Json


class Part(NamedTuple):
    """One part: its key, and its value, None where there is no `=`."""

    key: str
    node: Node | None


def parts(text: str, where: str, scale: float = 1.0) -> Iterator[Part]:
    """Yield the parts of what follows the operation; `PlanError` where a value begins as JSON and is none."""
    rest: str | None = text
    while rest is not None:
        plain, _, _ = rest.partition(":")
        key, equals, said = plain.partition("=")
        begins = said[:1]
        if begins and begins in '{["' and not (key in PATTERNS and begins == "["):
            node, left = _json(rest[len(key) + 1 :], Node(None, where, key, scale))
            yield Part(key, node)
        else:
            yield Part(key, Node(word(said), where, key, scale) if equals else None)
            left = rest[len(plain) :]
        rest = left[1:] if left else None


def _json(text: str, node: Node) -> tuple[Node, str]:
    """Return the JSON with which a text begins, and what follows it."""
    try:
        found, end = _DECODER.raw_decode(text)
    except RecursionError:
        raise node.wrong(f"is nested over {DEEPEST} levels") from None
    except json.JSONDecodeError as why:
        what = f"{why.msg[:1].lower()}{why.msg[1:]}, at {_place(text, why.pos)}"
        raise node.wrong(f'is no JSON, which {{, [ and " begin: {what}') from None
    except ValueError as why:
        raise node.wrong(f"is no JSON: {why}") from None
    rest = text[end:]
    if rest and not rest.startswith(":"):
        raise node.wrong(f"is followed by {rest:.20}: after JSON comes a colon, or the end")
    return _node(found, node), rest


def _place(text: str, at: int) -> str:
    return repr(text[at : at + 20]) if at < len(text) else "its end"


def _node(found: Json, at: Node, depth: int = 1) -> Node:
    """Return a value that knows its path, as a plan file's does."""
    if depth > DEEPEST:
        raise at.wrong(f"is nested over {DEEPEST} levels")

    def inner(value: Json, step: str) -> Node:
        return _node(value, Node(None, at.where, f"{at.path}{step}", at.scale), depth + 1)

    made: Value
    if isinstance(found, dict):
        made = {key: inner(value, f".{key}") for key, value in found.items()}
    elif isinstance(found, list):
        made = [inner(value, f"[{index}]") for index, value in enumerate(found)]
    else:
        made = found
    return Node(made, at.where, at.path, at.scale)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"{next(key for key in keys if keys.count(key) > 1)!r} stands twice")
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


_DECODER = json.JSONDecoder(object_pairs_hook=_members, parse_constant=_no_number)
