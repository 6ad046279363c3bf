"""Facts about a call that only its recorder sees: they are noted where they are out of the ordinary."""

from __future__ import annotations

import functools
import re
from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime

from holter.wire.message import Call, Json
from holter.wire.regex import regex

CLOCK_SKEW, REGIONS, MANGLED = "clock_skew", "regions", "mangled"
"""Keys of notes: seconds that the client's clock is ahead; where a task was handed out and where reported
on; which task a changed taskId was."""

NOTED_FROM = 300.0
"""Seconds of skew from which on it is noted: what Signature Version 4 allows."""

_REGION = regex(r"datapipeline(?:-fips)?\.([a-z]{2}(?:-[a-z]+)+-\d+)\.")
_DATE = regex(r"\d{8}T\d{6}Z", re.ASCII)
_KEPT = 10_000
_SHORTEST = 16  # of an id that is cut off: a shorter one may begin like any other


@functools.lru_cache(64)
def signed_at(date: str | None) -> float | None:
    """Return the moment that X-Amz-Date gives, seconds since 1970 UTC; None where it gives none."""
    try:
        return datetime.fromisoformat(date).timestamp() if date and _DATE.fullmatch(date) else None
    except ValueError:
        return None


def skew(call: Call) -> dict[str, Json]:
    """Return the note on a client's clock that is far from ours."""
    if call.signed is None or abs(ahead := call.signed - call.asked.wall) <= NOTED_FROM:
        return {}
    return {CLOCK_SKEW: round(ahead, 1)}


def region(host: str) -> str | None:
    """Return the region that a host of the service names."""
    found = _REGION.match(host.lower())
    return found[1] if found else None


class Regions:
    """Remembers in which region each task was handed out."""

    def __init__(self) -> None:
        self._of: OrderedDict[str, str] = OrderedDict()

    def handed(self, task: str, host: str) -> None:
        """Remember a hand-out."""
        if found := region(host):
            self._of[task] = found
            self._of.move_to_end(task)
            if len(self._of) > _KEPT:
                self._of.popitem(last=False)

    def note(self, task: str | None, host: str) -> dict[str, Json]:
        """Return the note on a call about a task that was handed out in another region."""
        before = self._of.get(task or "")
        if before is None or (now := region(host)) in (None, before):
            return {}
        return {REGIONS: [before, now]}


def mangled(given: str, known: Iterable[tuple[str, str]]) -> str | None:
    """Return which known task a taskId must have been, and what became of it; None where it is none of them.

    `known` are real ids with their aliases.
    """
    for real, alias in known:
        if given != real and (how := _changed(given, real)):
            return f"{alias}, {how}"
    return None


def _changed(given: str, real: str) -> str | None:
    from urllib.parse import unquote  # few ids are changed

    plain = unquote(real)
    spellings = {
        plain: "URL-decoded",
        unquote(real.replace("+", " ")): "URL-decoded",
        real.replace("+", " "): "with blanks for +",
        real.strip(): "without the blanks around it",
        real.rpartition(":")[0]: "without its tail",
    }
    if given.strip() == real:
        return "with blanks around it"
    if unquote(given) == real:
        return "URL-encoded"
    if how := spellings.get(given):
        return how
    cut = len(given) >= _SHORTEST and real.startswith(given)
    return f"cut off after {len(given)} characters" if cut else None
