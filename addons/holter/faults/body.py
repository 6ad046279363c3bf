"""An answer with another body: what the service said of the old one is left out."""

from __future__ import annotations

from holter.wire.message import Headers, Payload, Reply

_OF_THE_BODY = frozenset(("content-length", "content-encoding", "transfer-encoding", "x-amz-crc32"))


def rewritten(reply: Reply, body: Payload) -> Reply:
    """Return an answer with another body and without the length, encoding and checksum of the old."""
    return Reply(reply.status, body, without(reply.headers, *_OF_THE_BODY))


def with_header(reply: Reply, name: str, value: str) -> Reply:
    """Return an answer with one header set."""
    return Reply(reply.status, reply.body, (*without(reply.headers, name.lower()), (name, value)))


def without(headers: Headers, *names: str) -> Headers:
    """Return headers without those of some names, given in lower case."""
    return tuple((name, value) for name, value in headers if name.lower() not in names)
