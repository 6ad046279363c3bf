"""A request and a response, as the endpoint's handlers see them."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import NamedTuple, TypeAlias

from holter.wire.decision import Cut
from holter.wire.message import Headers, Named


class HttpRequest(NamedTuple):  # as HttpResponse a tuple, which is made in a third of a dataclass's time
    """A whole request.

    Of `headers`, those of the head alone are there, and of each the first; a trailer after the body is not.
    `came` is when its first byte came, in seconds of the event loop's clock; `keep` tells whether its
    connection is kept after the answer.
    """

    method: str
    path: str
    headers: Named
    body: bytes
    peer: str
    came: float
    keep: bool = True


class HttpResponse(NamedTuple):
    """A whole response; the endpoint adds Date unless there is one, Content-Length and Connection."""

    status: int
    body: bytes = b""
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class HangUp:
    """No answer, or half of one: the connection is broken, in the way that `cut` says."""

    cut: Cut = Cut.CLOSE
    response: HttpResponse | None = None


Outcome: TypeAlias = HttpResponse | HangUp

Handler: TypeAlias = Callable[[HttpRequest], Outcome | Awaitable[Outcome]]
"""Answers a request, at once or later. It is cancelled when the client leaves before a later answer."""


def plain(status: int, text: str) -> HttpResponse:
    """Return a response of one line of text."""
    return HttpResponse(status, f"{text}\n".encode(), (("Content-Type", "text/plain; charset=utf-8"),))


def encode(response: HttpResponse, now: float, *, keep: bool, head: bool = False) -> bytes:
    """Return the bytes of a response at a time in seconds since 1970; `head` leaves the body out."""
    found = _head(response.status, response.headers, len(response.body), int(now), keep)
    return found if head else found + response.body


@lru_cache(256)
def _head(status: int, headers: Headers, length: int, now: int, keep: bool) -> bytes:
    phrase = HTTPStatus(status).phrase if status in _KNOWN else "Unknown"
    dated = any(name.lower() == "date" for name, _ in headers)
    lines = [
        f"HTTP/1.1 {status} {phrase}",
        *(() if dated else (f"Date: {_date(now)}",)),
        *(f"{name}: {value}" for name, value in headers),
        f"Content-Length: {length}",
        *(() if keep else ("Connection: close",)),
    ]
    return "\r\n".join((*lines, "", "")).encode("latin-1")


@lru_cache(1)
def _date(now: int) -> str:
    """Return a time as HTTP writes it, in English whatever the locale (RFC 9110, 5.6.7)."""
    at = time.gmtime(now)
    day, month = _DAYS[at.tm_wday], _MONTHS[at.tm_mon - 1]
    return f"{day}, {at.tm_mday:02} {month} {at.tm_year} {at.tm_hour:02}:{at.tm_min:02}:{at.tm_sec:02} GMT"


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_KNOWN = frozenset(status.value for status in HTTPStatus)
