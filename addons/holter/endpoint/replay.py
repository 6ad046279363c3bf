"""A replay on the endpoint: what the session decides is carried out, at once or after its delay."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from holter.endpoint.answer import response
from holter.endpoint.http import HangUp, HttpRequest, HttpResponse, Outcome, plain
from holter.wire.codec import parse_call
from holter.wire.decision import Answer, Break, Forward
from holter.wire.message import Broken, Call

if TYPE_CHECKING:
    from holter.replayer import Replayer
    from holter.trial import Trial

_LONGEST_SLEEP = 1.0
_SHORTEST_SLEEP = 0.01


class SessionHandler:
    """Answers requests as a session decides."""

    def __init__(self, keeper: Replayer | Trial) -> None:
        self._session, self._clock = keeper.session, keeper.clock
        self._keys = itertools.count()

    def __call__(self, request: HttpRequest) -> Outcome | asyncio.Future[Outcome]:
        """Answer a request: at once, unless the decision has a delay."""
        method, path, headers, body, peer, came, _, _ = request
        if method != "POST" or (path != "/" and path.partition("?")[0] != "/"):
            return plain(400, "AWS Data Pipeline is spoken here: POST / with X-Amz-Target")
        asked = self._clock.before(time.monotonic() - came)
        call = parse_call(headers, body, asked, host=headers.get("host", ""), peer=peer)
        if call is None:
            return plain(400, "X-Amz-Target names no DataPipeline operation")
        key = next(self._keys)
        decision = self._session.on_call(key, call)
        if isinstance(decision, Forward):
            return self._forwarded(key, call, decision)
        if decision.delay <= 0:
            return self._carried_out(key, decision)
        return asyncio.ensure_future(self._later(key, decision))

    def _forwarded(self, key: int, call: Call, decision: Forward) -> Outcome | asyncio.Future[Outcome]:
        """Answer what is to be passed on, where there is nobody to pass it to."""
        del call, decision
        self._session.on_broken(key, Broken.US, self._now)
        return plain(502, "this endpoint passes no call on to a service")

    @property
    def _now(self) -> float:
        return self._clock.mono()

    def refusing(self) -> bool:
        """Tell whether a fault turns a new connection away."""
        return self._session.on_connect(self._clock.now()) is not None

    async def _later(self, key: int, decision: Answer | Break) -> Outcome:
        await self._waited(key, decision.delay)
        outcome = self._carried_out(key, decision)
        return outcome if isinstance(outcome, (HttpResponse, HangUp)) else await outcome

    async def _waited(self, key: int, seconds: float) -> None:
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            self._session.on_broken(key, Broken.CLIENT, self._now)
            raise

    def _carried_out(self, key: int, decision: Answer | Break) -> Outcome | asyncio.Future[Outcome]:
        """Carry out what was decided before, then what is decided about the answer."""
        if isinstance(decision, Break):
            return self._released(key, decision)
        now = self._clock.mono()
        then = self._session.on_reply(key, decision.reply, now, now)
        if then.delay > 0:
            return asyncio.ensure_future(self._held(key, then))
        return response(then.reply) if isinstance(then, Answer) else self._released(key, then)

    async def _held(self, key: int, decision: Answer | Break) -> Outcome:
        await self._waited(key, decision.delay)
        return self._released(key, decision)

    def _released(self, key: int, decision: Answer | Break) -> Outcome:
        if isinstance(decision, Break):
            self._session.on_broken(key, Broken.US, self._now)
            return HangUp(decision.cut, response(decision.reply) if decision.reply else None)
        self._session.on_released(key, self._now)
        return response(decision.reply)

    async def tick(self) -> None:
        """Let the session see the time, for ever: at its next deadline, at the latest after a while."""
        while True:
            slept = self._clock.slept()
            due = self._session.tick(self._clock.now(), slept=slept, again=_LONGEST_SLEEP)
            await asyncio.sleep(max(_SHORTEST_SLEEP, min(_LONGEST_SLEEP, due - self._now)))


class ReplayHandler(SessionHandler):
    """Answers requests from a replay; made by `running`, which also lets time pass."""

    def __init__(self, replayer: Replayer) -> None:
        super().__init__(replayer)
        self.replayer = replayer


@asynccontextmanager
async def running(replayer: Replayer) -> AsyncIterator[ReplayHandler]:
    """Let a replay go on while the block runs; its session is closed by whoever made it."""
    handler = ReplayHandler(replayer)
    ticker = asyncio.get_running_loop().create_task(handler.tick())
    try:
        yield handler
    finally:
        ticker.cancel()
