"""What mitmproxy cannot carry or does not see: its call breaks alone, at once, and is told of."""

from __future__ import annotations

import asyncio
import logging

from mitmproxy import http
from mitmproxy.proxy import layer

from holter.mitm import convert, engine
from holter.mitm.addon import Proxy
from holter.wire.message import Broken

_HTTP_2 = b"PRI * HTTP/2.0"  # RFC 9113, 3.4

_LOOK_EVERY = 0.1
"""Seconds between two looks at whether the clients that wait are still there."""

_BEHIND = 0.25
"""Seconds behind its request within which a client that leaves did not wait for the answer: no SDK's
timeout is as short."""


class Uncarried(logging.Handler):
    """Ends a connection that mitmproxy gave up and left hanging; tells a half-close from impatience.

    Java says by two alerts of TLS 1.3 that it closes (user_canceled, close_notify): mitmproxy stumbles over
    the first, and lets its call wait for the answer as if somebody was there.
    It stands before the recorder, which kills what broke, so that its client sees it.
    """

    name = "holter-uncarried"

    def __init__(self, recorder: Proxy) -> None:
        super().__init__(logging.ERROR)
        self._recorder = recorder
        self._open: dict[engine.Address, dict[str, http.HTTPFlow]] = {}
        self._watch: asyncio.Task[None] | None = None

    def running(self) -> None:
        """Listen to what mitmproxy logs, and look after those who wait."""
        logging.getLogger("mitmproxy").addHandler(self)
        self._watch = asyncio.get_running_loop().create_task(self._look())

    def done(self) -> None:
        """Listen and look no more."""
        logging.getLogger("mitmproxy").removeHandler(self)
        if self._watch:
            self._watch.cancel()

    async def _look(self) -> None:
        while True:
            before = {key for key, flow in self._waiting() if not engine.is_there(flow)}
            await asyncio.sleep(_LOOK_EVERY)
            for (peer, name), flow in self._waiting():
                if (peer, name) in before:  # mitmproxy has had its time to see it too
                    self._open.pop(peer, None)
                    self._recorder.give_up(flow, Broken.CLIENT)
                    engine.end(peer)

    def _waiting(self) -> list[tuple[tuple[engine.Address, str], http.HTTPFlow]]:
        return [((peer, name), flow) for peer, flows in self._open.items() for name, flow in flows.items()]

    def next_layer(self, data: layer.NextLayer) -> None:
        """Tell of a client that begins with HTTP/2 without TLS: mitmproxy hangs up on it."""
        if not data.context.client.tls_established and data.data_client().startswith(_HTTP_2):
            self._recorder.say("a client began with HTTP/2 without TLS: it is carried within TLS only")

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """Take in that a request is on its way."""
        self._open.setdefault(flow.client_conn.peername, {})[flow.id] = flow

    def response(self, flow: http.HTTPFlow) -> None:
        """Take in that a request has its answer."""
        self._ended(flow)

    def error(self, flow: http.HTTPFlow) -> None:
        """Tell of a client that closed its own side right behind its request."""
        begun, ended = flow.request.timestamp_start, self._recorder.clock.now().wall
        left = self._ended(flow) and convert.who_broke(flow) is Broken.CLIENT
        if left and ended - begun < _BEHIND and convert.is_call(flow):
            self._recorder.say(
                f"{flow.request.pretty_host}: the client closed its side right behind its request: if it "
                "still waits for the answer (a half-close), it gets none, for mitmproxy takes that as leaving"
            )

    def emit(self, record: logging.LogRecord) -> None:
        """Take in that a connection was given up; what was begun for it comes first."""
        if found := engine.crash(record):
            asyncio.get_running_loop().call_soon(self._given_up, *found)

    def _given_up(self, peer: engine.Address, why: BaseException) -> None:
        """End a connection, and say why."""
        flows = self._open.pop(peer, {})
        for flow in flows.values():
            self._recorder.give_up(flow)
        host = next((flow.request.pretty_host for flow in flows.values()), "a client")
        said = str(why).rstrip(".") or type(why).__name__
        self._recorder.failed(f"mitmproxy: {host}: {said}: the connection is ended")
        engine.end(peer)

    def _ended(self, flow: http.HTTPFlow) -> bool:
        """Forget a flow; tell whether it was on its way."""
        flows = self._open.get(flow.client_conn.peername, {})
        found = flows.pop(flow.id, None)
        if not flows:
            self._open.pop(flow.client_conn.peername, None)
        return found is not None
