"""Replay through the proxy, end to end: botocore, real TLS, forward and reverse, every mode."""

from __future__ import annotations

import asyncio
import contextlib
import time
from pathlib import Path
from typing import Any

import botocore.exceptions as problems
import pytest
from tests.replay.tapes import BEAT, END, POLL, beat, empty, end, handout
from tests.test_replayer import listed, tape

from holter.errors import CassetteError
from holter.replay.modes import Mode
from holter.replay.pacing import End
from holter.replayer import Replay
from holter.wire.codec import print_of
from holter.wire.message import Broken, Origin

from .rig import BROKEN, TASK, Rig, kept, rig
from .test_addon import life

LIVE_ID = TASK["taskObject"]["taskId"]


@pytest.mark.parametrize(("mode", "tls"), [("forward", True), ("reverse", True), ("reverse", False)], ids=str)
def test_a_runner_gets_its_life_from_the_tape(tmp_path: Path, mode: str, tls: bool) -> None:
    path = tmp_path / "a.yaml"
    tape(path, handout("task-7"), beat("task-7"), end("task-7"))
    before = path.read_bytes()

    async def main() -> Rig:
        async with rig(tmp_path, mode=mode, tls=tls, replay=Replay((str(path),))) as running:
            client = running.client(through=running.address if mode == "reverse" else None)
            await life(running, client)
            client.close()
        return running

    running = asyncio.run(main())

    assert [(call.op, call.task, call.origin) for call in running.told.calls] == [
        (op, "task-7", Origin.CASSETTE) for op in (POLL, BEAT, END)
    ]
    assert (running.service.connections, running.told.troubles, running.addon.failures) == (0, [], 0)
    assert path.read_bytes() == before


