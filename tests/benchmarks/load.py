"""A load of task runners on a replay server: connections that poll, beat and report, each as fast as it can.

It speaks raw HTTP/1.1 on asyncio, because a client library would take longer than the servers measured.
"""

from __future__ import annotations

import asyncio
import itertools
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.benchmarks.workload import BEATS, REAL_ID, SENT

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_TASK = re.compile(rb'"taskId": *"([^"]+)"')
_NUMBERS = itertools.count()
_PATIENCE = 120.0


class BadAnswerError(Exception):
    """A server gave something other than the recorded answer."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that plays; `task` is what runners call every task, None for the taskId handed out."""

    name: str
    port: int
    task: bytes | None = None


def _template(op: str) -> bytes:
    """Return a request of an operation as boto3 sends it, with places for try, length and body."""
    sent = dict(SENT) | {"X-Amz-Date": time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())}
    sent["X-Amz-Target"] = f"DataPipeline.{op}"
    sent["amz-sdk-invocation-id"] = "%08x-1111-4222-8333-123456789abc"
    lines = "".join(f"{name!s}: {value!s}\r\n" for name, value in sent.items())
    return f"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n{lines}Content-Length: %d\r\n\r\n%b".encode()


_TEMPLATES = {op: _template(op) for op in ("PollForTask", "ReportTaskProgress", "SetTaskStatus")}
_POLL = b'{"workerGroup": "wg-demo", "hostname": "runner-1"}'
_BEAT = b'{"taskId": "%b", "fields": [{"key": "percentComplete", "stringValue": "%d"}]}'
_END = b'{"taskId": "%b", "taskStatus": "FINISHED"}'


def request(op: str, body: bytes) -> bytes:
    """Return a request; each is a call of its own, not a further try of another."""
    return _TEMPLATES[op] % (next(_NUMBERS), len(body), body)


def task(name: bytes) -> Iterator[bytes]:
    """Yield what is said of a task from its hand-out to its end."""
    for step in range(1, BEATS + 1):
        yield request("ReportTaskProgress", _BEAT % (name, 2 * step))
    yield request("SetTaskStatus", _END % name)


class Runner(asyncio.Protocol):
    """One connection: polls, works, reports, and again, until it is told to stop."""

    def __init__(self, server: Server, ended: Callable[[], None]) -> None:
        self.answers, self.stopped, self.wrong = 0, False, b""
        self._server, self._ended = server, ended
        self._buffer = b""
        self._next: Iterator[bytes] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(request("PollForTask", _POLL))

    def data_received(self, data: bytes) -> None:
        """Take an answer, and ask again when it is whole."""
        self._buffer += data
        head, sign, body = self._buffer.partition(b"\r\n\r\n")
        length = _LENGTH.search(head + b"\r\n") if sign else None
        if length is None or len(body) < int(length[1]):
            return
        self._buffer = b""
        if not head.startswith(b"HTTP/1.1 200 "):
            self.wrong = head + b"\r\n\r\n" + body
        self.answers += 1
        if self.stopped or self.wrong:
            self._transport.close()
            return
        self._transport.write(self._asked(body))

    def _asked(self, answer: bytes) -> bytes:
        if self._next is None:
            found = _TASK.search(answer)
            name = self._server.task or (found[1] if found else b"")
            self._next = task(name)
        following = next(self._next, None)
        if following is None:
            self._next = None
            return request("PollForTask", _POLL)
        return following

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        del exc
        self._ended()


async def _run(server: Server, connections: int, seconds: float) -> float:
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    runners: list[Runner] = []
    left = itertools.count(1)

    def end() -> None:
        if next(left) == connections or any(runner.wrong for runner in runners):
            ended.set()

    for _ in range(connections):
        _, runner = await loop.create_connection(lambda: Runner(server, end), "127.0.0.1", server.port)
        runners.append(runner)
    begun, before = time.perf_counter(), sum(runner.answers for runner in runners)
    await asyncio.sleep(seconds)
    while sum(runner.answers for runner in runners) == before:  # a machine that is busy with other work
        await asyncio.sleep(0.05)
    took, after = time.perf_counter() - begun, sum(runner.answers for runner in runners)
    for runner in runners:
        runner.stopped = True
    await asyncio.wait_for(ended.wait(), _PATIENCE)
    if wrong := [runner.wrong for runner in runners if runner.wrong]:
        raise BadAnswerError(f"{server.name}: {wrong[0][:400]!r}")
    return (after - before) / took


def rate(server: Server, connections: int, seconds: float) -> float:
    """Return how many calls a second a server answers to that many runners at once."""
    return asyncio.run(_run(server, connections, seconds))


def first_answer(server: Server) -> bytes | None:
    """Ask for a task on a connection of its own; None where nobody listens or there is none yet."""

    async def ask() -> bytes | None:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        except OSError:
            return None
        try:
            writer.write(request("PollForTask", _POLL))
            head = await reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            body = await reader.readexactly(int(length[1])) if length else b""
            return body if head.startswith(b"HTTP/1.1 200 ") and b"taskObject" in body else None
        except (OSError, asyncio.IncompleteReadError):
            return None
        finally:
            writer.close()

    return asyncio.run(ask())


PEER_TASK = REAL_ID.encode()
"""The taskId that flows of mitmproxy have for every task: it looks for the very body that was recorded."""
