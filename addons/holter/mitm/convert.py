"""Flows of mitmproxy to calls and replies, and back."""

from __future__ import annotations

import uuid
from email.utils import formatdate

from mitmproxy import http

from holter.wire.codec import decode, encode, named, operation, parse_call
from holter.wire.message import Broken, Call, Headers, Moment, Reply
from holter.wire.operations import DATA_PIPELINE


def is_call(flow: http.HTTPFlow) -> bool:
    """Tell whether a request is a Data Pipeline call, by its headers alone."""
    return operation(named(headers(flow.request.headers))) is not None


def to_call(flow: http.HTTPFlow, asked: Moment) -> Call | None:
    """Read a flow's request; None when it is no Data Pipeline call."""
    body = flow.request.get_content(strict=False) or b""
    peer = flow.client_conn.peername
    return parse_call(
        named(headers(flow.request.headers)),
        body,
        asked,
        host=flow.request.pretty_host,
        peer=f"{peer[0]}:{peer[1]}" if peer else "",
    )


def to_reply(response: http.Response) -> Reply:
    """Read an answer: decoded, so that what is kept is what the client understands."""
    body = response.get_content(strict=False) or b""
    return Reply(response.status_code, decode(body), headers(response.headers))


def to_response(reply: Reply, now: Moment) -> http.Response:
    """Build the answer that a client is given in the service's place, with a fresh Date."""
    ours = {
        "Content-Type": DATA_PIPELINE.content_type,
        "Date": formatdate(now.wall, usegmt=True),
        "x-amzn-RequestId": str(uuid.uuid4()),
    }
    given = http.Headers([(name.encode(), value.encode()) for name, value in reply.headers])
    headers = [(name.encode(), value.encode()) for name, value in ours.items() if name not in given]
    return http.Response.make(reply.status, encode(reply.body), http.Headers([*headers, *given.fields]))


def cut_short(response: http.Response) -> http.Response:
    """Return an answer that ends, and its connection with it, after half of the body that it announces."""
    body = response.raw_content or b""
    response.headers["Content-Length"] = str(max(len(body), 1))
    response.headers["Connection"] = "close"
    response.raw_content = body[: len(body) // 2]
    return response


def who_broke(flow: http.HTTPFlow) -> Broken:
    """Tell who ended a flow that got no answer."""
    gone = flow.error is not None and "client disconnected" in flow.error.msg.lower()
    return Broken.CLIENT if gone else Broken.UPSTREAM


def headers(read: http.Headers) -> Headers:
    """Read headers as they stand, in their order."""
    return tuple(
        (name.decode("latin-1"), value.decode("utf-8", "surrogateescape")) for name, value in read.fields
    )
