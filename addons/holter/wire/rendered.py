"""An answer of the protocol as headers and bytes."""

from __future__ import annotations

from msgspec.json import Encoder

from holter.wire.codec import header
from holter.wire.message import Headers, Reply
from holter.wire.operations import DATA_PIPELINE

MADE_UP = "00000000-0000-4000-8000-000000000000"
"""The request id of every replayed answer: made up, and recognisable as such."""

_ENCODE = Encoder().encode
_TYPE = ("Content-Type", DATA_PIPELINE.content_type)


def rendered(reply: Reply, request_id: str = MADE_UP) -> tuple[Headers, bytes]:
    """Return what is sent for a reply, without its length; the reply's own headers go before ours."""
    ours = (("x-amzn-RequestId", request_id), _TYPE)
    body = reply.body if isinstance(reply.body, bytes) else _ENCODE(reply.body)
    if not reply.headers:
        return ours, body
    given = {name.lower() for name, _ in reply.headers}
    headers = (*((name, value) for name, value in ours if name.lower() not in given), *reply.headers)
    if header(reply.headers, "content-encoding") == "gzip":
        import gzip  # few answers were compressed

        body = gzip.compress(body, mtime=0)
    return headers, body
