"""The faults that a runner can be told to have, read from `KIND[:KEY=VALUE,...]`."""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from holter.errors import UsageError


class Kind(enum.StrEnum):
    """What a runner does wrong."""

    NO_ACK = "no-ack"
    LATE_ACK = "late-ack"
    STALL = "stall"
    IGNORE_CANCEL = "ignore-cancel"
    IGNORE_TERMINATE = "ignore-terminate"
    IGNORE_LOST = "ignore-lost"
    NO_STATUS = "no-status"
    DOUBLE_STATUS = "double-status"
    STATUS_AFTER_CANCEL = "status-after-cancel"
    CRASH = "crash"


@dataclass(frozen=True, slots=True)
class Row:
    """One kind's row: what it means, the key of its seconds, the keys that it needs, the keys it may have."""

    meaning: str
    seconds: str | None = None
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ("task", "times")

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key that the kind takes."""
        return (*self.needs, *self.may)


KINDS: Mapping[Kind, Row] = MappingProxyType(
    {
        Kind.NO_ACK: Row(
            "drop the task in silence; the slot stays busy for S seconds", "for", may=("for", "task", "times")
        ),
        Kind.LATE_ACK: Row("send the first beat S seconds late", "by", ("by",)),
        Kind.STALL: Row(
            "send no beat for S seconds after the Nth", "for", ("for",), ("after", "task", "times")
        ),
        Kind.IGNORE_CANCEL: Row("go on after canceled: true"),
        Kind.IGNORE_TERMINATE: Row("go on polling after terminate: true", may=()),
        Kind.IGNORE_LOST: Row("go on after TaskNotFoundException"),
        Kind.NO_STATUS: Row("never send SetTaskStatus"),
        Kind.DOUBLE_STATUS: Row("send SetTaskStatus twice"),
        Kind.STATUS_AFTER_CANCEL: Row("send SetTaskStatus although the task was cancelled"),
        Kind.CRASH: Row("end the whole runner at once after the Nth beat", may=("after", "task", "times")),
    }
)


@dataclass(frozen=True, slots=True)
class Misbehaviour:
    """One fault: which tasks have it (`task`, a glob over component ids) and how often per component.

    `seconds` is real time, never scaled. `after` counts beats.
    """

    kind: Kind
    task: str = "*"
    times: int | None = None
    seconds: float = 0.0
    after: int = 1


def parse(text: str) -> Misbehaviour:
    """Read `KIND[:KEY=VALUE,...]`; `UsageError` names the kinds or keys that there are."""
    name, _, rest = text.partition(":")
    kind = next((kind for kind in Kind if kind == name), None)
    if kind is None:
        raise UsageError(f"--misbehave: {name!r} is none of {', '.join(Kind)}")
    given = _pairs(kind, rest)
    if missing := [key for key in KINDS[kind].needs if key not in given]:
        raise UsageError(f"--misbehave {kind}: needs {missing[0]}=, such as {kind}:{missing[0]}=5")
    return Misbehaviour(
        kind,
        task=given.get("task", "*"),
        times=_count(kind, "times", given["times"], 1) if "times" in given else None,
        seconds=_seconds(kind, given),
        after=_count(kind, "after", given.get("after", "1"), 0 if kind is Kind.CRASH else 1),
    )


def table() -> str:
    """Return the table of kinds for a help text, one a line."""
    heads = {f"{kind}{':' if _example(row) else ''}{_example(row)}": row for kind, row in KINDS.items()}
    width = max(map(len, heads))
    return "\n".join(f"{head:{width}}  {row.meaning}" for head, row in heads.items())


def _example(row: Row) -> str:
    keys = [key for key in row.keys if key not in ("task", "times")]
    return ",".join(f"{key}={'N' if key == 'after' else 'S'}" for key in keys)


def _pairs(kind: Kind, text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in filter(None, text.split(",")):
        key, equals, value = pair.partition("=")
        if key not in KINDS[kind].keys:
            raise UsageError(f"--misbehave {kind}: {key!r} is no key of it; {_allowed(kind)}")
        if not equals or not value or key in found:
            raise UsageError(f"--misbehave {kind}: {pair!r} is not {key}=VALUE, given once")
        found[key] = value
    return found


def _allowed(kind: Kind) -> str:
    keys = KINDS[kind].keys
    return f"it takes {', '.join(keys)}" if keys else "it takes none"


def _seconds(kind: Kind, given: Mapping[str, str]) -> float:
    key = KINDS[kind].seconds
    if key is None or key not in given:
        return 0.0
    try:
        value = float(given[key])
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise UsageError(f"--misbehave {kind}: {key}={given[key]} is not a number of seconds from 0 up")
    return value


def _count(kind: Kind, key: str, text: str, least: int) -> int:
    if not (text.isascii() and text.isdecimal()) or int(text) < least:
        raise UsageError(f"--misbehave {kind}: {key}={text} is not a whole number from {least} up")
    return int(text)
