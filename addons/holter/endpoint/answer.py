"""An answer of the protocol as an HTTP response."""

from __future__ import annotations

from holter.endpoint.http import HttpResponse
from holter.wire.message import Reply
from holter.wire.rendered import MADE_UP, rendered
from holter.wire.tuples import made


def response(reply: Reply, request_id: str = MADE_UP) -> HttpResponse:
    """Return the response that says what a reply does; the reply's own headers go before ours."""
    headers, body = rendered(reply, request_id)
    return made(HttpResponse, (reply.status, body, headers))
