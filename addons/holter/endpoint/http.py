"""A request and a response, as the endpoint's handlers see them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from typing import TypeAlias

from holter.wire.message import Headers


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A whole request. `came` is when its first byte came, in seconds of the event loop's clock."""

    method: str
    path: str
    headers: Headers
    body: bytes
    peer: str
    came: float


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A whole response; the endpoint adds Date, Content-Length and Connection."""

    status: int
    body: bytes = b""
    headers: Headers = ()


Handler: TypeAlias = Callable[[HttpRequest], Awaitable[HttpResponse]]
"""Answers a request. It is cancelled when the client leaves before the answer."""


def plain(status: int, text: str) -> HttpResponse:
    """Return a response of one line of text."""
    return HttpResponse(status, f"{text}\n".encode(), (("Content-Type", "text/plain; charset=utf-8"),))


def encode(response: HttpResponse, now: float, *, keep: bool, head: bool = False) -> bytes:
    """Return the bytes of a response at a time in seconds since 1970; `head` leaves the body out."""
    phrase = HTTPStatus(response.status).phrase if response.status in _KNOWN else "Unknown"
    lines = [
        f"HTTP/1.1 {response.status} {phrase}",
        f"Date: {formatdate(now, usegmt=True)}",
        *(f"{name}: {value}" for name, value in response.headers),
        f"Content-Length: {len(response.body)}",
        *(() if keep else ("Connection: close",)),
    ]
    return "\r\n".join((*lines, "", "")).encode("latin-1") + (b"" if head else response.body)


_KNOWN = frozenset(status.value for status in HTTPStatus)
