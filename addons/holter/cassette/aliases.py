"""Stable names for real taskIds: `task-1`, `task-2`, numbered within a recording."""

from __future__ import annotations

import re
import sys
from collections import OrderedDict
from collections.abc import Mapping
from copy import copy

from holter.wire.codec import print_of
from holter.wire.regex import regex

MOST_TASKS = 100_000
"""Tasks whose alias is remembered; a task that comes back after so many others gets a new alias."""

MOST_REAL_IDS = 256
"""Real taskIds that are kept in memory, the latest ones, to find them in the text of messages."""

_SHORT = 16  # a shorter id is only replaced where it stands alone: it may be part of any word
_SHORTEST = 4
_NUMBER = regex(r"task-(\d+)")


class Aliases:
    """The table from a task's print to its alias, and the last real ids for as long as they are in use."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._aliases: OrderedDict[str, str] = OrderedDict()
        self._real: OrderedDict[str, str] = OrderedDict()
        self._last = 0
        self.shortest = sys.maxsize
        """How short a text may be in which a taskId is looked for."""
        for print_, alias in known.items():
            self.learn(print_, alias)

    def copy(self) -> Aliases:
        """Return a table that goes on from here by itself."""
        twin = copy(self)
        twin._aliases, twin._real = self._aliases.copy(), self._real.copy()
        return twin

    def learn(self, print_: str | None, alias: str) -> None:
        """Take over an alias that an earlier part of the recording gave, known by its print or not."""
        if print_:
            self._aliases[print_] = alias
            self._forget()
        if found := _NUMBER.fullmatch(alias):
            self._last = max(self._last, int(found[1]))

    def held(self, real: str) -> str | None:
        """Return the alias of a taskId that is in memory."""
        alias = self._real.get(real)
        if alias is not None:
            self._real.move_to_end(real)
        return alias

    def of(self, real: str) -> tuple[str, str | None]:
        """Return a taskId's alias, and its print where the alias is new."""
        if held := self.held(real):
            return held, None
        print_ = print_of(real)
        alias = self._aliases.get(print_)
        new = alias is None
        if alias is None:
            self._last += 1
            alias = f"task-{self._last}"
        self._aliases[print_] = self._real[real] = alias
        self._aliases.move_to_end(print_)
        self._forget()
        self.shortest = min(self.shortest, max(len(real), _SHORTEST))
        return alias, print_ if new else None

    def known(self, given: str) -> list[tuple[str, str]]:
        """Return the real taskIds in memory with their aliases, the latest first, all but a given one."""
        return [(real, alias) for real, alias in reversed(self._real.items()) if real != given]

    def hide(self, text: str) -> str:
        """Return a text with every known taskId in it replaced by its alias, percent-encoded ones too."""
        if len(text) < self.shortest:
            return text
        known = {_spelled(real, text): alias for real, alias in self._real.items() if len(real) >= _SHORTEST}
        found = sorted((real for real in known if real in text), key=len, reverse=True)
        if not found:
            return text
        return re.sub("|".join(map(_pattern, found)), lambda match: known[match[0]], text)

    def _forget(self) -> None:
        while len(self._aliases) > MOST_TASKS:
            self._aliases.popitem(last=False)
        while len(self._real) > MOST_REAL_IDS:
            self._real.popitem(last=False)


def _spelled(real: str, text: str) -> str:
    if "%" not in text or real in text:
        return real
    from urllib.parse import quote  # few texts are encoded

    return quote(real, safe="", errors="replace")


def _pattern(real: str) -> str:
    exact = re.escape(real)
    return exact if len(real) >= _SHORT else rf"(?<![\w+/=:.-]){exact}(?![\w+/=-])"
