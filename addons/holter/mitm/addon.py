"""The addon: mitmproxy's hooks translated into the session's words, and its decisions carried out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from mitmproxy import connection, http, tls
from mitmproxy.proxy import server_hooks

from holter.clock import Clock
from holter.mitm import convert, copies, engine, upstream
from holter.mitm.guarding import guarded, handling, waiting
from holter.mitm.hosts import Hosts
from holter.receivers import Listener
from holter.recorder import Recorder
from holter.session import Session
from holter.wire.decision import Answer, Break, Cut, Forward
from holter.wire.message import Broken, Call, Mark, Moment

if TYPE_CHECKING:
    from holter.replayer import Replayer

Address: TypeAlias = tuple[str, int]
Detours: TypeAlias = Iterable[tuple[Address, Address]]

_LONGEST_SLEEP = 0.2
_SHORTEST_SLEEP = 0.005
_SYNC_EVERY = 1.0
_FIRST = ("requestheaders", "request")
"""Hooks before a call goes to the service."""

_LAST = ("response", "error")
"""Hooks after which nothing more comes of a flow."""

_LOOK_EVERY = 0.02
"""Seconds between two looks at whether a client that is kept waiting is still there."""


@dataclass(slots=True)
class _Times:
    """What was seen of one flow: when it was asked, when its answer began, whether the session knows it."""

    asked: Moment
    first: float | None = None
    known: bool = False


class Proxy:
    """Records and audits what passes through mitmproxy, or answers it from cassettes."""

    name = "holter"

    def __init__(self, *, hosts: Hosts | None = None, detours: Detours = (), strict: bool = False) -> None:
        self.recorder: Recorder | Replayer | None = None
        self.listener: Listener | None = None
        self.set_up(hosts or Hosts(), detours, strict=strict)
        self.clock = Clock()
        self.failures = 0
        self._times: dict[str, _Times] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._untrusted: set[str] = set()
        self._meant: dict[str, Address] = {}

    def set_up(self, hosts: Hosts, detours: Detours, *, strict: bool) -> None:
        """Say whom to look into, where to connect instead, and whether a loss stops traffic."""
        self.hosts, self.strict = hosts, strict
        self.detours = {(host.lower(), port): target for (host, port), target in detours}

    def detour(self, host: str, port: int) -> Address:
        """Return where to connect in place of a service, or the service's own address."""
        return self.detours.get((host.lower(), port), (host, port))

    @property
    def session(self) -> Session | None:
        """The session that is recording or replaying, or None."""
        return self.recorder.session if self.recorder else None

    @property
    def plays(self) -> bool:
        """Whether calls may be answered from a cassette."""
        return self.recorder is not None and self.recorder.row.plays

    def record(self, recorder: Recorder | Replayer, listener: Listener) -> None:
        """Begin to record or to replay: from now on, every call goes through that session."""
        self.recorder, self.listener = recorder, listener
        self.clock = recorder.clock
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._tick()), loop.create_task(self._sync())]

    def failed(self, what: str) -> None:
        """Tell that something of ours went wrong; it is counted, and a mark says it in the recording."""
        self.failures += 1
        self.say(f"internal error in {what}")

    def say(self, what: str) -> None:
        """Tell what went wrong with a call and cannot be seen from it; a mark says it in the recording."""
        if self.listener:
            self.listener.trouble(what)
        if self.session and not self.session.closed:
            now = self.clock.now()
            self.session.mark(Mark("note", now.wall, now.mono, {"error": what}))

    def stumbled(self, flow: http.HTTPFlow, hook: str, why: Exception) -> None:
        """Take in that a hook of ours failed; the call goes on, unless what cannot be kept must not pass.

        In a replay it never goes on to the service: its task may be one that no service knows.
        """
        self.failed(f"{hook}: {type(why).__name__}: {why}")
        if self.session and hook in _LAST:
            self.session.on_broken(flow.id, Broken.US, self.clock.now().mono)
        if (self.strict or (self.plays and hook in _FIRST)) and flow.killable:
            flow.kill()

    async def _tick(self) -> None:
        """Let the session see the time: at its next deadline, at the latest after a short while."""
        while self.session:
            slept = self.clock.slept()
            due = self.session.tick(self.clock.now(), slept=slept, again=_LONGEST_SLEEP)
            wait = due - self.clock.now().mono
            await asyncio.sleep(max(_SHORTEST_SLEEP, min(_LONGEST_SLEEP, wait)))

    async def _sync(self) -> None:
        """Bring what was written to the disk now and then; a slow disk must not make a deadline late."""
        while self.recorder:
            await asyncio.sleep(_SYNC_EVERY)
            await asyncio.to_thread(self.recorder.sync)

    async def done(self) -> None:
        """End the recording; what mitmproxy still reports after this is ignored."""
        for task in self._tasks:
            task.cancel()
        if self.recorder:
            self.recorder.close()

    @guarded
    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """Note when a call's first byte came by."""
        engine.ask_origin(flow)
        if self.session and not flow.is_replay and convert.is_call(flow):
            self._times[flow.id] = times = _Times(self.clock.now())
            self.session.on_first_byte(flow.id, times.asked)

    @waiting
    async def request(self, flow: http.HTTPFlow) -> None:
        """Hand a call to the session and carry out what it decides."""
        times = self._times.get(flow.id)
        if times is None or self.session is None or flow.response or flow.error or not flow.live:
            return
        call = convert.to_call(flow, times.asked)
        if call is None:
            return
        times.known = True
        decision = self.session.on_call(flow.id, call)
        if decision.delay and not await self._stays(flow, decision.delay):
            self._break(flow, Broken.CLIENT)
        elif isinstance(decision, Answer):
            flow.response = convert.to_response(decision.reply, self.clock.now())
        elif isinstance(decision, Break) or (self.strict and self.recorder and self.recorder.lost):
            self._break(flow, Broken.US, decision if isinstance(decision, Break) else None)
        elif self._must_stay(flow):
            self._break(flow, Broken.US)
        elif isinstance(decision, Forward) and decision.copies > 1:
            copies.ask(flow, decision.copies - 1)

    def _must_stay(self, flow: http.HTTPFlow) -> bool:
        """Tell whether a call must not go to the service: in a replay, one that nobody has decided about."""
        return self.plays and not (self.session and self.session.knows(flow.id))

    async def _stays(self, flow: http.HTTPFlow, seconds: float) -> bool:
        """Keep a client waiting; tell whether it is still there afterwards."""
        until = self.clock.now().mono + seconds
        while (left := until - self.clock.now().mono) > 0 and engine.is_there(flow):
            await asyncio.sleep(min(left, _LOOK_EVERY))
        return engine.is_there(flow)

    def give_up(self, flow: http.HTTPFlow, who: Broken = Broken.US) -> None:
        """Break a call that cannot go on because of us, or of another."""
        with handling(flow):
            self._break(flow, who)

    def _break(self, flow: http.HTTPFlow, who: Broken, decision: Break | None = None) -> None:
        """Break a client's connection, as a fault asks for or because it has gone already."""
        if self.session:
            if times := self._times.pop(flow.id, None):
                self._asked(flow, times, self.session)
            self.session.on_broken(flow.id, who, self.clock.now().mono)
        if decision and decision.cut is Cut.MIDDLE and decision.reply:
            flow.response = convert.cut_short(convert.to_response(decision.reply, self.clock.now()))
            return
        if decision and decision.cut is Cut.RESET:
            engine.reset(flow.client_conn)
        if flow.killable:
            flow.kill()

    @guarded
    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """Note when an answer's first byte came by."""
        if times := self._times.get(flow.id):
            times.first = self.clock.now().mono

    @waiting
    async def response(self, flow: http.HTTPFlow) -> None:
        """Hand an answer to the session before it is released to the client."""
        times = self._times.pop(flow.id, None)
        if times is None or self.session is None or self.recorder is None or flow.response is None:
            return
        last, reply = self.clock.now().mono, convert.to_reply(flow.response)
        decision = self.session.on_reply(flow.id, reply, times.first or last, last)
        if decision.delay and not await self._stays(flow, decision.delay):
            self._break(flow, Broken.CLIENT)
        elif isinstance(decision, Break):
            self._break(flow, Broken.US, decision)
        else:
            if decision.reply is not reply:
                flow.response = convert.to_response(decision.reply, self.clock.now())
            self.session.on_released(flow.id, self.clock.now().mono)
        if self.strict and self.recorder.lost and flow.killable:
            flow.kill()

    @guarded
    def error(self, flow: http.HTTPFlow) -> None:
        """Note that a call broke, and let the client see just that: a broken connection, no invented 502."""
        times = self._times.pop(flow.id, None)
        if times is not None and self.session is not None:
            self._broken(flow, times, self.session)
        if flow.killable:
            flow.kill()

    def _broken(self, flow: http.HTTPFlow, times: _Times, session: Session) -> None:
        self._asked(flow, times, session)
        who = convert.who_broke(flow)
        session.on_broken(flow.id, who, self.clock.now().mono)
        if who is Broken.UPSTREAM and self.listener and not session.closed:
            self.listener.trouble(upstream.told(flow))

    def _asked(self, flow: http.HTTPFlow, times: _Times, session: Session) -> None:
        """Let the session know a call that ended before its request was whole."""
        if not times.known:
            call = convert.to_call(flow, times.asked)
            session.on_call(flow.id, call or Call("", b"", times.asked))

    def client_connected(self, client: connection.Client) -> None:
        """Turn a connection away while a fault refuses them."""
        if self.session and (rule := self.session.on_connect(self.clock.now())):
            client.error = f"refused by {rule}"

    def server_connect(self, data: server_hooks.ServerConnectionHookData) -> None:
        """Take the detour that `--connect-to` asks for; name and signature stay those of the real host."""
        address = data.server.address
        if address and (detour := self.detour(address[0], address[1])) != (address[0], address[1]):
            self._meant[data.server.id] = (address[0], address[1])
            data.server.address = detour

    def server_connected(self, data: server_hooks.ServerConnectionHookData) -> None:
        """Give a connection that took a detour its real name back: by it, it is found for the next call."""
        if meant := self._meant.pop(data.server.id, None):
            engine.rename(data.server, meant)

    def server_connect_error(self, data: server_hooks.ServerConnectionHookData) -> None:
        """Forget a detour that led nowhere."""
        self._meant.pop(data.server.id, None)

    def tls_clienthello(self, data: tls.ClientHelloData) -> None:
        """Leave connections to other hosts sealed."""
        server = data.context.server.address
        host = data.client_hello.sni or (server[0] if server else "")
        if self.session and not engine.is_reverse(data.context.client) and host not in self.hosts:
            data.ignore_connection = True

    def tls_failed_client(self, data: tls.TlsData) -> None:
        """Tell once for each host that a client does not trust our certificate: else it only sees silence."""
        host = data.conn.sni or "a client"
        if self.listener and isinstance(data.conn, connection.Client) and host not in self._untrusted:
            self._untrusted.add(host)
            why = data.conn.error or "handshake failed"
            self.listener.trouble(
                f"{host}: the client refused Holter's certificate ({why}); trust its authority: AWS_CA_BUNDLE"
            )
