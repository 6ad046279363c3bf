"""A document that somebody edited: any plain YAML, read event by event, so that nothing is ever constructed.

Words mean what they mean in JSON: null, true, false and numbers are themselves, every other bare word
is a string (`no`, `12:30:00` and `2026-11-21` too). Aliases, tags and merge keys are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from holter.cassette import yamltext
from holter.errors import CassetteError
from holter.wire.message import Json

_WORDS: dict[str, Json] = {
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?")

_Event: TypeAlias = Any  # PyYAML's; it is imported only when a document needs it


class WrongLineError(CassetteError):
    """What is wrong with a document, and how many lines below its first."""

    def __init__(self, text: str, below: int) -> None:
        super().__init__(text)
        self.below = below


def load(text: str) -> dict[str, Json]:
    """Return the mapping that one document holds; `WrongLineError` where it is damaged or not allowed."""
    yaml = _yaml()
    loader = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader
    frame, events = _frame(yaml), yaml.parse(text, loader)
    try:
        first = next((event for event in events if not isinstance(event, frame)), None)
        if not isinstance(first, yaml.MappingStartEvent):
            raise WrongLineError("is not a mapping with keys such as `call:` and `request:`", 0)
        document = _mapping(first, events, 0)
        if (more := next((event for event in events if not isinstance(event, frame)), None)) is not None:
            raise WrongLineError("holds more than one value", _line(more))
    except yaml.YAMLError as wrong:
        mark = getattr(wrong, "problem_mark", None)
        what = getattr(wrong, "problem", None) or getattr(wrong, "reason", None) or "it cannot be read"
        raise WrongLineError(f"is not YAML: {what}", mark.line if mark else 0) from None
    return document


def _yaml() -> Any:
    try:
        import yaml
    except ImportError:
        raise WrongLineError(
            "was not written by Holter, and reading what was edited by hand needs PyYAML: pip install pyyaml",
            0,
        ) from None
    return yaml


def _frame(yaml: Any) -> tuple[type, ...]:
    return (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentStartEvent, yaml.DocumentEndEvent)


def _mapping(start: _Event, events: Iterator[_Event], depth: int) -> dict[str, Json]:
    _refuse_tricks(start, depth)
    found: dict[str, Json] = {}
    for event in events:
        if type(event).__name__ == "MappingEndEvent":
            break
        key = _key(event)
        if key in found:
            raise WrongLineError(f"key {key!r} stands twice", event.start_mark.line)
        value = next(events)
        if depth == 0 and _is_missing(value):
            raise WrongLineError(f"{key} has no value: write null or {{}} where that is meant", _line(value))
        found[key] = _value(value, events, depth + 1)
    return found


def _is_missing(event: _Event) -> bool:
    return type(event).__name__ == "ScalarEvent" and event.value == "" and not event.style


def _list(start: _Event, events: Iterator[_Event], depth: int) -> list[Json]:
    _refuse_tricks(start, depth)
    found: list[Json] = []
    for event in events:
        if type(event).__name__ == "SequenceEndEvent":
            break
        found.append(_value(event, events, depth + 1))
    return found


def _value(event: _Event, events: Iterator[_Event], depth: int) -> Json:
    kind = type(event).__name__
    if kind == "MappingStartEvent":
        return _mapping(event, events, depth)
    if kind == "SequenceStartEvent":
        return _list(event, events, depth)
    _refuse_tricks(event, 0)
    if yamltext.SURROGATE.search(event.value):
        raise WrongLineError("holds half a surrogate pair: write the character itself", _line(event))
    return event.value if event.style else _word(event)


def _key(event: _Event) -> str:
    if type(event).__name__ not in ("ScalarEvent", "AliasEvent"):
        raise WrongLineError("has a key that is no plain text", _line(event))
    _refuse_tricks(event, 0)
    if event.value == "<<" and not event.style:
        raise WrongLineError("has a merge key `<<`: write the members out", _line(event))
    key: str = event.value
    return key


def _word(event: _Event) -> Json:
    text: str = event.value
    if text in _WORDS:
        return _WORDS[text]
    if not _NUMBER.fullmatch(text):
        return text
    try:
        return yamltext.read(text)
    except ValueError as wrong:
        raise WrongLineError(str(wrong), _line(event)) from None


def _refuse_tricks(event: _Event, depth: int) -> None:
    if depth > yamltext.MAX_DEPTH:
        raise WrongLineError(f"is nested over {yamltext.MAX_DEPTH} levels", _line(event))
    if event.anchor is not None:
        raise WrongLineError(f"has the anchor or alias {event.anchor!r}: write the value out", _line(event))
    if event.tag is not None:
        raise WrongLineError(f"has the tag {event.tag!r}: leave it out", _line(event))


def _line(event: _Event) -> int:
    line: int = event.start_mark.line
    return line
