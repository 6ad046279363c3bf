"""A replay on the plain endpoint: real sockets, a real client of the SDK."""

from __future__ import annotations

import asyncio
import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests import sdk
from tests.replay.tapes import beat, empty, end, handout
from tests.test_replayer import tape
from tests.told import Told

from holter.endpoint.replay import ReplayHandler, running
from holter.endpoint.server import Server, serving
from holter.endpoint.thread import Hosted, in_thread
from holter.replayer import Replay, Replayer
from holter.wire.decision import Break, Cut, Decision
from holter.wire.message import Broken, Call, Interaction, Origin

pytest.importorskip("botocore.session")

WHOLE = [handout(), beat(), beat(canceled=True), end("task-1", "FAILED"), empty()]


class Site:
    """A replay in a thread, and clients of it."""

    def __init__(self, hosted: Hosted[tuple[ReplayHandler, Server]], told: Told) -> None:
        self.handler, self.server = hosted.value
        self.hosted, self.told = hosted, told
        self.url = f"http://127.0.0.1:{self.server.port}"

    def client(self, **config: Any) -> Any:
        return sdk.client(self.url, **{"retries": {"total_max_attempts": 3}, **config})


@contextmanager
def site(path: str, **more: Any) -> Iterator[Site]:
    told = Told()
    replayer = Replayer(Replay((path,), **more), told)

    @asynccontextmanager
    async def start() -> AsyncIterator[tuple[ReplayHandler, Server]]:
        async with (
            running(replayer) as handler,
            serving(handler, refusing=handler.refusing) as server,
        ):
            yield handler, server

    with in_thread(start) as hosted:
        yield Site(hosted, told)
    replayer.close()


def until(condition: Any) -> None:
    deadline = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_client_of_the_sdk_is_answered_from_the_cassette(tmp_path: Path) -> None:
    with site(tape(tmp_path / "a.yaml", *WHOLE)) as here:
        client = here.client()
        task = client.poll_for_task(workerGroup="wg", hostname="other")["taskObject"]
        beats = [client.report_task_progress(taskId=task["taskId"])["canceled"] for _ in range(3)]
        client.set_task_status(taskId=task["taskId"], taskStatus="FAILED", errorMessage="new words")
        assert "taskObject" not in client.poll_for_task(workerGroup="wg")

    assert beats == [False, True, True]
    assert task["attemptId"] == "@Copy_task-1"
    assert {call.origin for call, _ in here.told.calls} == {Origin.CASSETTE}
    assert {call.task for call, _ in here.told.calls} == {"task-1", None}


def test_a_miss_is_an_error_that_the_sdk_does_not_try_again(tmp_path: Path) -> None:
    with site(tape(tmp_path / "a.yaml", *WHOLE)) as here:
        client = here.client()
        with pytest.raises(client.exceptions.ClientError) as refused:
            client.list_pipelines()

    error = refused.value.response["Error"]
    assert error["Code"] == "NotRecordedException"
    assert here.told.troubles == [error["Message"]]
    assert len(here.told.calls) == 1


@pytest.mark.parametrize(
    ("path", "headers", "said"),
    [
        ("/", {"X-Amz-Target": "Other_1.Do"}, "names no DataPipeline operation"),
        ("/", {}, "names no DataPipeline operation"),
        ("/bucket/key", {"X-Amz-Target": "DataPipeline.PollForTask"}, "is spoken here"),
    ],
)
def test_other_requests_are_refused_plainly(
    tmp_path: Path, path: str, headers: dict[str, str], said: str
) -> None:
    with site(tape(tmp_path / "a.yaml", *WHOLE)) as here:
        request = urllib.request.Request(here.url + path, b"{}", headers)
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request)
        assert refused.value.code == 400
        assert said in refused.value.read().decode()
        refused.value.close()
        assert here.told.calls == []


def test_delays_are_kept_and_calls_overtake_each_other(tmp_path: Path) -> None:
    slow = [handout("task-1", "slow", asked=0.0, took=1.0), handout("task-2", "fast", asked=0.0, took=0.0)]
    with site(tape(tmp_path / "a.yaml", *slow), scale=0.5) as here:
        client = here.client()
        begun = time.monotonic()
        client.poll_for_task(workerGroup="fast")
        client.poll_for_task(workerGroup="slow")
        assert time.monotonic() - begun >= 0.5
    took = [(call.mono[1] or 0.0) - (call.mono[0] or 0.0) for call, _ in here.told.calls]
    assert took[1] >= 0.5 > took[0]


