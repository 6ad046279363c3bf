"""The proxy behind Holter: calls go out through the one that the client would have used."""

from __future__ import annotations

import base64
from collections.abc import Iterable

from mitmproxy import http

from holter.mitm import engine
from holter.wayout import Parent, bypasses


class Chain:
    """Sends connections through a parent proxy, with its credentials, save those that go out directly.

    `direct` is a NO_PROXY's text, `detoured` are hosts in whose place another address is connected to.
    In forward mode mitmproxy goes through the parent by itself; in reverse mode it has to be told.
    """

    name = "holter-parent"

    def __init__(self, parent: Parent, direct: str = "", detoured: Iterable[str] = ()) -> None:
        self._via = (parent.scheme, (parent.host, parent.port))
        self._direct = direct
        self._detoured = frozenset(host.lower() for host in detoured)
        self._credentials = parent.credentials

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """Choose the way out of one request."""
        host = flow.request.host.lower()
        if host in self._detoured or bypasses(host, self._direct):
            engine.go_via(flow, None)
        else:
            engine.go_via(flow, self._via)
            if flow.request.scheme == "http" and not engine.is_reverse(flow.client_conn):
                self._authorize(flow.request)

    def http_connect_upstream(self, flow: http.HTTPFlow) -> None:
        """Show the parent proxy who we are when it is asked for a tunnel."""
        self._authorize(flow.request)

    def _authorize(self, request: http.Request) -> None:
        if self._credentials:
            token = base64.b64encode(self._credentials.encode()).decode()
            request.headers["Proxy-Authorization"] = f"Basic {token}"


def mode(parent: Parent) -> str:
    """Return mitmproxy's name for forward mode with this parent."""
    host = f"[{parent.host}]" if ":" in parent.host else parent.host
    return f"upstream:{parent.scheme}://{host}:{parent.port}"
