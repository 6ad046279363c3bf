"""From the bytes of a connection to requests, within limits. What breaks a rule becomes a response."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from functools import lru_cache
from operator import methodcaller
from typing import Any

import httptools

from holter.endpoint.http import HttpRequest, HttpResponse, plain
from holter.endpoint.ordinary import ordinary
from holter.wire.regex import regex
from holter.wire.tuples import made
from holter.wire.value import value

_SLICE = 16_384
_HTTP_2 = b"PRI * HTTP/2.0"  # how a client begins that knows beforehand: RFC 9113, 3.4
_AUTHORITY = regex(rb"https?://[^/?#]*", re.IGNORECASE)


@value
class Bounds:
    """The largest head and body that are read, in bytes; EvaluateExpression alone may carry 20 MB."""

    head: int = 65_536
    body: int = 32 * 1024 * 1024


BOUNDS = Bounds()


class RefusedError(Exception):
    """The bytes cannot be read as a request: `response` says why, and the connection ends with it."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.response: HttpResponse = plain(status, text)


class Reader:
    """Feed it bytes; it returns the requests that are complete. `expecting` asks for a 100 Continue."""

    def __init__(self, peer: str, bounds: Bounds, clock: Callable[[], float]) -> None:
        self.expecting = False
        self._peer, self._bounds, self._clock = peer, bounds, clock
        self._complete: list[HttpRequest] = []
        self._fields: dict[bytes, bytes] = {}
        self.on_header = self._fields.setdefault
        """Takes a header (called by the parser, and many times: so it is no function of ours)."""
        self._parser: Any = httptools.HttpRequestParser(self)
        self._in_head, self._head_size = True, 0
        self._short = min(_SLICE, bounds.head, bounds.body)
        self._between = True
        """Whether the parser is at the beginning of a request."""
        self._begin()

    def feed(self, data: bytes) -> list[HttpRequest]:
        """Take bytes and return what became complete; raises RefusedError, after which it is useless.

        Requests that were complete before the bad bytes stay in `left`.
        """
        if len(data) <= self._short:
            if self._between and (found := ordinary(data)):
                self._head_size = 0  # blank lines before it are done with
                return [made(HttpRequest, ("POST", "/", *found, self._peer, self._clock(), True, True))]
            self._feed(data)
        else:
            for start in range(0, len(data), _SLICE):
                self._feed(data[start : start + _SLICE])
        return self.left()

    def left(self) -> list[HttpRequest]:
        """Take the requests that are complete."""
        complete, self._complete = self._complete, []
        return complete

    def _feed(self, data: bytes) -> None:
        before = len(self._complete)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            raise RefusedError(400, "this endpoint does not tunnel or upgrade") from None
        except httptools.HttpParserCallbackError as why:
            raise _cause(why) from None
        except httptools.HttpParserError as why:
            said = "HTTP/2 is not spoken here" if data.startswith(_HTTP_2) else str(why)
            raise RefusedError(400, f"not HTTP/1.1: {said}") from None
        same = self._in_head and len(self._complete) == before
        self._head_size = self._head_size + len(data) if same else 0
        if self._head_size > self._bounds.head:
            raise RefusedError(431, f"the head is longer than {self._bounds.head} bytes")

    def _begin(self) -> None:
        self._url, self._body, self._size = b"", list[bytes](), 0
        self._headers: dict[str, str] = {}
        self._encoding = ""
        self._came: float | None = None
        self._fields.clear()

    def on_message_begin(self) -> None:
        """Begin a request (called by the parser)."""
        self._begin()
        self._between = False
        self._came = self._clock()
        self._in_head = True

    def on_url(self, url: bytes) -> None:
        """Take a piece of the path (called by the parser)."""
        self._url += url

    def on_headers_complete(self) -> None:
        """Check what the head announces (called by the parser)."""
        self._in_head = False
        names = map(_lower, reversed(self._fields))  # of two that differ in case alone, the first counts
        self._headers = named = dict(zip(names, map(_text, reversed(self._fields.values())), strict=True))
        length = named.get("content-length", "0")
        if length.isdecimal() and int(length) > self._bounds.body:
            raise RefusedError(413, f"the body is longer than {self._bounds.body} bytes")
        self._encoding = named.get("content-encoding", "").strip().lower()
        if "expect" in named:
            self._expected(named["expect"].lower())

    def _expected(self, expected: str) -> None:
        if expected not in ("", "100-continue"):
            raise RefusedError(417, f"the expectation {expected!r} is not known")
        self.expecting = bool(expected) and self._parser.get_http_version() == "1.1"

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body (called by the parser)."""
        self.expecting = False
        self._size += len(body)
        if self._size > self._bounds.body:
            raise RefusedError(413, f"the body is longer than {self._bounds.body} bytes")
        self._body.append(body)

    def on_message_complete(self) -> None:
        """End a request (called by the parser)."""
        self.expecting = False
        self._in_head = True
        self._between = keep = self._parser.should_keep_alive()
        request = HttpRequest(
            self._parser.get_method().decode("latin-1"),
            _path(self._url),
            self._headers,
            _unpacked(b"".join(self._body), self._encoding, self._bounds.body),
            self._peer,
            self._clock() if self._came is None else self._came,
            keep,
            self._parser.get_http_version() != "1.0",
        )
        self._complete.append(request)


_text = methodcaller("decode", "latin-1")


@lru_cache(256)
def _lower(name: bytes) -> str:
    return str(name, "latin-1").lower()


def _path(url: bytes) -> str:
    """Return the path of a target, also of one that is a whole URL: RFC 9112, 3.2.2."""
    if not url.startswith(b"/") and (found := _AUTHORITY.match(url)):
        url = url[found.end() :]
        url = url if url.startswith(b"/") else b"/" + url
    return url.decode("latin-1")


def _unpacked(body: bytes, encoding: str, most: int) -> bytes:
    """Return a body without its Content-Encoding, of which gzip is known; RefusedError says what is wrong."""
    if encoding in ("", "identity"):
        return body
    if encoding not in ("gzip", "x-gzip"):
        raise RefusedError(415, f"the Content-Encoding {encoding!r} is not known")
    gzip = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        found = gzip.decompress(body, most)
    except zlib.error as why:
        raise RefusedError(400, f"the body is not gzip: {why}") from None
    if gzip.unconsumed_tail:
        raise RefusedError(413, f"the body is longer than {most} bytes")
    if not gzip.eof:
        raise RefusedError(400, "the body is not gzip: it is cut off")
    return found


def _cause(why: BaseException) -> BaseException:
    cause = why.__context__
    return cause if isinstance(cause, RefusedError) else why
