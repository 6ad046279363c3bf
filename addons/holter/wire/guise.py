"""Headers that a fault gave an answer: how a recording tells them, and how they are sent again from it."""

from __future__ import annotations

from collections.abc import Mapping

from holter.wire.codec import header
from holter.wire.message import Headers, Json, Moment, Reply

_DATE = "Date"
_TOLD = (_DATE, "Content-Type", "Content-Encoding")


def dated(asked: Moment, seconds: int) -> str:
    """Return a Date that is so many seconds before a call."""
    from email.utils import formatdate  # which brings much with it: few answers need it

    return formatdate(int(asked.wall) - seconds, usegmt=True)


def told(reply: Reply, was: Headers, asked: Moment) -> dict[str, Json]:
    """Return the headers of an answer that are not as they were; a Date in seconds from the call."""
    found: dict[str, Json] = {}
    for name in _TOLD:
        value = header(reply.headers, name)
        if value is not None and value != header(was, name):
            found[name] = _age(value, asked) if name == _DATE else value
    return found


def _age(date: str, asked: Moment) -> int:
    from email.utils import parsedate_to_datetime

    return int(parsedate_to_datetime(date).timestamp()) - int(asked.wall)


def again(reply: Reply, said: Mapping[str, Json], asked: Moment) -> Reply:
    """Return an answer to a call with headers as they are told; what cannot be one is left out."""
    given = [(name, _value(name, said[name], asked)) for name in _TOLD if name in said]
    headers = tuple((name, value) for name, value in given if value is not None)
    return Reply(reply.status, reply.body, (*reply.headers, *headers)) if headers else reply


def _value(name: str, said: Json, asked: Moment) -> str | None:
    if name == _DATE:
        return dated(asked, -said) if isinstance(said, int) and abs(said) < asked.wall else None
    if not isinstance(said, str) or not said.isascii() or not said.isprintable():
        return None
    return said if name != "Content-Encoding" or said == "gzip" else None
