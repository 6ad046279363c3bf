"""Keeps everything on this machine, while cassettes are only played."""

from __future__ import annotations

from collections.abc import Callable

from mitmproxy import connection, http
from mitmproxy.proxy import server_hooks

from holter.mitm import engine
from holter.mitm.addon import Proxy


class Offline:
    """Refuses what the cassettes do not answer, and stops every connection out, whoever asks for it.

    It comes behind the proxy's own addon, and lets things pass only once a mode is known that goes live.
    """

    name = "holter-offline"

    def __init__(self, proxy: Proxy, tell: Callable[[str], None]) -> None:
        self._proxy = proxy
        self._tell = tell
        self._told: set[str] = set()

    @property
    def _live(self) -> bool:
        return self._proxy.recorder is not None and self._proxy.recorder.row.live

    def http_connect(self, flow: http.HTTPFlow) -> None:
        """Refuse a tunnel to a host that is not looked into."""
        if not self._live and flow.request.host not in self._proxy.hosts:
            self._refuse(flow)

    def request(self, flow: http.HTTPFlow) -> None:
        """Refuse a request that has no answer by now."""
        if not self._live and not flow.response and not flow.error:
            self._refuse(flow)

    def client_connected(self, client: connection.Client) -> None:
        """Turn away whoever wants a name looked up: mitmproxy would ask a name server by itself."""
        if not self._live and engine.asks_for_names(client):
            client.error = self._said("a name server")

    def server_connect(self, data: server_hooks.ServerConnectionHookData) -> None:
        """Stop a connection before it is begun."""
        if not self._live:
            address = data.server.address
            data.server.error = self._said(address[0] if address else "a host")

    def _refuse(self, flow: http.HTTPFlow) -> None:
        said = self._said(flow.request.pretty_host)
        flow.response = http.Response.make(403, f"holter: {said}\n", {"Content-Type": "text/plain"})

    def _said(self, host: str) -> str:
        said = f"{host}: refused, because a replay passes nothing on to anywhere"
        if host not in self._told:
            self._told.add(host)
            self._tell(f"holter: {said}")
        return said
