"""The keys of a header, a call line and a mark: how each is written, read, and refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from holter.errors import CassetteError
from holter.wire.message import Broken, Interaction, Json, Origin, Try
from holter.wire.near import near
from holter.wire.value import value

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_UTC = _EPOCH.replace(tzinfo=None)  # what has no zone is written in half the time
_MICROSECOND = timedelta(microseconds=1)


@value
class Field:
    """One key: the attribute it fills, its reader (`ValueError` where it cannot), and what it must be."""

    name: str
    read: Callable[[Any], Any]
    must_be: str


def time_text(wall: float | None) -> str | None:
    """Return seconds since 1970 as ISO 8601 UTC with microseconds."""
    if wall is None:
        return None
    return (_EPOCH_UTC + timedelta(0, wall)).isoformat("T", "microseconds") + "Z"


def call_of(interaction: Interaction) -> dict[str, Json]:
    """Return what the `call` line says of an interaction; what is empty is left out."""
    tried, mono = interaction.tried, interaction.mono
    said: dict[str, Json] = {
        "seq": interaction.seq or None,
        "op": interaction.op,
        "at": time_text(interaction.at),
        "mono": None if mono == (None, None, None) else list(mono),
        "caller": interaction.caller,
        "task": interaction.task,
        "print": interaction.print,
        "try": None if tried is None else _try_said(tried),
        "status": interaction.status,
        "error": interaction.error,
        "broken": interaction.broken,
        "origin": interaction.origin,
        "fault": interaction.fault,
        "upstream": None if interaction.upstream is None else dict(interaction.upstream),
        "oldest": interaction.oldest,
        "redacted": list(interaction.redacted) or None,
        "notes": dict(interaction.notes) or None,
    }
    return {key: value for key, value in said.items() if value is not None}


def read(said: Mapping[str, Json], known: Mapping[str, Field], where: str) -> dict[str, Any]:
    """Return the attributes that keys fill; `CassetteError` names one that is unknown or wrong."""
    found = {}
    for key, told in said.items():
        field = known.get(key)
        if field is None:
            raise CassetteError(f"unknown key {key!r} in {where}{meant(key, known)}")
        if told is None:
            continue
        try:
            found[field.name] = field.read(told)
        except ValueError:
            raise CassetteError(f"{key} in {where} must be {field.must_be}, not {told!r:.60}") from None
    return found


def meant(key: str, known: Iterable[str]) -> str:
    """Return a guess at what a wrong key was to be, else what is known."""
    known = list(known)
    close = near(key, known)
    return f": did you mean {close!r}?" if close else f": known are {', '.join(known)}"


def _try_said(tried: Try) -> dict[str, Json]:
    said: dict[str, Json] = {"id": tried.id, "n": tried.n}
    return said if tried.max is None else {**said, "max": tried.max}


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise ValueError
    return value


def _whole(value: Json) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError
    return value


def _number(value: Json) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise ValueError
    return float(value)


def _time(value: Json) -> float:
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError
    return ((moment - _EPOCH) // _MICROSECOND) / 1_000_000


def _moments(value: Json) -> tuple[float | None, ...]:
    if not isinstance(value, list) or len(value) != 3:
        raise ValueError
    return tuple(None if moment is None else _number(moment) for moment in value)


def _mapping(value: Json) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise ValueError
    return value


def _texts(value: Json) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError
    return tuple(_text(item) for item in value)


def _try(value: Json) -> Try:
    said = _mapping(value)
    if said.keys() - {"id", "n", "max"} or not said.keys() >= {"id", "n"}:
        raise ValueError
    most = said.get("max")
    return Try(_text(said["id"]), _whole(said["n"]), None if most is None else _whole(most))


_TIME = 'a UTC time such as "2026-11-21T01:20:03.512345Z"'
_TEXT = "a string"
_SECONDS = "a number of seconds"
_OBJECT = "an object"

HEADER: Mapping[str, Field] = {
    "recording": Field("recording", _text, _TEXT),
    "started": Field("started", _time, _TIME),
    "by": Field("by", _text, _TEXT),
    "service": Field("service", _text, _TEXT),
    "profile": Field("profile", _mapping, _OBJECT),
    "redaction": Field("redaction", _text, _TEXT),
}

CALL: Mapping[str, Field] = {
    "seq": Field("seq", _whole, "a whole number"),
    "op": Field("op", _text, "an operation such as PollForTask"),
    "at": Field("at", _time, _TIME),
    "mono": Field("mono", _moments, "[asked, answer's first byte, its last byte], numbers or null"),
    "caller": Field("caller", _text, _TEXT),
    "task": Field("task", _text, _TEXT),
    "print": Field("print", _text, _TEXT),
    "try": Field("tried", _try, 'an object such as {"id":"1111-2222","n":1,"max":3}'),
    "status": Field("status", _whole, "an HTTP status"),
    "error": Field("error", _text, _TEXT),
    "broken": Field("broken", Broken, f"one of {', '.join(Broken)}"),
    "origin": Field("origin", Origin, f"one of {', '.join(Origin)}"),
    "fault": Field("fault", _text, _TEXT),
    "upstream": Field("upstream", _mapping, _OBJECT),
    "oldest": Field("oldest", _number, _SECONDS),
    "redacted": Field("redacted", _texts, "a list of strings"),
    "notes": Field("notes", _mapping, _OBJECT),
}

MARK: Mapping[str, Field] = {
    "what": Field("what", _text, _TEXT),
    "at": Field("at", _time, _TIME),
    "mono": Field("mono", _number, _SECONDS),
}
