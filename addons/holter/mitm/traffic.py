"""What came by besides Data Pipeline calls: by it, a run without any can be explained."""

from __future__ import annotations

from collections.abc import Callable

from mitmproxy import connection, http, tls
from mitmproxy.proxy import server_hooks

from holter.handles import RESERVE
from holter.mitm import engine
from holter.mitm.hosts import Hosts


class Traffic:
    """Notes whom clients wanted to reach through the proxy, and who refused its certificate.

    It tells once when open connections come near to `most`, which this process may hold.
    """

    name = "holter-traffic"

    def __init__(self, hosts: Hosts, most: int, tell: Callable[[str], None]) -> None:
        self._hosts = hosts
        self._most, self._tell = most, tell
        self.open, self._told = 0, False
        self.connections = 0
        self.sealed: set[str] = set()
        self.refused: set[str] = set()
        self.opened: set[str] = set()

    def client_connected(self, client: connection.Client) -> None:
        """Count a connection."""
        self.connections += 1
        self._opened()

    def client_disconnected(self, client: connection.Client) -> None:
        """Take in that a connection has ended."""
        self.open -= 1

    def server_connected(self, data: server_hooks.ServerConnectionHookData) -> None:
        """Count our own connections among those that are open."""
        self._opened()

    def server_disconnected(self, data: server_hooks.ServerConnectionHookData) -> None:
        """Take in that one of our own has ended."""
        self.open -= 1

    def _opened(self) -> None:
        self.open += 1
        if not self._told and self.open + RESERVE > self._most:
            self._told = True
            self._tell(
                f"holter: {self.open} connections are open, two for each client, and this process may hold "
                f"{self._most} files: further clients will wait or fail: raise the hard limit (ulimit -n)"
            )

    def tls_clienthello(self, data: tls.ClientHelloData) -> None:
        """Note a host whose connection stays sealed."""
        address = data.context.server.address
        host = data.client_hello.sni or (address[0] if address else "")
        if host and host not in self._hosts and not engine.is_reverse(data.context.client):
            self.sealed.add(host)

    def tls_failed_client(self, data: tls.TlsData) -> None:
        """Note a host under whose name our certificate was refused."""
        if isinstance(data.conn, connection.Client):
            self.refused.add(data.conn.sni or "a host")

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """Note a host of which a request was read."""
        self.opened.add(flow.request.pretty_host)
