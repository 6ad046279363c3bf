"""A document that somebody edited: any plain YAML, read event by event, so that nothing is ever constructed.

Words mean what they mean in JSON: null, true, false and numbers are themselves, every other bare word
is a string (`no`, `12:30:00` and `2026-11-21` too). Aliases, tags and merge keys are refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from holter.cassette import yamltext
from holter.errors import CassetteError
from holter.wire.message import Json
from holter.wire.regex import regex

_WORDS: dict[str, Json] = {
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER = regex(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?")

_Event: TypeAlias = Any  # PyYAML's; it is imported only when a document needs it


class WrongLineError(CassetteError):
    """What is wrong with a document, and how many lines below its first."""

    def __init__(self, text: str, below: int) -> None:
        super().__init__(text)
        self.below = below


def load(text: str) -> dict[str, Json]:
    """Return the mapping that one document holds; `WrongLineError` where it is damaged or not allowed."""
    yaml = _yaml()
    loader = (yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader)(text)
    try:
        return _Events(yaml, iter(loader.get_event, None)).document()
    except yaml.YAMLError as wrong:
        mark = getattr(wrong, "problem_mark", None)
        what = getattr(wrong, "problem", None) or getattr(wrong, "reason", None) or "it cannot be read"
        raise WrongLineError(f"is not YAML: {what}", mark.line if mark else 0) from None
    finally:
        loader.dispose()


def _yaml() -> Any:
    try:
        import yaml
    except ImportError:
        raise WrongLineError(
            "was not written by Holter, and reading what was edited by hand needs PyYAML: pip install pyyaml",
            0,
        ) from None
    return yaml


class _Events:
    """The events of one document, made into its value; each costs time, so what is usual is asked first."""

    def __init__(self, yaml: Any, events: Iterator[_Event]) -> None:
        self._events = events
        self._scalar, self._alias = yaml.ScalarEvent, yaml.AliasEvent
        self._mapping_start, self._mapping_end = yaml.MappingStartEvent, yaml.MappingEndEvent
        self._list_start, self._list_end = yaml.SequenceStartEvent, yaml.SequenceEndEvent
        self._frame = (
            *(yaml.StreamStartEvent, yaml.StreamEndEvent),
            *(yaml.DocumentStartEvent, yaml.DocumentEndEvent),
        )

    def document(self) -> dict[str, Json]:
        first = self._content()
        if not isinstance(first, self._mapping_start):
            raise WrongLineError("is not a mapping with keys such as `call:` and `request:`", 0)
        document = self._mapping(first, 0)
        if (more := self._content()) is not None:
            raise WrongLineError("holds more than one value: write --- between documents", _line(more))
        return document

    def _content(self) -> _Event | None:
        return next((event for event in self._events if not isinstance(event, self._frame)), None)

    def _mapping(self, start: _Event, depth: int) -> dict[str, Json]:
        _refuse_tricks(start, depth)
        found: dict[str, Json] = {}
        for event in self._events:
            if type(event) is self._mapping_end:
                break
            key = self._key(event)
            if key in found:
                raise WrongLineError(f"key {key!r} stands twice: leave one out", _line(event))
            value = next(self._events)
            if depth == 0 and self._is_missing(value):
                what = f"{key} has no value: write null or {{}} where that is meant"
                raise WrongLineError(what, _line(value))
            found[key] = self._value(value, depth + 1)
        return found

    def _is_missing(self, event: _Event) -> bool:
        return type(event) is self._scalar and event.value == "" and not event.style

    def _list(self, start: _Event, depth: int) -> list[Json]:
        _refuse_tricks(start, depth)
        found: list[Json] = []
        for event in self._events:
            if type(event) is self._list_end:
                break
            found.append(self._value(event, depth + 1))
        return found

    def _value(self, event: _Event, depth: int) -> Json:
        kind = type(event)
        if kind is self._mapping_start:
            return self._mapping(event, depth)
        if kind is self._list_start:
            return self._list(event, depth)
        if event.anchor is not None or event.tag is not None:
            _refuse_tricks(event, 0)
        text: str = event.value
        if not text.isascii() and yamltext.SURROGATE.search(text):
            raise WrongLineError("holds half a surrogate pair: write the character itself", _line(event))
        return text if event.style else _word(event)

    def _key(self, event: _Event) -> str:
        if type(event) is not self._scalar and type(event) is not self._alias:
            raise WrongLineError("has a key that is no plain text", _line(event))
        if event.anchor is not None or event.tag is not None:
            _refuse_tricks(event, 0)
        key: str = event.value
        if key == "<<" and not event.style:
            raise WrongLineError("has a merge key `<<`: write the members out", _line(event))
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
        raise WrongLineError(
            f"is nested over {yamltext.MAX_DEPTH} levels: no message is, take it out", _line(event)
        )
    if event.anchor is not None:
        raise WrongLineError(f"has the anchor or alias {event.anchor!r}: write the value out", _line(event))
    if event.tag is not None:
        raise WrongLineError(f"has the tag {event.tag!r}: leave it out", _line(event))


def _line(event: _Event) -> int:
    line: int = event.start_mark.line
    return line
