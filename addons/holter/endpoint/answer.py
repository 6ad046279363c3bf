"""An answer of the protocol as an HTTP response."""

from __future__ import annotations

import gzip

from holter.endpoint.http import HttpResponse
from holter.wire.codec import encode, header
from holter.wire.message import Reply
from holter.wire.operations import DATA_PIPELINE

_TYPE = ("Content-Type", DATA_PIPELINE.content_type)


def response(reply: Reply, request_id: str) -> HttpResponse:
    """Return the response that says what a reply does; the reply's own headers go before ours."""
    ours = (("x-amzn-RequestId", request_id), _TYPE)
    body = encode(reply.body)
    if not reply.headers:
        return HttpResponse(reply.status, body, ours)
    given = {name.lower() for name, _ in reply.headers}
    headers = (*((name, value) for name, value in ours if name.lower() not in given), *reply.headers)
    if header(reply.headers, "content-encoding") == "gzip":
        body = gzip.compress(body, mtime=0)
    return HttpResponse(reply.status, body, headers)
