"""What a hand-out says about its task: who it is, what it runs, and how long its lease lasts."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from holter.lease.finding import Limit
from holter.lease.profile import (
    ATTEMPT_LIMIT,
    ATTEMPT_SOURCE,
    PIPELINE_LIMIT,
    PIPELINE_SOURCE,
    Profile,
)
from holter.wire.message import Interaction, Json
from holter.wire.operations import DATA_PIPELINE
from holter.wire.period import seconds

_ATTEMPT = re.compile(r"@(.+?)_\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:_\d+)?_Attempt=(\d+)")
_NOTHING: Mapping[str, str] = MappingProxyType({})
_PARENTS = ("parent", "@componentParent", "@instanceParent")


@dataclass(frozen=True, slots=True)
class Handout:
    """A task as PollForTask hands it out, with its limit for beats, and for the whole attempt if it has one.

    `limit_known` is false where the limit could not be read, so that breaking it is never certain. `unread`
    has the limits that stand there as something other than a period, such as an unevaluated expression.
    `retries` is `maximumRetries` of the activity.
    """

    attempt: str | None
    pipeline: str | None
    activity: str | None
    kind: str | None
    limit: Limit
    limit_known: bool
    timeout: Limit | None = None
    unread: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    retries: int | None = None


def is_handout(interaction: Interaction) -> bool:
    """Tell whether an answer hands out a task: it has a task object, and that has a task id."""
    return _task(interaction).get(DATA_PIPELINE.handle) is not None


def read(interaction: Interaction, profile: Profile) -> Handout:
    """Read the hand-out of a PollForTask answer."""
    task = _task(interaction)
    attempt, pipeline = _text(task.get("attemptId")), _text(task.get("pipelineId"))
    objects = task.get("objects")
    said = _said(objects, attempt) if isinstance(objects, dict) and attempt else {}
    periods = {name: _text(said.get(name)) for name in (PIPELINE_LIMIT, ATTEMPT_LIMIT)}
    limit, known = _limit(periods[PIPELINE_LIMIT], profile)
    match = _ATTEMPT.fullmatch(attempt or "")
    return Handout(
        attempt=attempt,
        pipeline=_shared(pipeline),
        activity=_shared(match[1]) if match else attempt,
        kind=_shared(_text(said.get("type"))),
        limit=limit,
        limit_known=known,
        timeout=_timeout(periods[ATTEMPT_LIMIT], profile),
        unread=_unread(periods) or _NOTHING,
        retries=_retries(_text(said.get("maximumRetries"))),
    )


def _unread(periods: Mapping[str, str | None]) -> dict[str, str]:
    return {name: said for name, said in periods.items() if said is not None and seconds(said) is None}


def _shared(text: str | None) -> str | None:
    """Return the one copy of a text that many hand-outs have in common."""
    return text if text is None else sys.intern(text)


def _retries(said: str | None) -> int | None:
    return int(said) if said and said.isascii() and said.isdigit() and len(said) < 10 else None


def unknown(profile: Profile) -> Handout:
    """Return the hand-out of a task whose hand-out was not seen."""
    limit, _ = _limit(None, profile)
    known = profile.timeout is not None
    return Handout(None, None, None, None, limit, limit_known=known, timeout=_timeout(None, profile))


@functools.lru_cache(256)
def _the(name: str, seconds: float, source: str) -> Limit:
    """Return the one limit of these values, which many hand-outs have in common."""
    return Limit(name, seconds, source)


def _limit(period: str | None, profile: Profile) -> tuple[Limit, bool]:
    if profile.timeout is not None:
        return _the(PIPELINE_LIMIT, profile.timeout, "--what-if"), True
    default = _the("progress", profile.limits.progress, profile.sources["progress"])
    if period is None:
        return default, True
    found = seconds(period)
    if found is None:
        return default, False
    return _the(PIPELINE_LIMIT, found * profile.scale, PIPELINE_SOURCE), True


def _timeout(period: str | None, profile: Profile) -> Limit | None:
    if profile.attempt is not None:
        return _the(ATTEMPT_LIMIT, profile.attempt, "--what-if")
    found = seconds(period) if period else None
    return None if found is None else _the(ATTEMPT_LIMIT, found * profile.scale, ATTEMPT_SOURCE)


def _task(interaction: Interaction) -> dict[str, Json]:
    body = interaction.response
    task = body.get(DATA_PIPELINE.handout) if isinstance(body, dict) else None
    return task if isinstance(task, dict) and interaction.status == 200 else {}


def _said(objects: Mapping[str, Json], start: str) -> dict[str, Json]:
    """Return the fields of an object and of the parents that it names, each object once; the first counts."""
    waiting, seen, said = [start], set[str](), dict[str, Json]()
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        for key, value in _fields(objects.get(name)):
            said.setdefault(key, value)
            if key in _PARENTS and isinstance(value, str):
                waiting.append(value)
    return said


def _fields(value: Json) -> Iterator[tuple[str, Json]]:
    fields = value.get("fields") if isinstance(value, dict) else None
    for one in fields if isinstance(fields, list) else ():
        if isinstance(one, dict):
            yield str(one.get("key")), one.get("stringValue", one.get("refValue"))


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None
