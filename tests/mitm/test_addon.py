"""What passes through the proxy, with real mitmproxy, real sockets and botocore."""

from __future__ import annotations

import asyncio
import gzip
import json
import ssl
import time
from pathlib import Path
from typing import Any

import botocore.exceptions as problems
import pytest

from holter.cassette.reader import open_cassette
from holter.faults.plans import Mode
from holter.faults.sources import gathered
from holter.lease.audit import audited
from holter.wire.message import Broken, Origin

from .rig import BROKEN, HOST, OTHER, TASK, Asked, Rig, Script, kept, marks, reply, rig

TASK_ID = TASK["taskObject"]["taskId"]


async def life(running: Rig, client: Any) -> None:
    """A healthy runner's calls."""
    task = (await running.call("poll_for_task", client, workerGroup="wg", hostname="runner-1"))["taskObject"]
    fields = [{"key": "percentComplete", "stringValue": "50"}]
    await running.call("report_task_progress", client, taskId=task["taskId"], fields=fields)
    await running.call("set_task_status", client, taskId=task["taskId"], taskStatus="FINISHED")


@pytest.mark.parametrize(
    ("mode", "tls"), [("forward", True), ("forward", False), ("reverse", True), ("reverse", False)]
)
def test_a_runners_calls_are_recorded_and_audited(tmp_path: Path, mode: str, tls: bool) -> None:
    async def main() -> None:
        async with rig(tmp_path, mode=mode, tls=tls) as running:
            through = running.address if mode == "reverse" else (None if tls else f"http://{HOST}")
            client = running.client(through=through)
            if mode == "forward" and not tls:
                client.close()
                client = plain_client(running)
            await life(running, client)
            client.close()
        assert running.told.troubles == []

    asyncio.run(main())

    calls = kept(tmp_path / "run.yaml")
    assert [call.op for call in calls] == ["PollForTask", "ReportTaskProgress", "SetTaskStatus"]
    assert [call.task for call in calls] == ["task-1"] * 3
    assert [call.caller for call in calls] == ["runner-1"] * 3
    assert calls[1].request == {
        "taskId": "task-1",
        "fields": [{"key": "percentComplete", "stringValue": "50"}],
    }
    assert [call.response for call in calls[1:]] == [{"canceled": False}, b""]
    assert [call.origin for call in calls] == [Origin.LIVE] * 3
    seen = [mark.what for mark in marks(tmp_path / "run.yaml") if mark.what not in ("stall", "alive")]
    assert seen == ["started", "stopped"]


def plain_client(running: Rig) -> Any:
    """A client of the plain HTTP endpoint, through the forward proxy."""
    import botocore.session
    from botocore.config import Config

    return botocore.session.Session().create_client(
        "datapipeline",
        region_name="us-east-1",
        aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key="secret",
        endpoint_url=f"http://{HOST}",
        config=Config(proxies={"http": running.address}, retries={"total_max_attempts": 1}),
    )


def test_forward_mode_leaves_the_signed_request_whole(tmp_path: Path) -> None:
    async def main() -> Asked:
        async with rig(tmp_path) as running:
            await running.call("poll_for_task", workerGroup="wg", hostname="runner-1")
        return running.service.asked[0]

    asked = asyncio.run(main())

    assert asked.header("host") == HOST
    assert (asked.header("authorization") or "").startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
    assert json.loads(asked.body) == {"workerGroup": "wg", "hostname": "runner-1"}


def test_a_connection_that_took_a_detour_is_used_again(tmp_path: Path) -> None:
    async def main() -> int:
        async with rig(tmp_path) as running:
            client = running.client()
            await life(running, client)
            client.close()
        return running.service.connections

    assert asyncio.run(main()) == 1


def test_nothing_secret_reaches_the_tape(tmp_path: Path) -> None:
    async def main() -> None:
        async with rig(tmp_path) as running:
            await life(running, None)

    asyncio.run(main())

    written = (tmp_path / "run.yaml").read_text()
    assert TASK_ID not in written
    assert "AKIDEXAMPLE" not in written
    assert "Signature" not in written


def broken_call(
    folder: Path, script: Script, *, error: type[Exception] | tuple[type[Exception], ...], **config: Any
) -> Rig:
    async def main() -> Rig:
        async with rig(folder, script=script) as running:
            client = running.client(**config)
            with pytest.raises(error):
                await running.call("report_task_progress", client, taskId="t")
            client.close()
            await running.until(lambda: len(running.told.calls) == 1)
        return running

    return asyncio.run(main())


