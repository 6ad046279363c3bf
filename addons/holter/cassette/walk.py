"""One message gone through: what is masked, where, and which tasks it names."""

from __future__ import annotations

import re

from holter.cassette import secrets
from holter.cassette.aliases import Aliases
from holter.cassette.secrets import REDACTED
from holter.wire.message import Json
from holter.wire.operations import DATA_PIPELINE

_HANDLE = DATA_PIPELINE.handle
ASKED = f"$.{_HANDLE}"
"""Where a request names its task."""

HANDED_OUT = f"$.{DATA_PIPELINE.handout}.{_HANDLE}"
"""Where an answer names the task that it hands out."""

_IDENTITY = "instanceIdentity"
_NAMES = ("key", "id", "fieldName")
_VALUES = frozenset({"stringValue", "refValue", "value", "values", "operator", "attributes"})
_PLAIN = re.compile(r"[A-Za-z_]\w*", re.ASCII)


class Walk:
    """Redacts one message and notes the `paths` masked, the `tasks` by path, the `prints` of new aliases."""

    def __init__(self, aliases: Aliases, hidden: frozenset[str] = frozenset()) -> None:
        self.paths: list[str] = []
        self.tasks: dict[str, str] = {}
        self.prints: dict[str, str] = {}
        self.hidden = hidden
        """Members that are masked wherever they stand in this message."""
        self._aliases = aliases

    def body(self, value: Json) -> Json:
        """Return a body redacted; a task that it names is known before any other text is looked at."""
        if isinstance(value, dict):
            self._meet(value)
            self._meet(value.get(DATA_PIPELINE.handout))
        return self._value(value, "$")

    def text(self, text: str, path: str | None = None) -> str:
        """Return a text without known taskIds and without secrets, noting its path where one was."""
        text = self._aliases.hide(text)
        kept = secrets.masked(text)
        if path and kept != text:
            self.paths.append(path)
        return kept

    def alias(self, real: str, path: str) -> str:
        """Return the alias of a taskId that stands at a path."""
        alias, print_ = self._aliases.of(real)
        self.tasks[path] = alias
        if print_:
            self.prints[alias] = print_
        return alias

    def _meet(self, value: Json) -> None:
        real = value.get(_HANDLE) if isinstance(value, dict) else None
        if isinstance(real, str) and real:
            self.alias(real, "")

    def _value(self, value: Json, path: str) -> Json:
        if isinstance(value, str):
            return self.text(value, path)
        if isinstance(value, dict):
            return self._object(value, path)
        if isinstance(value, list):
            return [self._value(item, f"{path}[{index}]") for index, item in enumerate(value)]
        return value

    def _object(self, value: dict[str, Json], path: str) -> dict[str, Json]:
        names = [value[key] for key in _NAMES if key in value]
        secret = any(isinstance(name, str) and secrets.is_secret_name(name) for name in names)
        kept: dict[str, Json] = {}
        for key, item in value.items():
            name = self._key(key, kept, path)
            kept[name] = self._member(key, item, _below(path, name), secret and key in _VALUES)
        return kept

    def _member(self, key: str, item: Json, path: str, secret: bool) -> Json:
        if key == _HANDLE and isinstance(item, str) and item:
            return self.alias(item, path)
        if secret or key == _IDENTITY or key in self.hidden or key.startswith("*"):
            return self._masked(item, path)
        if not isinstance(item, dict) and secrets.is_secret_name(key):
            return self._masked(item, path)
        return self._value(item, path)

    def _masked(self, value: Json, path: str) -> Json:
        if isinstance(value, dict):
            kept: dict[str, Json] = {}
            for key, item in value.items():
                name = self._key(key, kept, path)
                label = key in _NAMES and isinstance(item, str)
                kept[name] = (self._value if label else self._masked)(item, _below(path, name))
            return kept
        if isinstance(value, list):
            return [self._masked(item, f"{path}[{index}]") for index, item in enumerate(value)]
        if value is None or isinstance(value, bool) or value == "":
            return value
        self.paths.append(path)
        return REDACTED

    def _key(self, key: str, taken: dict[str, Json], path: str) -> str:
        name = kept = self.text(key)
        if kept != key and secrets.masked(key) != key:
            self.paths.append(f"{path} key {kept}")
        count = 1
        while name in taken:
            count += 1
            name = f"{kept}-{count}"
        return name


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if _PLAIN.fullmatch(key) else f"{path}[{key!r}]"
