"""A request and a response, as the endpoint's handlers see them."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from holter.wire.decision import Cut
from holter.wire.message import Headers, Named
from holter.wire.value import value


class HttpRequest(NamedTuple):  # as HttpResponse a tuple, which is made in a third of a dataclass's time
    """A whole request.

    Of `headers`, those of the head alone are there, and of each the first; a trailer after the body is not.
    `came` is when its first byte came, in seconds of the monotonic clock; `keep` tells whether its
    connection is kept after the answer, `chunks` whether an answer may come in chunks.
    """

    method: str
    path: str
    headers: Named
    body: bytes
    peer: str
    came: float
    keep: bool = True
    chunks: bool = True


class HttpResponse(NamedTuple):
    """A whole response; the endpoint adds Date unless there is one, Content-Length and Connection."""

    status: int
    body: bytes = b""
    headers: Headers = ()


@value
class HttpStream:
    """A response whose body comes piece by piece, for as long as it takes; it ends when the client leaves.

    The next piece is asked for only when the client has taken most of those before.
    """

    status: int
    pieces: AsyncGenerator[bytes, None]
    headers: Headers = ()


@value
class HangUp:
    """No answer, or half of one: the connection is broken, in the way that `cut` says."""

    cut: Cut = Cut.CLOSE
    response: HttpResponse | None = None


Outcome: TypeAlias = HttpResponse | HangUp
Given: TypeAlias = Outcome | HttpStream

Handler: TypeAlias = Callable[[HttpRequest], Given | Awaitable[Given]]
"""Answers a request, at once or later. It is cancelled when the client leaves before a later answer."""


def plain(status: int, text: str) -> HttpResponse:
    """Return a response of one line of text."""
    return HttpResponse(status, f"{text}\n".encode(), (("Content-Type", "text/plain; charset=utf-8"),))


def encode(response: HttpResponse, now: float, *, keep: bool, head: bool = False) -> bytes:
    """Return the bytes of a response at a time in seconds since 1970; `head` leaves the body out."""
    found = _head(response.status, response.headers, _length(len(response.body)), int(now), keep)
    return found if head else found + response.body


def begin(response: HttpStream, now: float, *, keep: bool, chunked: bool) -> bytes:
    """Return the head of a response that comes in pieces; one that is not chunked ends its connection."""
    framing = (("Transfer-Encoding", "chunked"),) if chunked else ()
    return _head(response.status, response.headers, framing, int(now), keep and chunked)


def chunk(piece: bytes, *, chunked: bool) -> bytes:
    """Return a piece of a body as it goes over the wire; the empty one is the last."""
    return b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece


@lru_cache(256)
def _length(length: int) -> Headers:
    return (("Content-Length", str(length)),)


@lru_cache(256)
def _head(status: int, headers: Headers, framing: Headers, now: int, keep: bool) -> bytes:
    dated = any(name.lower() == "date" for name, _ in headers)
    lines = [
        f"HTTP/1.1 {status} {_phrase(status)}",
        *(() if dated else (f"Date: {_date(now)}",)),
        *(f"{name}: {value}" for name, value in (*headers, *framing)),
        *(() if keep else ("Connection: close",)),
    ]
    return "\r\n".join((*lines, "", "")).encode("latin-1")


def _phrase(status: int) -> str:
    if status == 200:
        return "OK"
    from http import HTTPStatus  # not before there is another: the endpoint starts sooner

    return HTTPStatus(status).phrase if status in {each.value for each in HTTPStatus} else "Unknown"


@lru_cache(1)
def _date(now: int) -> str:
    """Return a time as HTTP writes it, in English whatever the locale (RFC 9110, 5.6.7)."""
    at = time.gmtime(now)
    day, month = _DAYS[at.tm_wday], _MONTHS[at.tm_mon - 1]
    return f"{day}, {at.tm_mday:02} {month} {at.tm_year} {at.tm_hour:02}:{at.tm_min:02}:{at.tm_sec:02} GMT"


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