async def never(asked: Asked, writer: asyncio.StreamWriter) -> None:
    while not writer.is_closing():
        await asyncio.sleep(0.01)


async def hang_up(asked: Asked, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def half_an_answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}")
    await writer.drain()
    writer.close()


def test_a_client_that_gives_up_is_recorded_as_what_it_is(tmp_path: Path) -> None:
    running = broken_call(tmp_path, never, error=problems.ReadTimeoutError, read_timeout=0.3)

    (call,) = kept(running.cassette)
    assert (call.broken, call.status, call.mono[1]) == (Broken.CLIENT, None, None)
    assert running.told.troubles == []


@pytest.mark.parametrize("script", [hang_up, half_an_answer])
def test_a_service_that_breaks_is_a_broken_connection_and_no_invented_502(
    tmp_path: Path, script: Script
) -> None:
    running = broken_call(tmp_path, script, error=BROKEN)

    (call,) = kept(running.cassette)
    assert call.broken is Broken.UPSTREAM
    assert any("the service broke the connection" in trouble for trouble in running.told.troubles)


def test_a_service_that_is_down_is_a_broken_connection_and_recorded(tmp_path: Path) -> None:
    async def main() -> Rig:
        async with rig(tmp_path, port=unused_port()) as running:
            with pytest.raises(BROKEN):
                await running.call("report_task_progress", taskId="t")
        return running

    running = asyncio.run(main())

    (call,) = kept(running.cassette)
    assert (call.op, call.broken) == ("ReportTaskProgress", Broken.UPSTREAM)
    assert any(HOST in trouble for trouble in running.told.troubles)


def unused_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_calls_on_their_way_at_the_end_are_kept_as_unfinished(tmp_path: Path) -> None:
    async def main() -> None:
        async with rig(tmp_path, script=never) as running:
            client = running.client(read_timeout=5)
            waiting = asyncio.create_task(running.call("poll_for_task", client, workerGroup="wg"))
            await running.until(lambda: bool(running.service.asked))
        with pytest.raises((problems.HTTPClientError, problems.ConnectionError)):
            await waiting
        client.close()

    asyncio.run(main())

    (call,) = kept(tmp_path / "run.yaml")
    assert call.broken is Broken.UNFINISHED
    assert marks(tmp_path / "run.yaml")[-1].what == "stopped"


def test_other_hosts_stay_sealed(tmp_path: Path) -> None:
    """The client sees the other host's own certificate, and Holter sees nothing."""

    async def main() -> Rig:
        async with rig(tmp_path) as running:
            trust = ssl.create_default_context(cafile=str(tmp_path / "service-ca.pem"))
            host, _, port = running.address.removeprefix("http://").partition(":")
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(f"CONNECT {OTHER}:443 HTTP/1.1\r\nHost: {OTHER}:443\r\n\r\n".encode())
            assert b"200" in await reader.readuntil(b"\r\n\r\n")
            await writer.start_tls(trust, server_hostname=OTHER)
            request = f"POST / HTTP/1.1\r\nHost: {OTHER}\r\nX-Amz-Target: DataPipeline.PollForTask\r\n"
            writer.write(f"{request}Content-Length: 2\r\n\r\n{{}}".encode())
            assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")
            writer.close()
        return running

    running = asyncio.run(main())

    assert [asked.op for asked in running.service.asked] == ["PollForTask"]
    assert kept(running.cassette) == []


def test_other_calls_on_an_opened_connection_pass_and_are_not_kept(tmp_path: Path) -> None:
    from urllib.request import ProxyHandler, Request, build_opener

    async def main() -> Rig:
        async with rig(tmp_path, tls=False) as running:
            opener = build_opener(ProxyHandler({"http": running.address}))
            request = Request(f"http://{HOST}/", b"{}", {"X-Amz-Target": "Logs.PutLogEvents"})

            def send() -> int:
                with opener.open(request, timeout=5) as response:
                    status: int = response.status
                    return status

            assert await asyncio.to_thread(send) == 200
        return running

    running = asyncio.run(main())

    assert len(running.service.asked) == 1
    assert kept(running.cassette) == []


