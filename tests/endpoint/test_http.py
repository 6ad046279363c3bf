from __future__ import annotations

from collections.abc import AsyncGenerator
from email.utils import formatdate

import pytest

from holter.endpoint.http import HttpResponse, HttpStream, begin, chunk, encode, plain

EPOCH = b"Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"


@pytest.mark.parametrize(
    ("response", "keep", "head", "expected"),
    [
        (
            HttpResponse(200, b"{}", (("A", "b"),)),
            True,
            False,
            b"HTTP/1.1 200 OK\r\n" + EPOCH + b"A: b\r\nContent-Length: 2\r\n\r\n{}",
        ),
        (
            HttpResponse(200),
            False,
            False,
            b"HTTP/1.1 200 OK\r\n" + EPOCH + b"Content-Length: 0\r\nConnection: close\r\n\r\n",
        ),
        (
            HttpResponse(299, b"x"),
            True,
            True,
            b"HTTP/1.1 299 Unknown\r\n" + EPOCH + b"Content-Length: 1\r\n\r\n",
        ),
    ],
)
def test_a_response_becomes_bytes(response: HttpResponse, keep: bool, head: bool, expected: bytes) -> None:
    assert encode(response, 0.0, keep=keep, head=head) == expected


@pytest.mark.parametrize("now", [0.0, 1795224003.9, 951_782_400.0, 4_102_444_799.5])
def test_a_date_is_written_as_http_wants_it(now: float) -> None:
    date = formatdate(int(now), usegmt=True)
    assert f"\r\nDate: {date}\r\n".encode() in encode(HttpResponse(200), now, keep=True)


def test_plain_text_ends_with_a_newline() -> None:
    assert plain(400, "no").body == b"no\n"


@pytest.mark.parametrize(
    ("keep", "chunked", "more"),
    [
        (True, True, b"Transfer-Encoding: chunked\r\n\r\n"),
        (False, True, b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"),
        (True, False, b"Connection: close\r\n\r\n"),
    ],
)
def test_a_stream_begins_with_a_head_that_says_how_it_ends(keep: bool, chunked: bool, more: bytes) -> None:
    async def pieces() -> AsyncGenerator[bytes, None]:
        yield b"x"

    head = begin(HttpStream(200, pieces()), 0.0, keep=keep, chunked=chunked)

    assert head == b"HTTP/1.1 200 OK\r\n" + EPOCH + more


def test_a_piece_goes_as_a_chunk_or_as_it_is() -> None:
    assert chunk(b"hello world, 17 b", chunked=True) == b"11\r\nhello world, 17 b\r\n"
    assert chunk(b"", chunked=True) == b"0\r\n\r\n"
    assert chunk(b"x", chunked=False) == b"x"
