"""What we touch of mitmproxy beyond its documented interface, in one place.

Checked against 11.0.2 (the last for Python 3.11) and 12.2.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import ssl
import struct
from collections.abc import Iterator
from typing import Any, Protocol

from mitmproxy import contentviews, ctx, hooks, http, options, version
from mitmproxy.addons import core, next_layer, proxyserver, tlsconfig
from mitmproxy.connection import Client, ConnectionState, Server
from mitmproxy.master import Master
from mitmproxy.net.http.http1 import assemble_request
from mitmproxy.proxy.layers.http._hooks import HttpConnectUpstreamHook

Address = tuple[Any, ...]
"""A client's address, as its socket gives it."""

_HANG_UP_WITHIN = 1.0
_DNS = 53
_SERVER_LOG = "mitmproxy.proxy.server"

CHECKED = ("11.0.", "12.")

_TOOLS = {"WebMaster": "mitmweb", "ConsoleMaster": "mitmproxy", "DumpMaster": "mitmdump"}
_SAFE_WEB = 12
"""The first mitmproxy whose mitmweb asks who is there (11.1.2, CVE-2025-23217) with its libraries mended."""


class LeanMaster(Master):
    """A master with only the addons that a proxy needs: each call runs through five of them, not thirty."""

    def __init__(self, *addons: object) -> None:
        super().__init__(options.Options())
        self.addons.add(
            core.Core(), proxyserver.Proxyserver(), next_layer.NextLayer(), tlsconfig.TlsConfig(), *addons
        )

    def stop(self) -> None:
        """Let `run` come to its end."""
        self.should_exit.set()

    async def hang_up(self) -> None:
        """Stop listening and end all connections: Python 3.11 complains of what is left to be cancelled.

        One that has just been accepted is not known yet, so it is looked for again until there is none.
        """
        server = self.addons.get("proxyserver")
        await server.servers.update([])
        deadline = self.event_loop.time() + _HANG_UP_WITHIN
        while self.event_loop.time() < deadline:
            await asyncio.sleep(0.005)
            if not server.connections:
                return
            for handler in list(server.connections.values()):
                for connection, transport in list(handler.transports.items()):
                    if transport.writer:
                        transport.writer.close()
                    if transport.handler and not connection.state & ConnectionState.CAN_READ:
                        transport.handler.cancel("hung up")  # it waits for an end that was there before

    def dispose(self) -> None:
        """Take mitmproxy's handler off the root logger: on a closed loop it would break all logging."""
        self._legacy_log_events.uninstall()


def checked() -> bool:
    """Tell whether this version of mitmproxy is one that Holter was checked against."""
    return version.VERSION.startswith(CHECKED)


def listening() -> tuple[str, int] | None:
    """Return the address that the proxy listens on, or None."""
    server = ctx.master.addons.get("proxyserver")
    addresses = server.listen_addrs() if server else []
    return (addresses[0][0], addresses[0][1]) if addresses else None


def startup_problem() -> str | None:
    """Return why the proxy could not listen, in a few words, or None."""
    server = ctx.master.addons.get("proxyserver")
    problems = (instance.last_exception for instance in server.servers)
    problem = next((problem for problem in problems if problem), None)
    if isinstance(problem, OSError) and problem.errno:
        return os.strerror(problem.errno)
    return str(problem) if problem else None


def unknown_options(prefix: str) -> list[str]:
    """Return options with this prefix that were set but that nobody defined; mitmproxy is silent on them."""
    return sorted(name for name in ctx.options.deferred if name.startswith(prefix))


def set_default(name: str, value: Any) -> None:
    """Set an option unless the user has set it."""
    if not ctx.options.has_changed(name):
        ctx.options.update(**{name: value})


def rename(server: Server, address: tuple[str, int]) -> None:
    """Change the name under which an open connection is known; mitmproxy itself would refuse."""
    object.__setattr__(server, "address", address)


def is_reverse(client: Any) -> bool:
    """Tell whether a client's connection came in through reverse mode."""
    return bool(client.proxy_mode.type_name == "reverse")


def asks_for_names(client: Client) -> bool:
    """Tell whether a client speaks DNS, in whose mode or through a tunnel that catches all it says."""
    return bool(client.proxy_mode.type_name == "dns" or client.sockname[1] == _DNS)


def crash(record: logging.LogRecord) -> tuple[Address, BaseException] | None:
    """Return of which client mitmproxy gave up a connection within itself, and why; it leaves it hanging."""
    why = record.exc_info[1] if record.exc_info else None
    peer = getattr(record, "client", None)
    return (peer, why) if why and peer and record.name == _SERVER_LOG else None


def is_told(record: logging.LogRecord) -> bool:
    """Tell whether mitmproxy warns of what our hooks tell of, or of TLS's user_canceled: a client closes."""
    said = record.getMessage()
    return said.startswith("Server TLS handshake failed.") or said == "TLS Error: (-1, 'Unexpected EOF')"


def end(peer: Address) -> None:
    """End a client's connection, and those that were opened for it."""
    server = ctx.master.addons.get("proxyserver")
    for handler in list(server.connections.values()):
        if handler.client.peername == peer:
            for transport in list(handler.transports.values()):
                if transport.handler:
                    transport.handler.cancel("given up")


def is_there(flow: http.HTTPFlow) -> bool:
    """Tell whether a flow's client has not hung up."""
    return bool(flow.client_conn.state & ConnectionState.CAN_READ)


