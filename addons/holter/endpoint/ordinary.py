"""Requests as every SDK writes its calls, read in one go; whatever else comes is for the parser.

The parser takes several times as long: it asks for each header one by one. A request is read here only if
the parser would read the very same of it, which a test holds against it.
"""

from __future__ import annotations

from holter.wire.message import Named
from holter.wire.regex import regex

_START = b"POST / HTTP/1.1\r\n"
_LENGTH = len(_START)
_FIELD = regex(rb"([\w-]+): ([!-~](?:[ -~]*[!-~])?)")
_FRAMING = frozenset(
    {
        *("connection", "proxy-connection", "keep-alive", "upgrade", "expect"),
        *("transfer-encoding", "content-encoding", "te", "trailer"),
    }
)
"""Headers that decide how a request is read, or its answer sent: all but the length are for the parser."""

_KEPT_ALIVE = b"connection: keep-alive"
_SAME_AGAIN = frozenset(
    {
        *("host", "user-agent", "content-type", "content-length", "accept", "accept-encoding", "connection"),
        *("x-amz-target", "x-amz-date", "x-amz-user-agent", "amz-sdk-request", "amz-sdk-retry"),
    }
)
"""Headers whose lines are remembered: they come again and again, and none of them is a secret."""

_MOST_KNOWN = 1024
_LONGEST_KNOWN = 512  # bytes of a line, so that all that are remembered take less than 2 MB


class _Lines(dict[bytes, tuple[str, str]]):
    """Lines of heads with what they say: most of a client's are the same in each of its calls.

    `ValueError` where one is not plain.
    """

    def __missing__(self, line: bytes) -> tuple[str, str]:
        found = _FIELD.fullmatch(line)
        if found is None:
            raise ValueError
        name, value = str(found[1], "ascii").lower(), str(found[2], "ascii")
        if name in _FRAMING and line.lower() != _KEPT_ALIVE:
            raise ValueError
        if name in _SAME_AGAIN and len(line) <= _LONGEST_KNOWN:
            if len(self) >= _MOST_KNOWN:
                self.clear()
            self[line] = name, value
        return name, value


_known = _Lines()
_said = _known.__getitem__


def ordinary(data: bytes) -> tuple[Named, bytes] | None:
    """Return headers and body of the one `POST /` that data is, if it is whole, and written plainly."""
    if not data.startswith(_START):
        return None
    try:
        *lines, end, body = data[_LENGTH:].split(b"\r\n")
        named = dict(map(_said, lines))
    except ValueError:
        return None
    whole = not end and len(named) == len(lines) and named.get("content-length") == str(len(body))
    return (named, body) if whole else None
