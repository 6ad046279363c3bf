"""One message gone through: what is masked, where, and which tasks it names."""

from __future__ import annotations

import re

from holter.cassette import secrets
from holter.cassette.account import KINDS, MEMBERS, Accounts
from holter.cassette.aliases import Aliases
from holter.cassette.secrets import REDACTED
from holter.wire.message import Json
from holter.wire.operations import DATA_PIPELINE
from holter.wire.regex import regex

_HANDLE = DATA_PIPELINE.handle
ASKED = f"$.{_HANDLE}"
"""Where a request names its task."""

HANDED_OUT = f"$.{DATA_PIPELINE.handout}.{_HANDLE}"
"""Where an answer names the task that it hands out."""

_IDENTITY = "instanceIdentity"
_NAMES = ("key", "id", "fieldName")
_VALUES = frozenset({"stringValue", "refValue", "value", "values", "operator", "attributes"})
_PLAIN = regex(r"[A-Za-z_]\w*", re.ASCII)


class Walk:
    """Redacts one message and notes the `paths` masked, the `tasks` by path, the `prints` of new aliases.

    `accounts` is the table of account data where that is to be replaced too; `changed` are then the paths
    where it was.
    """

    def __init__(
        self, aliases: Aliases, hidden: frozenset[str] = frozenset(), accounts: Accounts | None = None
    ) -> None:
        self.paths: list[str] = []
        self.tasks: dict[str, str] = {}
        self.prints: dict[str, str] = {}
        self.changed: set[str] = set()
        self.hidden = hidden
        """Members, and keys of fields, that are masked wherever they stand in this message."""
        self.accounts = accounts
        self._aliases = aliases

    def body(self, value: Json) -> Json:
        """Return a body redacted; what it names is known before any other text is looked at."""
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
        return self._without_account(kept, path)

    def _without_account(self, text: str, path: str | None) -> str:
        kept = self.accounts.hide(text) if self.accounts else text
        if path and kept != text:
            self.changed.add(path)
        return kept

    def named(self, kind: str, value: str, path: str) -> str:
        """Return the alias of a value that is account data as a whole."""
        if self.accounts is None or not value or value == REDACTED:
            return self.text(value, path)
        kept = self.accounts.of(kind, value)
        if kept != value:
            self.changed.add(path)
        return kept

    def alias(self, real: str, path: str) -> str:
        """Return the alias of a taskId that stands at a path."""
        alias, print_ = self._aliases.of(real)
        self.tasks[path] = alias
        if print_:
            self.prints[alias] = print_
        return alias

    def _meet(self, value: Json) -> None:
        if not isinstance(value, dict):
            return
        real = value.get(_HANDLE)
        if isinstance(real, str) and real:
            self.alias(real, "")
        for member, kind in KINDS.items() if self.accounts else ():
            if isinstance(name := value.get(member), str):
                self.named(kind, name, f"$.{member}")

    def _value(self, value: Json, path: str) -> Json:
        if isinstance(value, str):
            return self.text(value, path)
        if isinstance(value, dict):
            return self._object(value, path)
        if isinstance(value, list):
            return [self._value(item, f"{path}[{index}]") for index, item in enumerate(value)]
        return value

    def _object(self, value: dict[str, Json], path: str) -> dict[str, Json]:
        secret = any(isinstance(name := value.get(key), str) and self._is_secret(name) for key in _NAMES)
        label = str(value.get("key", "")).lstrip("@")
        kept: dict[str, Json] = {}
        for key, item in value.items():
            name = self._key(key, kept, path)
            meant = label if key in _VALUES else key
            kept[name] = self._member(key, item, _below(path, name), secret and key in _VALUES, meant)
        return kept

    def _is_secret(self, name: str) -> bool:
        return secrets.is_secret_name(name) or name.lower() in self.hidden

    def _member(self, key: str, item: Json, path: str, secret: bool, meant: str) -> Json:
        if key == _HANDLE and isinstance(item, str) and item:
            return self.alias(item, path)
        if secret or key == _IDENTITY or key.lower() in self.hidden or key.startswith("*"):
            return self._masked(item, path)
        if not isinstance(item, dict) and secrets.is_secret_name(key):
            return self._masked(item, path)
        if isinstance(item, str) and (kind := KINDS.get(meant)):
            return self.named(kind, item, path)
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
        if value is None or isinstance(value, bool) or value in ("", REDACTED):
            return value
        self.paths.append(path)
        return REDACTED

    def _key(self, key: str, taken: dict[str, Json], path: str) -> str:
        name = kept = key if key in MEMBERS else self.text(key)
        if kept != key and secrets.masked(key) != key:
            self.paths.append(f"{path} key {kept}")
        count = 1
        while name in taken:
            count += 1
            name = f"{kept}-{count}"
        return name


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if key in MEMBERS or _PLAIN.fullmatch(key) else f"{path}[{key!r}]"