def reset(client: Client) -> None:
    """Tear a client's connection down below TLS: it gets a TCP reset instead of an end."""
    server = ctx.master.addons.get("proxyserver")
    for handler in list(server.connections.values()):
        transport = handler.transports.get(client)
        if transport is not None and isinstance(transport.writer, asyncio.StreamWriter):
            plain = transport.writer.get_extra_info("socket")
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.writer.transport.abort()


def trust() -> ssl.SSLContext:
    """Return what the proxy itself trusts when it connects to a service."""
    import certifi

    chosen = ctx.options.ssl_verify_upstream_trusted_ca
    made = ssl.create_default_context(cafile=chosen or certifi.where())
    if ctx.options.ssl_insecure:
        made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    return made


async def tunnel(flow: http.HTTPFlow) -> bytes:
    """Return how the proxy behind us is asked for a tunnel to a flow's service, as mitmproxy asks itself."""
    asked = http.HTTPFlow(flow.client_conn, flow.server_conn)
    host, port = flow.request.host, flow.request.port
    asked.request = http.Request.make("CONNECT", f"http://{host}:{port}/")
    asked.request.path, asked.request.authority = "", f"{host}:{port}"
    asked.request.headers = http.Headers(host=asked.request.authority)
    await ctx.master.addons.trigger_event(HttpConnectUpstreamHook(asked))
    return bytes(assemble_request(asked.request))


def go_via(flow: http.HTTPFlow, via: tuple[str, tuple[str, int]] | None) -> None:
    """Choose the proxy through which a request goes out, or none, while it has no connection yet."""
    if flow.server_conn.via == via:
        return
    flow.server_conn.via = via  # type: ignore[assignment]  # its literal type of schemes
    if via is None and not flow.request.is_http2:
        flow.request.authority = ""  # an origin is asked for a path, not for a whole URL


def ask_origin(flow: http.HTTPFlow) -> None:
    """Let a request that came in through reverse mode ask for a path, whatever URL its first line holds."""
    if is_reverse(flow.client_conn) and not flow.request.is_http2:
        flow.request.authority = ""


def description() -> str:
    """Return the engine's name and version, as a recording's header tells it."""
    return f"mitmproxy {version.VERSION}"


def tool() -> str | None:
    """Return which of mitmproxy's own programs this is: mitmweb, mitmproxy (the console), or mitmdump."""
    kinds = (_TOOLS.get(kind.__name__) for kind in type(ctx.master).__mro__)
    return next((tool for tool in kinds if tool), None)


def is_open_web() -> bool:
    """Tell whether this is a mitmweb whose interface answers anybody."""
    return tool() == "mitmweb" and int(version.VERSION.partition(".")[0]) < _SAFE_WEB


def is_starting() -> bool:
    """Tell whether mitmproxy still takes an error in its log for a reason not to start."""
    check = ctx.master.addons.get("errorcheck")
    return check is not None and check.logger in logging.getLogger().handlers


def lists_flows() -> bool:
    """Tell whether this program keeps a list of flows, as the console and mitmweb do."""
    return ctx.master.addons.get("view") is not None


def listed(flow_id: str) -> Any | None:
    """Return a flow of the list, None where it has left that."""
    return ctx.master.addons.get("view").get_by_id(flow_id)


def unlist(flow: http.HTTPFlow) -> None:
    """Take a flow out of the list, as if the user had done so."""
    ctx.master.commands.call("view.flows.remove", [flow])


def updated(flow: http.HTTPFlow) -> None:
    """Let whoever shows a flow know that it has changed."""
    ctx.master.addons.trigger(hooks.UpdateHook([flow]))


class View(Protocol):
    """What a contentview of ours has to say, whatever version of mitmproxy asks."""

    name: str

    def takes(self, flow: http.HTTPFlow) -> bool:
        """Tell whether a flow is for this view."""

    def render(self, flow: http.HTTPFlow, message: http.Message) -> str:
        """Return one of the flow's two messages as text that reads like YAML."""


def add_contentview(view: View) -> None:
    """Offer a view of messages, before mitmproxy's own; one of the same name is replaced."""
    if _TWELVE is None and (known := contentviews.get(view.name)):
        contentviews.remove(known)
    contentviews.add(_Shown(view))


_TWELVE = getattr(contentviews, "Contentview", None)
"""What a contentview is from mitmproxy 12 on; up to 11 it was a `View`."""

_PRIORITY = 2
"""Above the 1 of mitmproxy's own views."""


class _Shown(_TWELVE or contentviews.View):  # type: ignore[misc]  # one of two, by the version
    """A view of ours with the methods by which mitmproxy 12 calls it, and those of 11."""

    name = ""
    syntax_highlight = "yaml"

    def __init__(self, view: View) -> None:
        self.name = view.name
        self._view = view

    def prettify(self, data: bytes, metadata: Any) -> str:
        return self._view.render(metadata.flow, metadata.http_message)

    def __call__(self, data: bytes, **said: Any) -> tuple[str, Iterator[list[tuple[str, str]]]]:
        text = self._view.render(said["flow"], said["http_message"])
        return self.name, iter([[("text", line)] for line in text.splitlines()])

    def render_priority(self, data: bytes, metadata: Any = None, **said: Any) -> float:
        said = said if metadata is None else vars(metadata)
        flow, message = said.get("flow"), said.get("http_message")
        takes = isinstance(flow, http.HTTPFlow) and message is not None and self._view.takes(flow)
        return _PRIORITY if takes else -1
