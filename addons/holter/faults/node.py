"""A value in a plan that knows where it stands, and reads itself as what it must be."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from holter.errors import ConfigError
from holter.wire.message import Json
from holter.wire.near import near
from holter.wire.value import value

Value: TypeAlias = "bool | int | float | str | list[Node] | dict[str, Node] | None"

DAY = 86_400

_FEW = 12
"""Words that are all told where none of them is like a wrong one; more of them stand in the documentation."""

_SOME = 3


class PlanError(ConfigError):
    """A plan is wrong: file, line and JSON path, then what."""


@value
class Node:
    """A value of a plan. `where` is its file and line, `path` its JSON path, `scale` that of all times."""

    value: Value
    where: str
    path: str = "$"
    scale: float = 1.0

    def wrong(self, what: str) -> PlanError:
        """Return the error that says what is wrong here."""
        return PlanError(f"{self.where}: {self.path}: {what}")

    def json(self) -> Json:
        """Return the plain value."""
        if isinstance(self.value, dict):
            return {key: node.json() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.json() for node in self.value]
        return self.value

    def mapping(self, known: Iterable[str] | None = None, what: str = "key") -> Mapping[str, Node]:
        """Return the members of a mapping; with `known`, no other names are allowed."""
        if not isinstance(self.value, dict):
            raise self.wrong(f"must be a mapping, not {self.said}")
        if known is not None:
            words = tuple(known)
            for name, node in self.value.items():
                if name not in words:
                    raise node.wrong(f"is an unknown {what}{meant(name, words)}")
        return self.value

    def items(self) -> list[Node]:
        """Return the items of a list; a single value counts as a list of one."""
        return self.value if isinstance(self.value, list) else [self]

    def text(self) -> str:
        """Return a string that is not empty."""
        if not isinstance(self.value, str) or not self.value:
            raise self.wrong(f"must be a text, not {self.said}")
        return self.value

    def word(self, words: Iterable[str], what: str = "word") -> str:
        """Return one of a few words."""
        words = tuple(words)
        if self.value not in words:
            raise self.wrong(f"{self.said} is an unknown {what}{meant(str(self.value), words)}")
        return str(self.value)

    def yes(self) -> bool:
        """Return true, the only thing that stands here: what is not wanted is left out."""
        if self.value is not True:
            raise self.wrong(f"must be true, not {self.said}; leave it out where it is not wanted")
        return True

    def whole(self, least: int = 1) -> int:
        """Return a whole number from `least` up."""
        if isinstance(self.value, bool) or not isinstance(self.value, int) or self.value < least:
            raise self.wrong(f"must be a whole number from {least} up, not {self.said}")
        return self.value

    def number(self) -> float:
        """Return a finite number."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise self.wrong(f"must be a number, not {self.said}")
        if not math.isfinite(self.value):
            raise self.wrong(f"must be a finite number, not {self.said}")
        return float(self.value)

    def share(self) -> float:
        """Return a number above 0, up to 1."""
        found = self.number()
        if not 0 < found <= 1:
            raise self.wrong(f"must be above 0 and at most 1, not {self.said}")
        return found

    def seconds(self, *, above: bool = False) -> float:
        """Return a time that is not negative, or with `above` one above 0, scaled."""
        found = self.number()
        if found < 0 or (above and not found):
            raise self.wrong(f"must be {'above 0' if above else '0 or more'} seconds, not {self.said}")
        return found * self.scale

    def wait(self, *, above: bool = False) -> float:
        """Return a time for which somebody is kept waiting: `seconds`, at most a day before it is scaled."""
        if self.number() > DAY:
            raise self.wrong(
                f"must be at most {DAY} seconds, a day, which outlasts any client; not {self.said}"
            )
        return self.seconds(above=above)

    def status(self) -> int:
        """Return an HTTP status of an answer."""
        found = self.whole()
        if not 200 <= found <= 599:
            raise self.wrong(f"must be an HTTP status from 200 to 599, not {self.said}")
        return found

    @property
    def said(self) -> str:
        """What stands here, in a few words."""
        kinds = {dict: "a mapping", list: "a list", type(None): "nothing", bool: str(self.value).lower()}
        return kinds.get(type(self.value)) or f"{self.value!r:.40}"


def meant(word: str, words: Iterable[str], stand: str = "docs/faults.md") -> str:
    """Return a guess at what a wrong word was to be, else what is known; many words `stand` elsewhere."""
    words = list(words)
    guess, more = near(word, words), len(words) - _SOME
    if len(words) <= _FEW:
        return f" (did you mean {guess}?)" if guess else f" (known: {', '.join(words) or 'none'})"
    if guess:
        return f" (did you mean {guess}? The whole list: {stand})"
    return f" (known: {', '.join(words[:_SOME])} and {more} more; the whole list: {stand})"
