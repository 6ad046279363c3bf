"""What a hand-out says about its task: who it is, what it runs, and how long its lease lasts."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator, Mapping
from dataclasses import field
from types import MappingProxyType
from typing import NamedTuple

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
from holter.wire.regex import regex
from holter.wire.value import value

_ATTEMPT = regex(r"@(.+?)_\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:_\d+)?_Attempt=(\d+)")
_NOTHING: Mapping[str, str] = MappingProxyType({})
_PARENTS = ("parent", "@componentParent", "@instanceParent")
_TELLING = frozenset({PIPELINE_LIMIT, ATTEMPT_LIMIT, "type", "maximumRetries", *_PARENTS})


@value
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
    progress, timeout = _period(said.get(PIPELINE_LIMIT)), _period(said.get(ATTEMPT_LIMIT))
    limit, known = _limit(progress, profile)
    match = _ATTEMPT.fullmatch(attempt or "")
    return Handout(
        attempt=attempt,
        pipeline=_shared(pipeline),
        activity=_shared(match[1]) if match else attempt,
        kind=_shared(said.get("type")),
        limit=limit,
        limit_known=known,
        timeout=_timeout(timeout, profile),
        unread=_unread(progress, timeout),
        retries=_retries(said.get("maximumRetries")),
    )


class _Period(NamedTuple):
    """A period as it was said, and in seconds where it can be read."""

    said: str
    seconds: float | None


def _period(said: str | None) -> _Period | None:
    return None if said is None else _Period(said, seconds(said))


def _unread(progress: _Period | None, timeout: _Period | None) -> Mapping[str, str]:
    periods = ((PIPELINE_LIMIT, progress), (ATTEMPT_LIMIT, timeout))
    return {name: one.said for name, one in periods if one and one.seconds is None} or _NOTHING


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


def _limit(period: _Period | None, profile: Profile) -> tuple[Limit, bool]:
    if profile.timeout is not None:
        return _the(PIPELINE_LIMIT, profile.timeout, "--what-if"), True
    if period and period.seconds is not None:
        return _the(PIPELINE_LIMIT, period.seconds * profile.scale, PIPELINE_SOURCE), True
    return _the("progress", profile.limits.progress, profile.sources["progress"]), period is None


def _timeout(period: _Period | None, profile: Profile) -> Limit | None:
    if profile.attempt is not None:
        return _the(ATTEMPT_LIMIT, profile.attempt, "--what-if")
    if period is None or period.seconds is None:
        return None
    return _the(ATTEMPT_LIMIT, period.seconds * profile.scale, ATTEMPT_SOURCE)


def _task(interaction: Interaction) -> dict[str, Json]:
    body = interaction.response
    task = body.get(DATA_PIPELINE.handout) if isinstance(body, dict) else None
    return task if isinstance(task, dict) and interaction.status == 200 else {}


def _said(objects: Mapping[str, Json], start: str) -> dict[str, str | None]:
    """Return the fields of an object and of the parents that it names, each object once; the first counts."""
    said: dict[str, str | None] = {}
    waiting, met = [start], {start}
    for name in waiting:
        for key, text in _fields(objects.get(name)):
            if key not in _PARENTS:
                said.setdefault(key, text)
            elif text is not None and text not in met:
                met.add(text)
                waiting.append(text)
    return said


def _fields(one: Json) -> Iterator[tuple[str, str | None]]:
    """Yield those fields of an object that say something of its lease."""
    fields = one.get("fields") if isinstance(one, dict) else None
    for said in fields if isinstance(fields, list) else ():
        if isinstance(said, dict):
            key = said.get("key")
            if isinstance(key, str) and key in _TELLING:
                yield key, _text(said.get("stringValue", said.get("refValue")))


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None