def test_a_miss_is_refused_once_and_explained(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", empty())

    async def main() -> tuple[Any, Rig]:
        async with rig(tmp_path, replay=Replay((path,))) as running:
            retrying = running.client(retries={"total_max_attempts": 3})
            with pytest.raises(problems.ClientError) as refused:
                await running.call("describe_pipelines", retrying, pipelineIds=["df-1"])
            retrying.close()
        return refused.value.response, running

    response, running = asyncio.run(main())

    assert response["Error"]["Code"] == "NotRecordedException"
    assert "no recorded answer for DescribePipelines" in response["Error"]["Message"]
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert running.told.troubles == [response["Error"]["Message"]]
    assert running.service.connections == 0


def test_an_answer_that_takes_its_time_holds_up_nobody_else(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", empty("slow", asked=1.0, took=1.5), listed("at once"))
    ended: list[str] = []

    async def ask(running: Rig, name: str, operation: str, **members: Any) -> None:
        await running.call(operation, **members)
        ended.append(name)

    async def main() -> float:
        async with rig(tmp_path, replay=Replay((path,))) as running:
            begun = time.monotonic()
            slow = asyncio.create_task(ask(running, "slow", "poll_for_task", workerGroup="slow"))
            await running.until(
                lambda: running.addon.session is not None and running.addon.session.in_flight == 1
            )
            await ask(running, "other", "list_pipelines")
            await slow
            return time.monotonic() - begun

    took = asyncio.run(main())

    assert ended == ["other", "slow"]
    assert took >= 1.5


def test_a_client_that_leaves_while_it_is_kept_waiting_is_noticed(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", empty(asked=1.0, took=60.0))

    async def main() -> Rig:
        async with rig(tmp_path, replay=Replay((path,))) as running:
            client = running.client(read_timeout=1)
            with pytest.raises(problems.ReadTimeoutError):
                await running.call("poll_for_task", client, workerGroup="wg")
            client.close()
            await running.until(lambda: bool(running.told.calls))
        return running

    assert [call.broken for call in asyncio.run(main()).told.calls] == [Broken.CLIENT]


CASES = [
    # mode, is the file there; how often the service is asked for a known call and for an unknown one;
    # the operations that the file holds after
    ("none", True, (0, 0), ["ListPipelines"]),
    ("once", True, (0, 0), ["ListPipelines"]),
    ("once", False, (1, 1), ["ListPipelines", "DescribePipelines"]),
    ("new_episodes", True, (0, 1), ["ListPipelines", "DescribePipelines"]),
    ("new_episodes", False, (1, 1), ["ListPipelines", "DescribePipelines"]),
    ("all", True, (1, 1), ["ListPipelines", "DescribePipelines"]),
    ("all", False, (1, 1), ["ListPipelines", "DescribePipelines"]),
    ("passthrough", True, (1, 1), ["ListPipelines"]),
    ("passthrough", False, (1, 1), None),
]


async def answered(running: Rig, operation: str, **members: Any) -> int:
    """Make a call that may be refused, and return how often the service was asked by it."""
    before = len(running.service.asked)
    with contextlib.suppress(problems.ClientError):
        await running.call(operation, **members)
    return len(running.service.asked) - before


@pytest.mark.parametrize(("mode", "there", "live", "holds"), CASES)
def test_every_mode_asks_the_service_and_leaves_the_file_as_the_table_says(
    tmp_path: Path, mode: str, there: bool, live: tuple[int, int], holds: list[str] | None
) -> None:
    path = tmp_path / "a.yaml"
    if there:
        tape(path, listed("old"))
    before = path.read_bytes() if there else None

    async def main() -> tuple[int, int]:
        async with rig(tmp_path, replay=Replay((str(path),), Mode(mode))) as running:
            return (
                await answered(running, "list_pipelines"),
                await answered(running, "describe_pipelines", pipelineIds=["df-1"]),
            )

    assert asyncio.run(main()) == live
    assert [entry.name for entry in tmp_path.glob("a.yaml*")] == (["a.yaml"] if holds else [])
    assert [call.op for call in kept(path)] == holds if holds else not path.exists()
    if there and len(holds or ()) == 1:
        assert path.read_bytes() == before


def test_mode_none_needs_the_file(tmp_path: Path) -> None:
    async def main() -> None:
        async with rig(tmp_path, replay=Replay((str(tmp_path / "a.yaml"),))):
            pass

    with pytest.raises(CassetteError, match="cannot be read"):
        asyncio.run(main())


def test_while_all_is_recorded_anew_the_old_file_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    tape(path, listed("old"))
    before = path.read_bytes()

    async def main() -> bytes:
        async with rig(tmp_path, replay=Replay((str(path),), Mode.ALL)) as running:
            await running.call("describe_pipelines", pipelineIds=["df-1"])
            return path.read_bytes()

    assert asyncio.run(main()) == before
    assert [call.op for call in kept(path)] == ["DescribePipelines"]


def test_once_is_recorded_and_then_played(tmp_path: Path) -> None:
    replay = Replay((str(tmp_path / "a.yaml"),), Mode.ONCE, scale=0.0)

    async def main() -> Rig:
        async with rig(tmp_path, replay=replay) as running:
            client = running.client()
            await life(running, client)
            client.close()
        return running

    first, second = asyncio.run(main()), asyncio.run(main())

    assert [asked.op for asked in first.service.asked] == [POLL, BEAT, END]
    assert second.service.connections == 0
    assert [call.op for call in second.told.calls] == [POLL, BEAT, END]


def test_a_task_of_the_tape_never_reaches_the_service_and_a_new_one_gets_a_name_of_its_own(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.yaml"
    tape(path, handout("task-1", print=print_of("real")), beat("task-1"))
    replay = Replay((str(path),), Mode.NEW_EPISODES, end=End.FAIL)

    async def main() -> tuple[str, Any, Rig]:
        async with rig(tmp_path, replay=replay) as running:
            client = running.client()
            task = (await running.call("poll_for_task", client, workerGroup="wg"))["taskObject"]["taskId"]
            with pytest.raises(problems.ClientError) as refused:
                await running.call("set_task_status", client, taskId=task, taskStatus="FINISHED")
            await life(running, client)
            client.close()
        return task, refused.value.response["Error"], running

    task, error, running = asyncio.run(main())

    assert error["Code"] == "NotRecordedException"
    assert "no recorded answer for SetTaskStatus" in error["Message"]
    assert [asked.op for asked in running.service.asked] == [POLL, BEAT, END]
    assert all(task.encode() not in asked.body for asked in running.service.asked)
    new = kept(path)[2:]
    assert [call.op for call in new] == [POLL, BEAT, END]
    assert {call.task for call in new} & {None, "task-1"} == set()
    assert len({call.task for call in new}) == 1
    assert new[0].print == print_of(LIVE_ID)


@pytest.mark.parametrize("mode", [Mode.NONE, Mode.NEW_EPISODES])
@pytest.mark.parametrize("method", ["on_first_byte", "on_call"])
def test_an_error_of_ours_never_sends_a_call_on(
    tmp_path: Path, mode: Mode, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tape(tmp_path / "a.yaml", listed("old"))

    async def main() -> Rig:
        async with rig(tmp_path, replay=Replay((path,), mode)) as running:
            monkeypatch.setattr(running.addon.session, method, None)
            with pytest.raises(BROKEN):
                await running.call("describe_pipelines", pipelineIds=["df-1"])
            monkeypatch.undo()
        return running

    running = asyncio.run(main())

    assert running.service.connections == 0
    assert running.addon.failures == 1
    assert any("internal error in request" in text for text in running.told.troubles)


@pytest.mark.parametrize("paused", [True, False], ids=["paused", "closed"])
def test_nothing_is_sent_on_while_nobody_decides(tmp_path: Path, paused: bool) -> None:
    path = tape(tmp_path / "a.yaml", listed("old"))

    async def main() -> Rig:
        async with rig(tmp_path, replay=Replay((path,), Mode.NEW_EPISODES)) as running:
            session = running.recorder.session
            (session.pause if paused else session.close)(running.recorder.clock.now())
            with pytest.raises(BROKEN):
                await running.call("describe_pipelines", pipelineIds=["df-1"])
        return running

    assert asyncio.run(main()).service.connections == 0
