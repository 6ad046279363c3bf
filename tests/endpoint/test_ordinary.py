from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holter.endpoint import ordinary as module
from holter.endpoint.http import HttpRequest
from holter.endpoint.ordinary import ordinary
from holter.endpoint.reading import Bounds, Reader, RefusedError

LINES = (
    b"Host: 127.0.0.1:8080",
    b"X-Amz-Target: DataPipeline.ReportTaskProgress",
    b"x-amz-target: DataPipeline.PollForTask",
    b"User-Agent: Boto3/1.44.5 md/Botocore#1.44.5 ua/2.1",
    b"Connection: Keep-Alive",
    b"connection: close",
    b"Proxy-Connection: close",
    b"Connection: upgrade",
    b"Upgrade: websocket",
    b"Expect: 100-continue",
    b"Expect:",
    b"Content-Encoding: gzip",
    b"Content-Encoding: identity",
    b"Transfer-Encoding: chunked",
    b"Content-Length: 2",
    b"Content-Length: 02",
    b"Content-Length: +2",
    b"Content-Length:2",
    b"Content-Length: 2, 2",
    b"X-Empty:",
    b"X-Blanks: \t a  b \t",
    b"X-Latin: \xe9",
    b"X-Bad: \x00",
    b"X-Bare: a\rb",
    b"X-Bare: a\nX-Hidden: b",
    b"X Space: a",
    b"X-Space : a",
    b" folded: a",
    b"no colon",
    b": no name",
    b"",
)
STARTS = (b"POST / HTTP/1.1", b"POST / HTTP/1.0", b"GET / HTTP/1.1", b"POST /x HTTP/1.1", b"POST  / HTTP/1.1")
PLAIN = b"POST / HTTP/1.1\r\nHost: a\r\nX-Amz-Target: DataPipeline.PollForTask\r\nContent-Length: 2\r\n\r\n{}"


def parsed(data: bytes) -> list[HttpRequest] | None:
    """Return what the parser alone reads: it is not asked for the whole when its bytes come in two parts."""
    reader = Reader("1.2.3.4:5", Bounds(), lambda: 7.0)
    try:
        return [*reader.feed(data[:1]), *reader.feed(data[1:])]
    except RefusedError:
        return None


@given(
    st.sampled_from(STARTS),
    st.lists(st.sampled_from(LINES) | st.binary(max_size=12), max_size=6),
    st.sampled_from([b"", b"Content-Length: 2\r\n"]),
    st.sampled_from([b"", b"{}", b"{}\r\n", b"{}" + PLAIN, b"\r\n\r\n"]),
)
def test_what_is_read_in_one_go_is_what_the_parser_reads(
    start: bytes, lines: list[bytes], length: bytes, body: bytes
) -> None:
    data = b"\r\n".join((start, *lines)) + b"\r\n" + length + b"\r\n" + body
    found = ordinary(data)
    if found is not None:
        assert parsed(data) == [HttpRequest("POST", "/", *found, "1.2.3.4:5", 7.0)]


@pytest.mark.parametrize(
    ("data", "whole"),
    [
        (PLAIN, True),
        (PLAIN.replace(b"Host: a", b"Host: a\r\nConnection: keep-alive"), True),
        (PLAIN.replace(b"Host: a", b"Host: a\r\nConnection: close"), False),
        (PLAIN.replace(b"Host: a", b"Host: a\r\nhost: b"), False),
        (PLAIN.replace(b": 2", b": 3"), False),
        (PLAIN.replace(b"POST / ", b"POST /? "), False),
        (PLAIN[:-1], False),
        (PLAIN + PLAIN, False),
        (b"POST / HTTP/1.1\r\n", False),
        (b"POST / HTTP/1.1\r\n\r\n", False),
        (b"", False),
    ],
)
def test_only_a_whole_and_plain_request_is_read_in_one_go(data: bytes, whole: bool) -> None:
    assert (ordinary(data) is not None) == whole


def test_a_request_is_read_by_the_parser_where_another_is_not_complete() -> None:
    reader = Reader("1.2.3.4:5", Bounds(), lambda: 7.0)
    assert reader.feed(b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n") == []

    assert reader.feed(PLAIN[:9]) == [
        HttpRequest("POST", "/", {"content-length": "9"}, PLAIN[:9], "1.2.3.4:5", 7.0)
    ]
    assert [one.body for one in reader.feed(PLAIN)] == [b"{}"]


def test_blank_lines_between_requests_do_not_add_up_to_a_long_head() -> None:
    reader = Reader("1.2.3.4:5", Bounds(head=len(PLAIN)), lambda: 7.0)
    for _ in range(len(PLAIN)):
        assert reader.feed(b"\r\n") == []
        assert [one.body for one in reader.feed(PLAIN)] == [b"{}"]


def test_after_a_last_request_no_other_is_read() -> None:
    reader = Reader("1.2.3.4:5", Bounds(), lambda: 7.0)
    (last,) = reader.feed(PLAIN.replace(b"Host: a", b"Connection: close"))

    assert not last.keep
    with pytest.raises(RefusedError):
        reader.feed(PLAIN)


def test_no_more_than_so_many_lines_are_remembered() -> None:
    for number in range(2 * module._MOST_KNOWN):
        assert ordinary(PLAIN.replace(b"Host: a", b"Host: %d" % number))

    assert len(module._known) <= module._MOST_KNOWN


@pytest.mark.parametrize(
    "line",
    [
        b"Authorization: AWS4-HMAC-SHA256 a",
        b"X-Amz-Security-Token: a",
        b"Proxy-Authorization: Basic a",
        b"Cookie: a",
        b"X-Api-Key: a",
        b"User-Agent: " + b"a" * module._LONGEST_KNOWN,
    ],
)
def test_a_line_that_may_be_secret_is_not_remembered_and_a_long_one_neither(line: bytes) -> None:
    found = ordinary(PLAIN.replace(b"Host: a", line))

    assert found is not None
    assert line.partition(b": ")[2] in {value.encode() for value in found[0].values()}
    assert line not in module._known
