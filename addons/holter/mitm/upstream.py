"""Why a call got no answer, in words that tell what to do."""

from __future__ import annotations

import re

from mitmproxy import http

from holter.mitm import engine

_CAUSES = (
    (
        re.compile(r"Errno (-2|-3|-5|8)\]|getaddrinfo"),
        "there is no such host: look at the region, and at --upstream",
    ),
    (
        re.compile(r"certificate verify failed", re.IGNORECASE),
        "its certificate is not trusted ({why}): name who is with --upstream-ca FILE",
    ),
    (
        re.compile(r"refused HTTP CONNECT request: 407"),
        "the proxy behind wants another user and password ({why}): give them in --upstream-proxy",
    ),
    (re.compile(r"refused HTTP CONNECT request"), "the proxy behind does not lead there ({why})"),
    (
        re.compile(r"Connect call failed|Errno (101|110|111|113|60|61|65)\]|timed out"),
        "it cannot be reached: {why}",
    ),
)
"""What mitmproxy says of a connection that it could not make, and what we say; Errnos of Linux and macOS."""


def told(flow: http.HTTPFlow) -> str:
    """Return the line on a call that the service, or the way to it, broke."""
    reverse = engine.is_reverse(flow.client_conn)
    host = flow.request.host if reverse else flow.request.pretty_host
    return f"{host}: {cause(flow.error.msg if flow.error else 'no answer')}"


def cause(why: str) -> str:
    """Return what is known of a break, from mitmproxy's words for it."""
    found = next((words for pattern, words in _CAUSES if pattern.search(why)), None)
    return found.format(why=why) if found else f"the service broke the connection: {why}"
