"""What came by besides Data Pipeline calls: by it, a run without any can be explained."""

from __future__ import annotations

from mitmproxy import connection, http, tls

from holter.mitm import engine
from holter.mitm.hosts import Hosts


class Traffic:
    """Notes whom clients wanted to reach through the proxy, and who refused its certificate."""

    name = "holter-traffic"

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts
        self.connections = 0
        self.sealed: set[str] = set()
        self.refused: set[str] = set()
        self.opened: set[str] = set()

    def client_connected(self, client: connection.Client) -> None:
        """Count a connection."""
        self.connections += 1

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
