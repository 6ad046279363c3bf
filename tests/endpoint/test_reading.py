from __future__ import annotations

import gzip
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holter.endpoint.reading import Bounds, Reader, RefusedError

TWO = (
    b"POST /? HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
    b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nTrailer: t\r\n\r\n"
    b"HEAD /x HTTP/1.0\r\n\r\n"
)


def reader(**bounds: int) -> Reader:
    return Reader("1.2.3.4:5", Bounds(**bounds), lambda: 7.0)


def packed(body: bytes, encoding: bytes = b"gzip") -> bytes:
    return b"POST / HTTP/1.1\r\nContent-Encoding: %b\r\nContent-Length: %d\r\n\r\n%b" % (
        encoding,
        len(body),
        body,
    )


@given(st.sets(st.integers(1, len(TWO) - 1)))
def test_requests_are_the_same_however_their_bytes_are_cut(cuts: set[int]) -> None:
    edges = [0, *sorted(cuts), len(TWO)]
    made = reader()
    found = [one for start, end in itertools.pairwise(edges) for one in made.feed(TWO[start:end])]
    assert [(one.method, one.path, one.body, one.keep) for one in found] == [
        ("POST", "/?", b"abc", True),
        ("POST", "/", b"hello", True),
        ("HEAD", "/x", b"", False),
    ]
    assert found[0].headers == {"host": "a", "content-length": "3"}
    assert (found[0].peer, found[0].came) == ("1.2.3.4:5", 7.0)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00", 400),
        (b"GET\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"CONNECT a:1 HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 101\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n" + b"x" * 101, 413),
        (b"POST / HTTP/1.1\r\nExpect: a-miracle\r\n\r\n", 417),
        (b"POST / HTTP/1.1\r\nX: " + b"x" * 40_000, 431),
        (b"POST /" + b"x" * 40_000, 431),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        (packed(b"abc", b"br"), 415),
        (packed(b"abc"), 400),
        (packed(gzip.compress(b"abc", mtime=0)[:-4]), 400),
        (packed(gzip.compress(b"x" * 101, mtime=0)), 413),
    ],
)
def test_what_breaks_a_rule_is_refused(data: bytes, status: int) -> None:
    with pytest.raises(RefusedError) as refused:
        reader(head=20_000, body=100).feed(data)
    assert refused.value.response.status == status


def test_a_body_is_unpacked_up_to_the_bound() -> None:
    found = reader(body=100).feed(packed(gzip.compress(b"x" * 100, mtime=0)) + packed(b"abc", b"identity"))

    assert [one.body for one in found] == [b"x" * 100, b"abc"]


@pytest.mark.parametrize(
    ("target", "path"),
    [("http://a.example/", "/"), ("HTTPS://a:1/x?y", "/x?y"), ("http://a", "/"), ("http://a?q", "/?q"),
     ("/http://a/", "/http://a/"), ("*", "*")],
)  # fmt: skip
def test_a_target_may_be_a_whole_url(target: str, path: str) -> None:
    (found,) = reader().feed(f"OPTIONS {target} HTTP/1.1\r\nHost: a\r\n\r\n".encode())

    assert found.path == path


def test_requests_before_the_bad_bytes_are_kept() -> None:
    made = reader()
    with pytest.raises(RefusedError):
        made.feed(TWO[:60] + b"\x00\x00garbage\r\n\r\n")
    assert [one.body for one in made.left()] == [b"abc"]


def test_a_body_that_was_announced_is_asked_for() -> None:
    made = reader()
    head = b"POST / HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\n"
    assert made.feed(head) == []
    assert made.expecting
    assert [one.body for one in made.feed(b"ok")] == [b"ok"]
    assert not made.expecting
    assert [one.body for one in made.feed(head + b"ok")] == [b"ok"]
    assert not made.expecting


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    made = reader()
    try:
        found = made.feed(data)
    except RefusedError as refused:
        status, found = refused.response.status, made.left()
    else:
        status = 200
    assert status in (200, 400, 413, 417, 431)
    assert all(one.method for one in found)


def test_the_limit_of_a_head_is_that_of_one_request_and_not_of_a_connection() -> None:
    reader = Reader("peer", Bounds(head=200, body=1000), lambda: 0.0)
    request = b"POST / HTTP/1.1\r\nX: " + b"x" * 100 + b"\r\nContent-Length: 2\r\n\r\n{}"
    assert sum(len(reader.feed(request)) for _ in range(50)) == 50
    with pytest.raises(RefusedError):
        reader.feed(b"POST / HTTP/1.1\r\nX: " + b"x" * 300)


def test_of_headers_of_one_name_the_first_counts_and_a_trailer_is_none() -> None:
    head = b"POST / HTTP/1.1\r\nX-A: 1\r\nx-a: 2\r\nX-A: 3\r\nX-B: \xe9\r\nTransfer-Encoding: chunked\r\n\r\n"
    first, second = reader().feed(head + b"1\r\na\r\n0\r\nX-C: late\r\n\r\nGET / HTTP/1.1\r\n\r\n")

    assert first.headers == {"x-a": "1", "x-b": "\xe9", "transfer-encoding": "chunked"}
    assert second.headers == {}
