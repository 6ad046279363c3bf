"""The sandbox under a fault plan: a session decides about each call before and after the service."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from holter.endpoint import sandbox
from holter.endpoint.http import HttpRequest, Outcome
from holter.endpoint.replay import SessionHandler
from holter.endpoint.sandbox import SandboxHandler
from holter.sandbox.service import Service
from holter.trial import Trial
from holter.wire.codec import operation
from holter.wire.decision import Forward
from holter.wire.message import Broken, Call, Reply


class FaultedHandler(SessionHandler):
    """Answers requests from the sandbox, as a trial's session decides; made by `running`."""

    def __init__(self, trial: Trial, service: SandboxHandler) -> None:
        super().__init__(trial)
        self.sandbox = service

    def __call__(self, request: HttpRequest) -> Outcome | asyncio.Future[Outcome]:
        """Answer a request; what is no call goes to the sandbox as it is."""
        if request.method != "POST" or operation(request.headers) is None:
            return asyncio.ensure_future(self.sandbox(request))
        return super().__call__(request)

    def _forwarded(self, key: int, call: Call, decision: Forward) -> asyncio.Future[Outcome]:
        return asyncio.ensure_future(self._passed_on(key, call, decision))

    async def _passed_on(self, key: int, call: Call, decision: Forward) -> Outcome:
        await self._waited(key, decision.delay)
        if decision.order:
            self.sandbox.obey(decision.order)
        reply = await self._served(key, call, decision.copies)
        then = self._session.on_reply(key, reply, self._now, self._now)
        return await self._held(key, then) if then.delay > 0 else self._released(key, then)

    async def _served(self, key: int, call: Call, copies: int) -> Reply:
        try:
            for _ in range(copies - 1):
                await self.sandbox.answer(call)
            return await self.sandbox.answer(call)
        except asyncio.CancelledError:
            self._session.on_broken(key, Broken.CLIENT, self._now)
            raise


@asynccontextmanager
async def running(make: Callable[[float], Service], trial: Trial) -> AsyncIterator[FaultedHandler]:
    """Run the service that `make` returns for its start under a plan; the trial is closed by its maker."""
    async with sandbox.running(make) as service:
        handler = FaultedHandler(trial, service)
        ticker = asyncio.get_running_loop().create_task(handler.tick())
        try:
            yield handler
        finally:
            ticker.cancel()