def test_a_client_that_leaves_is_taken_in(tmp_path: Path) -> None:
    with site(tape(tmp_path / "a.yaml", empty(asked=0.0, took=600.0))) as here:
        client = here.client(read_timeout=0.2)
        with pytest.raises(Exception, match="Read timeout"):
            client.poll_for_task(workerGroup="wg")
        until(lambda: here.told.calls)
    assert here.told.calls[0][0].broken is Broken.CLIENT


ERRORS = {
    Cut.CLOSE: http.client.RemoteDisconnected,
    Cut.RESET: ConnectionResetError,
    Cut.MIDDLE: http.client.IncompleteRead,
}


@pytest.mark.parametrize("cut", Cut)
@pytest.mark.parametrize("delay", [0.0, 0.05])
def test_a_broken_connection_is_broken(tmp_path: Path, cut: Cut, delay: float) -> None:
    with site(tape(tmp_path / "a.yaml", *WHOLE)) as here:
        player = here.handler.replayer.player
        decide = player.decide

        def broken(call: Call, asked: Interaction) -> Decision:
            found = decide(call, asked)
            return Break("a test", delay=delay, cut=cut, reply=getattr(found, "reply", None))

        player.decide = broken  # type: ignore[method-assign]
        connection = http.client.HTTPConnection("127.0.0.1", here.server.port, timeout=20)
        connection.request("POST", "/", b'{"workerGroup":"wg"}', {"X-Amz-Target": "DataPipeline.PollForTask"})
        with pytest.raises(ERRORS[cut]):
            connection.getresponse().read()
        connection.close()
        until(lambda: here.told.calls)
    assert {call.broken for call, _ in here.told.calls} == {Broken.US}


def life(name: str) -> list[Interaction]:
    """A task of a worker group of its own, that is cancelled at a beat of its own."""
    beats = [beat(name, canceled=nth == int(name[5:]) % 7) for nth in range(7)]
    return [handout(name, name), *beats, end(name)]


def lived(port: int, name: str) -> list[Any]:
    """What a client is told that goes through the life of a task."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def ask(op: str, **body: Any) -> Any:
        connection.request("POST", "/", json.dumps(body), {"X-Amz-Target": f"DataPipeline.{op}"})
        return json.load(connection.getresponse())

    task = ask("PollForTask", workerGroup=name)["taskObject"]
    told = [ask("ReportTaskProgress", taskId=task["taskId"])["canceled"] for _ in range(7)]
    told.append(ask("SetTaskStatus", taskId=task["taskId"], taskStatus="FINISHED"))
    connection.close()
    return [task["attemptId"], *told]


def lived_in_a_loop(port: int, names: list[str], at_once: int) -> list[list[Any]]:
    """As `lived`, by that many clients on asyncio."""
    room = asyncio.Semaphore(at_once)

    async def live(name: str) -> list[Any]:
        async with room:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)

            async def ask(op: str, **said: Any) -> Any:
                body = json.dumps(said).encode()
                head = f"POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: DataPipeline.{op}\r\n"
                writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
                answer = await reader.readuntil(b"\r\n\r\n")
                length = int(answer.lower().partition(b"content-length:")[2].split()[0])
                return json.loads(await reader.readexactly(length))

            task = (await ask("PollForTask", workerGroup=name))["taskObject"]
            told = [(await ask("ReportTaskProgress", taskId=task["taskId"]))["canceled"] for _ in range(7)]
            told.append(await ask("SetTaskStatus", taskId=task["taskId"], taskStatus="FINISHED"))
            writer.close()
            return [task["attemptId"], *told]

    async def all_of_them() -> list[list[Any]]:
        return await asyncio.gather(*map(live, names))

    return asyncio.run(all_of_them())


def test_64_clients_at_once_in_threads_and_on_asyncio_get_their_own_answers(tmp_path: Path) -> None:
    names = [f"task-{number}" for number in range(1, 257)]
    path = tape(tmp_path / "a.yaml", *(call for name in names for call in life(name)))
    with site(path) as here, ThreadPoolExecutor(33) as pool:
        port = here.server.port
        looped = pool.submit(lived_in_a_loop, port, names[128:], 32)
        found = [*pool.map(lambda name: lived(port, name), names[:128]), *looped.result()]
        player = here.handler.replayer.player
        assert (player.unplayed, player.missed) == ([], 0)
    assert found == [[f"@Copy_{name}", *(nth == int(name[5:]) % 7 for nth in range(7)), {}] for name in names]
    assert len(here.handler.replayer.audit.leases) == 256


def test_time_passes_for_the_audit_while_nobody_calls(tmp_path: Path) -> None:
    with site(tape(tmp_path / "a.yaml", handout()), scale=0.001) as here:
        here.client().poll_for_task(workerGroup="wg")
        until(lambda: here.told.findings)
    assert here.told.findings[0].rule == "ack-missing"
