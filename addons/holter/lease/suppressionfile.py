"""Suppressions as a profile's file has them: read, and refused with file, line and path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from holter.errors import ConfigError
from holter.lease.rules import RULES
from holter.lease.suppression import ABOUT, RULE, Suppression
from holter.wire.near import near

_NEEDED = ("rule", "reason", "until")
_KEYS = ("rule", *ABOUT, "reason", "until")


def read(path: str, data: Any, lines: Sequence[int] = ()) -> tuple[Suppression, ...]:
    """Read the list under `suppress`; `lines` are those of its entries. `ConfigError` says what is wrong."""
    if not isinstance(data, list):
        raise ConfigError(f"{path}: suppress: must be a list of {{rule, reason, until}}")
    return tuple(
        _Reading(f"{path}:{lines[index]}" if index < len(lines) else path, f"suppress[{index}]").one(entry)
        for index, entry in enumerate(data)
    )


def lines(text: str) -> list[int]:
    """Return the line of each entry under `suppress` of a YAML text that is known to be well-formed."""
    import yaml

    root = yaml.compose(text, Loader=yaml.SafeLoader)
    for key, value in root.value if isinstance(root, yaml.MappingNode) else ():
        if key.value == "suppress" and isinstance(value, yaml.SequenceNode):
            return [entry.start_mark.line + 1 for entry in value.value]
    return []


class _Reading:
    """One entry of the list: its place for people, and its path."""

    def __init__(self, place: str, path: str) -> None:
        self._place, self._path = place, path

    def one(self, entry: Any) -> Suppression:
        if not isinstance(entry, Mapping):
            raise self._wrong("", "must be a mapping of rule, reason, until")
        for key in entry:
            if key not in _KEYS:
                meant = near(str(key), _KEYS)
                hint = f"did you mean {meant}?" if meant else f"known: {', '.join(_KEYS)}"
                raise self._wrong(f".{key}", f"is unknown ({hint})")
        for key in _NEEDED:
            if entry.get(key) in (None, ""):
                raise self._wrong(f".{key}", "is missing: a suppression needs a rule, a reason and an end")
        about = tuple((what, self._text(what, entry[what])) for what in ABOUT if what in entry)
        return Suppression(
            rule=self._rule(self._text("rule", entry["rule"])),
            reason=self._text("reason", entry["reason"]),
            until=self._date(entry["until"]),
            about=about,
            place=self._place,
        )

    def _rule(self, rule: str) -> str:
        if rule not in RULES or rule == RULE:
            meant = near(rule, (one for one in RULES if one != RULE))
            hint = f" (did you mean {meant}?)" if meant else ""
            raise self._wrong(".rule", f"{rule!r} is no rule that can be suppressed{hint}")
        return rule

    def _text(self, key: str, value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(f".{key}", f"{value!r} is no text")
        return " ".join(value.split()) if key == "reason" else value

    def _date(self, value: Any) -> date:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            raise self._wrong(".until", f"{str(value)!r} is no day such as 2027-03-01") from None

    def _wrong(self, below: str, what: str) -> ConfigError:
        return ConfigError(f"{self._place}: {self._path}{below}: {what}")
