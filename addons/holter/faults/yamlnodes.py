"""A plan's text to nodes: plain YAML with the lines kept, nothing constructed, words as in JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from holter.faults.node import Node, PlanError, Value

_LARGEST = 200_000
DEEPEST = 40
"""Levels of nesting that are read."""
_WORDS: dict[str, Value] = {
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?")


def load(text: str, name: str, scale: float = 1.0) -> Node:
    """Return the one document of a text; `PlanError` names the file and the line of what is wrong."""
    try:
        import yaml
    except ImportError:
        raise PlanError(f"{name}: reading a plan needs PyYAML: pip install pyyaml") from None
    if len(text) > _LARGEST:
        raise PlanError(f"{name}: has {len(text)} characters, at most {_LARGEST} are read")
    try:
        _refuse_tricks(yaml.parse(text, yaml.BaseLoader), name)
        found = yaml.compose(text, yaml.BaseLoader)
    except yaml.YAMLError as wrong:
        mark = getattr(wrong, "problem_mark", None)
        at = f"{name}:{mark.line + 1}" if mark else name
        what = getattr(wrong, "problem", None) or getattr(wrong, "reason", None) or "it cannot be read"
        raise PlanError(f"{at}: is not YAML: {what}") from None
    if found is None:
        raise PlanError(f"{name}: is empty")
    return _node(found, name, "$", scale)


def _refuse_tricks(events: Iterable[Any], name: str) -> None:
    """Refuse aliases, anchors, tags and deep nesting, before anything is built of them."""
    depth = 0
    for event in events:
        kind, at = type(event).__name__, f"{name}:{event.start_mark.line + 1}"
        depth += kind.endswith("StartEvent") - kind.endswith("EndEvent")
        if depth > DEEPEST:
            raise PlanError(f"{at}: is nested over {DEEPEST} levels")
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor or tag:
            what = f"the anchor or alias {anchor!r}" if anchor else f"the tag {tag!r}"
            raise PlanError(f"{at}: has {what}: write the value out")


def _node(found: Any, name: str, path: str, scale: float, line: int | None = None) -> Node:
    where = f"{name}:{(found.start_mark.line if line is None else line) + 1}"
    if found.id == "mapping":
        return Node(_members(found, name, path, scale), where, path, scale)
    if found.id == "sequence":
        items = [_node(item, name, f"{path}[{index}]", scale) for index, item in enumerate(found.value)]
        return Node(items, where, path, scale)
    return Node(found.value if found.style else word(found.value), where, path, scale)


def _members(found: Any, name: str, path: str, scale: float) -> dict[str, Node]:
    members: dict[str, Node] = {}
    for key, value in found.value:
        at = f"{name}:{key.start_mark.line + 1}: {path}"
        if key.id != "scalar" or key.value == "<<":
            raise PlanError(f"{at}: has a key that is no plain text")
        if key.value in members:
            raise PlanError(f"{at}.{key.value}: stands twice")
        members[key.value] = _node(value, name, f"{path}.{key.value}", scale, key.start_mark.line)
    return members


def word(text: str) -> Value:
    """Return what a word without quotes means: a number, true, false, nothing, else the text."""
    if text in _WORDS:
        return _WORDS[text]
    if not _NUMBER.fullmatch(text):
        return text
    number: Value = json.loads(text)
    return number
