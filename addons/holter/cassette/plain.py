"""Messages known to hold nothing to hide: one that says the same again need not be gone through again.

A runner says the same over and over, with another taskId at most; going through it costs more than all else.
"""

from __future__ import annotations

import functools
from typing import NamedTuple, TypeAlias

from holter.cassette.aliases import Aliases
from holter.wire.check import check
from holter.wire.codec import compact
from holter.wire.members import TASK_ID
from holter.wire.message import Json
from holter.wire.operations import DATA_PIPELINE
from holter.wire.redactor import NO_NOTES, Redacted
from holter.wire.tuples import made

MOST = 512
"""Messages that are remembered; then it begins anew."""

_LARGEST = 16_384  # characters of one that is remembered
_HANDLE, _HANDOUT = DATA_PIPELINE.handle, DATA_PIPELINE.handout


Kind: TypeAlias = tuple[str, str, bool]
"""Request or response, the operation, and whether it is as the operation has it: an error is not."""


class Parted(NamedTuple):
    """A message and the taskId in it: in a request its own, in a response the one that it hands out.

    Where there is one, its place in `body` is empty.
    """

    body: dict[str, Json]
    real: str | None = None
    handed: dict[str, Json] | None = None

    def renamed(self, alias: str) -> dict[str, Json]:
        """Return the message with an alias in the taskId's place."""
        if self.handed is None:
            return {**self.body, _HANDLE: alias}
        return {**self.body, _HANDOUT: {**self.handed, _HANDLE: alias}}

    @property
    def text(self) -> str | bytes:
        """All but the taskId; equal texts are equal messages, down to the types of numbers.

        JSON is written in a third of the time of a `repr`, but knows fewer numbers and texts.
        """
        try:
            text = compact(self.body)
        except (ValueError, OverflowError):
            return repr(self.body)
        return text if text.find(b"null") < 0 else repr(self.body)  # which may stand for NaN


def parted(what: str, body: dict[str, Json]) -> Parted:
    """Return a `request` or a `response` with its taskId."""
    if what == "request":
        real = body.get(_HANDLE)
        if isinstance(real, str) and real:
            return made(Parted, ({**body, _HANDLE: ""}, real, None))
    elif len(body) == 1 and isinstance(handed := body.get(_HANDOUT), dict):
        real = handed.get(_HANDLE)
        if isinstance(real, str) and real:
            blank = {**handed, _HANDLE: ""}
            return made(Parted, ({_HANDOUT: blank}, real, blank))
    return made(Parted, (body, None, None))


class Plain:
    """Remembers messages of which nothing was masked, noted or renamed but the taskId.

    A known taskId is looked for in every text: a message is only taken for the same while each of its
    texts is shorter than the shortest of these.
    """

    def __init__(self) -> None:
        self._longest: dict[tuple[Kind, bool, str | bytes], int] = {}

    def again(self, kind: Kind, message: Parted, aliases: Aliases) -> Redacted | None:
        """Return a message as it is kept, if one of its kind that says the same was gone through before."""
        real = message.real
        longest = self._longest.get((kind, real is None, message.text))
        if longest is None or longest >= aliases.shortest:
            return None
        if real is None:
            return made(Redacted, (message.body, None, None, (), NO_NOTES))
        if not sound(real):
            return None
        if alias := aliases.held(real):
            return made(Redacted, (message.renamed(alias), alias, None, (), NO_NOTES))
        if message.handed is None or longest >= len(real):
            return None
        alias, print_ = aliases.of(real)
        return Redacted(message.renamed(alias), alias, print_)

    def add(self, kind: Kind, message: Parted) -> None:
        """Remember a message that was found plain."""
        if len(text := message.text) > _LARGEST:
            return
        if len(self._longest) >= MOST:
            self._longest.clear()
        self._longest[kind, message.real is None, text] = _longest(message.body)


@functools.lru_cache(1024)
def sound(real: str) -> bool:
    """Tell whether a taskId is as the protocol has it."""
    return not check(real, TASK_ID)


def _longest(value: Json) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return max((max(len(key), _longest(inner)) for key, inner in value.items()), default=0)
    return max(map(_longest, value), default=0) if isinstance(value, list) else 0
