"""Time in the real proxy: its deadlines under full load, notices before them, and its own stalls."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

from holter.cassette.reader import open_cassette
from holter.lease.audit import audited
from holter.lease.finding import State
from holter.lease.vigil import STALL

from .rig import Rig, marks, rig

LOAD = 24
"""Connections that call as fast as they are answered, far more than one core serves at once."""


def told_at(running: Rig) -> list[tuple[float, Any]]:
    """Findings as they are told from now on, each with the wall clock at that moment."""
    told: list[tuple[float, Any]] = []
    heard = running.told.found

    def found(finding: Any) -> None:
        told.append((time.time(), finding))
        heard(finding)

    running.told.found = found  # type: ignore[method-assign]  # the listener of this run alone
    return told


async def hammer(port: int, stop: asyncio.Event) -> int:
    """Call over one connection without a pause; return how often."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = b'{"taskId":"another-task-000001"}'
    request = (
        b"POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: DataPipeline.ReportTaskProgress\r\n"
        b"Content-Type: application/x-amz-json-1.1\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
    )
    count = 0
    while not stop.is_set():
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
        )
        await reader.readexactly(length)
        count += 1
    writer.close()
    return count


def test_a_deadline_that_passes_is_told_within_a_second_at_full_load(tmp_path: Path) -> None:
    async def main() -> tuple[Rig, list[tuple[float, Any]], int]:
        async with rig(tmp_path, mode="reverse", tls=False, scale=0.02) as running:  # ack 2.4 s
            told, stop = told_at(running), asyncio.Event()
            client = running.client(through=running.address)
            await running.call("poll_for_task", client, workerGroup="wg")
            port = int(running.address.rsplit(":", 1)[1])
            load = [asyncio.create_task(hammer(port, stop)) for _ in range(LOAD)]
            await running.until(lambda: any(f.rule == "ack-missing" for f in running.told.findings), 30)
            stop.set()
            count = sum(await asyncio.gather(*load))
            client.close()
        return running, told, count

    running, told, count = asyncio.run(main())

    opened = [(when, finding) for when, finding in told if finding.state is State.OPEN]
    assert {finding.rule for _, finding in opened} >= {"ack-missing"}
    assert all(when - finding.at < 1.0 for when, finding in opened)
    assert count > 100
    entries = (entry.value for entry in open_cassette(str(running.cassette)))
    live = running.recorder.audit
    assert audited(entries, live.profile).findings == live.findings


def test_a_lease_that_goes_down_is_told_before_its_deadline(tmp_path: Path) -> None:
    async def main() -> Rig:
        async with rig(tmp_path, scale=0.02) as running:  # ack 2.4 s
            await running.call("poll_for_task", workerGroup="wg")
            await running.until(lambda: any(f.rule == "ack-missing" for f in running.told.findings), 20)
        return running

    running = asyncio.run(main())

    shares = [ebb.share for ebb in running.told.ebbs]
    assert shares in ([0.5, 0.8], [0.5], [0.8])  # a look that is late tells only the highest
    assert {ebb.task for ebb in running.told.ebbs} == {"task-1"}


def test_a_loop_that_was_stuck_says_so_and_blames_nobody(tmp_path: Path) -> None:
    async def main() -> Rig:
        async with rig(tmp_path, scale=0.01) as running:
            client = running.client()
            task = (await running.call("poll_for_task", client, workerGroup="wg"))["taskObject"]["taskId"]
            await running.call("report_task_progress", client, taskId=task)
            time.sleep(STALL + 0.5)  # the proxy's own loop
            await running.call("report_task_progress", client, taskId=task)
            await running.call("set_task_status", client, taskId=task, taskStatus="FINISHED")
            client.close()
        return running

    running = asyncio.run(main())

    (stall,) = (mark for mark in marks(running.cassette) if mark.what == "stall")
    assert isinstance(since := stall.more["since"], float)
    assert (stall.mono or 0.0) - since > STALL
    live = running.recorder.audit
    assert {finding.certainty for finding in live.findings} <= {"possible"}
    assert any(blind.why == "Holter's own loop was late" for blind in live.blind)
    entries = (entry.value for entry in open_cassette(str(running.cassette)))
    assert audited(entries, live.profile).findings == live.findings


def test_a_paused_proxy_passes_calls_on_and_keeps_none(tmp_path: Path) -> None:
    async def main() -> Rig:
        async with rig(tmp_path) as running:
            session, clock = running.recorder.session, running.recorder.clock
            client = running.client()
            task = (await running.call("poll_for_task", client, workerGroup="wg"))["taskObject"]["taskId"]
            session.pause(clock.now())
            await running.call("report_task_progress", client, taskId=task)
            session.resume(clock.now())
            await running.call("set_task_status", client, taskId=task, taskStatus="FINISHED")
            client.close()
        return running

    running = asyncio.run(main())

    assert [call.op for call in running.told.calls] == ["PollForTask", "SetTaskStatus"]
    assert len(running.service.asked) == 3
    assert [blind.why for blind in running.recorder.audit.blind] == ["Holter was paused"]
