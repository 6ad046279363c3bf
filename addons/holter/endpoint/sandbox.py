"""The sandbox on the endpoint: calls to its service, waiting polls, and time that passes.

Besides the protocol there are two plain paths: `GET /-/state` answers what the service knows as JSON,
and `POST /-/terminate` (with `{"taskrunnerId": ...}`, or without a body for all runners) makes the
service ask runners to leave.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from holter.endpoint.answer import response
from holter.endpoint.http import HttpRequest, HttpResponse, plain
from holter.sandbox.service import Service, Waiting
from holter.wire.codec import decode, encode, error_reply, parse_call
from holter.wire.decision import Order
from holter.wire.message import Call, Moment, Payload, Reply


class SandboxHandler:
    """Answers requests from a service; made by `running`, which also lets its time pass."""

    def __init__(self, service: Service, began_wall: float) -> None:
        self.service = service
        self._loop = asyncio.get_running_loop()
        self._began, self._began_wall = self._loop.time(), began_wall
        self._polls: dict[int, asyncio.Future[Reply]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._arm()

    @property
    def now(self) -> float:
        """Seconds since the service began."""
        return self._loop.time() - self._began

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request; a poll waits until the service has something for it."""
        path = request.path.partition("?")[0]
        if path.startswith("/-/"):
            return self._admin(request.method, path, decode(request.body))
        if request.method != "POST" or path != "/":
            return plain(400, "AWS Data Pipeline is spoken here: POST / with X-Amz-Target")
        return response(await self._reply(request), str(uuid.uuid4()))

    def obey(self, order: Order) -> None:
        """Let the service do with a task what a fault plan orders."""
        self.service.obey(self.now, order)
        self._settle()

    def close(self) -> None:
        """Let no more time pass."""
        if self._timer is not None:
            self._timer.cancel()

    async def _reply(self, request: HttpRequest) -> Reply:
        came = self.now - (time.monotonic() - request.came)
        asked = Moment(self._began_wall + came, came)
        host = request.headers.get("host", "")
        call = parse_call(request.headers, request.body, asked, host=host, peer=request.peer)
        if call is None:
            return error_reply("UnknownOperationException", "X-Amz-Target names no DataPipeline operation")
        return await self.answer(call)

    async def answer(self, call: Call) -> Reply:
        """Answer a call; a poll waits until the service has something for it."""
        answer = self.service.call(self.now, call)
        if isinstance(answer, Waiting):
            return await self._wait(answer)
        self._settle()
        return answer

    async def _wait(self, waiting: Waiting) -> Reply:
        future: asyncio.Future[Reply] = self._loop.create_future()
        self._polls[waiting.poll] = future
        self._settle()
        try:
            return await future
        except asyncio.CancelledError:
            self.service.leave(self.now, waiting.poll)
            self._settle()
            raise
        finally:
            self._polls.pop(waiting.poll, None)

    def _settle(self) -> None:
        """Give out the answers that polls got, and wake up for what comes next."""
        for poll, reply in self.service.answered():
            future = self._polls.pop(poll, None)
            if future is not None and not future.done():
                future.set_result(reply)
        self._arm()

    def _arm(self) -> None:
        self.close()
        deadline = self.service.next_deadline()
        self._timer = None if deadline is None else self._loop.call_at(self._began + deadline, self._tick)

    def _tick(self) -> None:
        self.service.tick(self.now)
        self._settle()

    def _admin(self, method: str, path: str, body: Payload) -> HttpResponse:
        if (method, path) == ("GET", "/-/state"):
            return _json(200, self.service.state(self.now))
        if (method, path) == ("POST", "/-/terminate"):
            return self._terminate(body)
        return plain(404, "there are GET /-/state and POST /-/terminate")

    def _terminate(self, body: Payload) -> HttpResponse:
        given = {} if body == b"" else body
        runner = given.get("taskrunnerId") if isinstance(given, dict) else 0
        if runner is not None and not isinstance(runner, str):
            return plain(400, 'the body is {"taskrunnerId": "..."}, or empty for all runners')
        self.service.terminate(self.now, runner)
        return _json(200, {"terminate": runner or "all"})


@asynccontextmanager
async def running(make: Callable[[float], Service]) -> AsyncIterator[SandboxHandler]:
    """Run the service that `make` returns for its start, now, in seconds since 1970."""
    began = time.time()
    handler = SandboxHandler(make(began), began)
    try:
        yield handler
    finally:
        handler.close()


def _json(status: int, body: Payload) -> HttpResponse:
    return HttpResponse(status, encode(body) + b"\n", (("Content-Type", "application/json"),))