def test_a_client_that_does_not_trust_us_is_told_of_once(tmp_path: Path) -> None:
    async def main() -> Rig:
        async with rig(tmp_path) as running:
            running.ca = str(tmp_path / "service-ca.pem")
            for _ in range(2):
                with pytest.raises(problems.SSLError):
                    await running.call("poll_for_task", workerGroup="wg")
            await running.until(lambda: any("AWS_CA_BUNDLE" in text for text in running.told.troubles))
        return running

    running = asyncio.run(main())

    assert len([text for text in running.told.troubles if "AWS_CA_BUNDLE" in text]) == 1


def test_the_nth_beat_of_a_task_is_cancelled_and_never_reaches_the_service(tmp_path: Path) -> None:
    async def main() -> list[bool]:
        async with rig(tmp_path, plans=gathered(cancel_on=2, mode=Mode.PROXY)) as running:
            client = running.client()
            task = (await running.call("poll_for_task", client, workerGroup="wg"))["taskObject"]["taskId"]
            answers = [await running.call("report_task_progress", client, taskId=task) for _ in range(2)]
            other = await running.call("report_task_progress", client, taskId="another")
            client.close()
        assert [asked.op for asked in running.service.asked].count("ReportTaskProgress") == 2
        return [answer["canceled"] for answer in [*answers, other]]

    assert asyncio.run(main()) == [False, True, False]
    calls = [call for call in kept(tmp_path / "run.yaml") if call.op == "ReportTaskProgress"]
    assert [(call.origin, call.fault) for call in calls] == [
        (Origin.LIVE, None),
        (Origin.FAULT, "cancel on beat 2"),
        (Origin.LIVE, None),
    ]


def test_a_deadline_is_told_when_it_passes_and_the_file_says_the_same(tmp_path: Path) -> None:
    async def main() -> Rig:
        async with rig(tmp_path, scale=0.005) as running:  # ack 0.6 s, 5 minutes 1.5 s
            client = running.client()
            task = (await running.call("poll_for_task", client, workerGroup="wg"))["taskObject"]["taskId"]
            handed = time.monotonic()
            await running.until(lambda: any(f.rule == "ack-missing" for f in running.told.findings))
            assert time.monotonic() - handed < 0.6 + 1.0
            await running.call("report_task_progress", client, taskId=task)
            await running.call("set_task_status", client, taskId=task, taskStatus="FINISHED")
            client.close()
        return running

    running = asyncio.run(main())

    live = running.recorder.audit
    entries = (entry.value for entry in open_cassette(str(running.cassette)))
    assert [finding.rule for finding in live.findings] == ["ack-late"]
    assert audited(entries, live.profile).findings == live.findings


async def zipped(asked: Asked, writer: asyncio.StreamWriter) -> None:
    await reply(writer, gzip.compress(b'{"canceled": false}'), headers=("Content-Encoding: gzip",))


async def html(asked: Asked, writer: asyncio.StreamWriter) -> None:
    await reply(writer, b"<html>\xff</html>", "500 Oops")


@pytest.mark.parametrize(
    ("script", "status", "response"), [(zipped, 200, {"canceled": False}), (html, 500, b"<html>\xff</html>")]
)
def test_odd_answers_are_kept_as_what_they_are(
    tmp_path: Path, script: Script, status: int, response: object
) -> None:
    async def main() -> None:
        async with rig(tmp_path, script=script) as running:
            with pytest.raises((problems.ClientError, UnicodeDecodeError)):
                await running.call("report_task_progress", taskId="t")

    asyncio.run(main())

    (call,) = kept(tmp_path / "run.yaml")
    assert (call.status, call.response) == (status, response)


def test_a_call_that_is_still_arriving_holds_back_what_others_say_of_the_past(tmp_path: Path) -> None:
    async def main() -> None:
        async with rig(tmp_path, tls=False) as running:
            host, _, port = running.address.removeprefix("http://").partition(":")
            reader, writer = await asyncio.open_connection(host, int(port))
            head = f"POST http://{HOST}/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 38\r\n"
            writer.write(f"{head}X-Amz-Target: DataPipeline.SetTaskStatus\r\n\r\n".encode())
            await running.until(lambda: bool(running.addon._times))
            await life(running, client := plain_client(running))
            client.close()
            writer.write(b'{"taskId": "t", "taskStatus": "FAILED"}'[:38])
            await reader.readuntil(b"\r\n\r\n")
            writer.close()

    asyncio.run(main())

    calls = kept(tmp_path / "run.yaml")
    slow = calls[-1]
    assert slow.op == "SetTaskStatus"
    assert {call.oldest for call in calls} == {slow.asked}
