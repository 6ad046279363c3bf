"""Calls of this very process, answered without a socket: those of botocore's clients, boto3's too.

A client does all that it does with a real service (it serialises, retries, parses). Only the last step is
taken over: `URLLib3Session.send`, which every one of its requests goes through. A handler of the event
`before-send` would reach only clients that are made later; one that a module has kept would go out to the
real service. Clients on asyncio (aiobotocore) have a way of their own and are not met here.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn, Protocol, TypeVar

from holter.clock import Clock
from holter.errors import MissingExtraError
from holter.session import Session
from holter.wire.codec import decode, operation, parse_call
from holter.wire.decision import Answer, Break, Cut, Forward
from holter.wire.message import Broken, Named, Reply
from holter.wire.rendered import rendered

_READ = ("x-amz-target", "user-agent", "amz-sdk-invocation-id", "amz-sdk-request")
_T = TypeVar("_T")


class Carrier(Protocol):
    """Who decides about calls: a `Replayer`, or a `Recorder`."""

    @property
    def session(self) -> Session:
        """The session that calls go through."""

    @property
    def clock(self) -> Clock:
        """The clock of its times."""


class InProcess:
    """Carries calls of this process to a session, from any number of threads; made by `answering`.

    `sleep` is given the seconds that an answer takes, and returns when they have passed.
    """

    def __init__(self, carrier: Carrier, sleep: Callable[[float], object]) -> None:
        self._session, self._clock, self._sleep = carrier.session, carrier.clock, sleep
        self._lock = threading.Lock()
        self._keys = itertools.count()

    def call(self, function: Callable[[], _T]) -> _T:
        """Run a function while no call is being taken in, and return what it returned."""
        with self._lock:
            return function()

    def send(self, client: Any, request: Any, forward: Callable[[], Any]) -> Any:
        """Answer a client's request; `forward` sends it as it would have been, for what is none of ours.

        Raises what botocore raises where a connection breaks or the client's own patience ends.
        """
        if not _ours(request):
            return forward()
        body = request.body if isinstance(request.body, bytes) else str(request.body or "").encode()
        call = parse_call(
            _named(request), body, self._clock.now(), host=request.url, peer=f"process:{id(client)}"
        )
        if call is None:
            return forward()
        key = next(self._keys)
        with self._lock:
            refused = self._session.on_connect(call.asked)
            decision = None if refused else self._session.on_call(key, call)
        if decision is None:
            _refuse(request)
        if isinstance(decision, Forward):
            return self._passed_on(key, decision, client, request, forward)
        self._wait(key, decision.delay, client, request)
        if isinstance(decision, Break):
            return self._broken(key, decision, request)
        then = self._replied(key, decision.reply)
        return self._released(key, then, client, request)

    def _replied(self, key: int, reply: Reply) -> Answer | Break:
        now = self._now
        with self._lock:
            return self._session.on_reply(key, reply, now, now)

    def _released(self, key: int, then: Answer | Break, client: Any, request: Any) -> Any:
        """Give the client what was decided about an answer."""
        self._wait(key, then.delay, client, request)
        if isinstance(then, Break):
            return self._broken(key, then, request)
        if then.delay > 0:
            now = self._now
            with self._lock:
                self._session.on_released(key, now)
        return _response(request, then.reply)

    def _broken(self, key: int, decision: Break, request: Any) -> Any:
        from botocore.exceptions import ConnectionClosedError

        self._lost(key, Broken.US)
        if decision.cut is Cut.MIDDLE and decision.reply:  # botocore takes what has come for the whole body
            return _response(request, decision.reply, part=0.5)
        raise ConnectionClosedError(endpoint_url=request.url, request=request, error=decision.why)

    def _passed_on(
        self, key: int, decision: Forward, client: Any, request: Any, forward: Callable[[], Any]
    ) -> Any:
        self._wait(key, decision.delay, client, request)
        try:
            for _ in range(decision.copies):
                response = forward()
        except BaseException as why:
            self._lost(key, Broken.CLIENT if _gave_up(why) else Broken.UPSTREAM)
            raise
        reply = Reply(response.status_code, decode(response.content), tuple(response.headers.items()))
        then = self._replied(key, reply)
        untouched = isinstance(then, Answer) and then.reply is reply and not then.delay
        return response if untouched else self._released(key, then, client, request)

    def _wait(self, key: int, delay: float, client: Any, request: Any) -> None:
        """Let the seconds of an answer pass; a client that waits less than that gives up, as on a wire."""
        patience = _patience(client)
        if delay > 0:
            self._sleep(min(delay, patience))
        if delay > patience:
            from botocore.exceptions import ReadTimeoutError

            self._lost(key, Broken.CLIENT)
            raise ReadTimeoutError(endpoint_url=request.url)

    def _lost(self, key: int, who: Broken) -> None:
        now = self._now
        with self._lock:
            self._session.on_broken(key, who, now)

    @property
    def _now(self) -> float:
        return self._clock.mono()


@contextmanager
def answering(
    carrier: Carrier, *, signed: bool = True, sleep: Callable[[float], object] = time.sleep
) -> Iterator[InProcess]:
    """Let a session answer the Data Pipeline calls of all clients in this process while the block runs.

    Clients may have been made before. Calls to other services are left alone, and so is everything after
    the block. A block may stand in another: the inner one answers. Where no call may go out, it need not be
    `signed`: nobody would check it, and a client without credentials is answered too. `MissingExtraError`
    without botocore.
    """
    try:
        from botocore.httpsession import URLLib3Session
        from botocore.signers import RequestSigner
    except ImportError:
        raise MissingExtraError("answering in process", "proxy", "botocore") from None
    here, send, sign = InProcess(carrier, sleep), URLLib3Session.send, RequestSigner.sign

    def sent(client: Any, request: Any) -> Any:
        return here.send(client, request, lambda: send(client, request))

    def unsigned(signer: Any, operation_name: str, request: Any, *how: Any, **more: Any) -> Any:
        return None if _ours(request) else sign(signer, operation_name, request, *how, **more)

    URLLib3Session.send = sent
    if not signed:
        RequestSigner.sign = unsigned
    try:
        yield here
    finally:
        URLLib3Session.send, RequestSigner.sign = send, sign


class _Body:
    """A body as botocore reads it from a connection, all of it at once."""

    def __init__(self, body: bytes) -> None:
        self._left = body

    def read(self, amount: int | None = None) -> bytes:
        """Return the next bytes, all where no amount is said."""
        amount = len(self._left) if amount is None else amount
        found, self._left = self._left[:amount], self._left[amount:]
        return found

    def stream(self, **_: Any) -> Iterator[bytes]:
        """Yield what is left."""
        yield self.read()


def _response(request: Any, reply: Reply, *, part: float = 1.0) -> Any:
    from botocore.awsrequest import AWSResponse

    headers, body = rendered(reply)
    length = ("Content-Length", str(len(body)))
    sent = body if part == 1.0 else body[: int(len(body) * part)]
    return AWSResponse(request.url, reply.status, dict((*headers, length)), _Body(sent))


def _refuse(request: Any) -> NoReturn:
    from botocore.exceptions import EndpointConnectionError

    raise EndpointConnectionError(endpoint_url=request.url, error="a fault turns connections away")


def _ours(request: Any) -> bool:
    """Tell whether a request is a Data Pipeline call."""
    target = request.headers.get("X-Amz-Target")
    return target is not None and operation({"x-amz-target": _text(target)}) is not None


def _named(request: Any) -> Named:
    """Return what is read of the headers of a call."""
    found = request.headers
    return {name: _text(found[name]) for name in _READ if name in found}


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _patience(client: Any) -> float:
    """Return the seconds that a client waits for an answer's first byte."""
    timeout = getattr(client, "_timeout", None)
    seconds = getattr(timeout, "read_timeout", timeout)
    return float(seconds) if isinstance(seconds, int | float) else float("inf")


def _gave_up(why: BaseException) -> bool:
    from botocore.exceptions import ReadTimeoutError

    return isinstance(why, ReadTimeoutError)
