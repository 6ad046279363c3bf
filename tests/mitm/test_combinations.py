"""Faults that meet on one call, or go by one another, through the real proxy."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from tests.faults.scenes import text

from holter.faults.planfile import parse
from holter.wire.message import Broken, Interaction, Json

from .rig import Rig, kept, marks, rig

HELD: Json = {"canceled": False}
CANCELED: Json = {"canceled": True}
BEATS = "when: {op: ReportTaskProgress"


class Runner:
    """A client that tells what it got: the members of an answer, or the name of an exception."""

    def __init__(self, running: Rig, client: Any) -> None:
        self.running, self._client = running, client

    async def call(self, operation: str, **members: Any) -> Any:
        try:
            found = await self.running.call(operation, self._client, **members)
        except Exception as why:  # noqa: BLE001 - whatever it is, it is what the client saw
            return type(why).__name__
        found.pop("ResponseMetadata")
        return found

    async def beat(self, task: str = "a-task-0001") -> Any:
        return await self.call("report_task_progress", taskId=task)

    async def end(self) -> Any:
        return await self.call("set_task_status", taskId="a-task-0001", taskStatus="FINISHED")


Life: TypeAlias = Callable[[Runner], Awaitable[Any]]


@dataclass
class Seen:
    """What came of a runner's life: what it got, how often the service was asked, what was kept."""

    got: Any
    served: int
    calls: list[Interaction]
    decided: list[dict[str, Any]]
    seconds: float


@pytest.fixture(params=[("forward", True), ("reverse", False)], ids=["forward", "reverse"])
def lived(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., Seen]:
    mode, tls = request.param

    def run(life: Life, *rules: str, **config: Any) -> Seen:
        async def main() -> Seen:
            async with rig(tmp_path, mode=mode, tls=tls, plans=parse(text(*rules), "p")) as running:
                client = running.client(through=running.address if mode == "reverse" else None, **config)
                began = time.monotonic()
                got = await life(Runner(running, client))
                seconds = time.monotonic() - began
                client.close()
                await running.until(lambda: not running.recorder.session.in_flight)
                assert running.addon.failures == 0
                served = len(running.service.asked)
            said = [dict(mark.more) for mark in marks(running.cassette) if mark.what == "fault"]
            return Seen(got, served, kept(running.cassette), said[1:], seconds)

        return asyncio.run(main())

    return run


def test_of_two_rules_the_first_decides_and_both_count(lived: Callable[..., Seen]) -> None:
    async def life(runner: Runner) -> Any:
        return [await runner.beat() for _ in range(3)]

    seen = lived(life, BEATS + ", nth: 2}, then: {delay: 0.01}", BEATS + "}, then: {cancel: true}")

    assert seen.got == [CANCELED, HELD, CANCELED]
    assert [said["rule"] for said in seen.decided] == ["r2", "r1", "r2"]


@pytest.mark.parametrize(("stage", "served"), [("before", 0), ("after", 1)])
def test_delays_add_up_before_what_comes_after_them(
    lived: Callable[..., Seen], stage: str, served: int
) -> None:
    rule = f"then: [{{delay: 0.2}}, {{delay: 0.2, stage: {stage}}}, {{cancel: true, stage: {stage}}}]"
    seen = lived(Runner.beat, BEATS + "}, " + rule)

    assert (seen.got, seen.served) == (CANCELED, served)
    assert seen.seconds >= 0.4
    assert sum(said["delay"] for said in seen.decided) == pytest.approx(0.4)


def test_the_service_gets_copies_of_what_the_runner_never_hears_of(lived: Callable[..., Seen]) -> None:
    seen = lived(Runner.beat, BEATS + "}, then: [{duplicate: 2}, {swallow_ack: true}]")

    assert seen.got in ("ConnectionClosedError", "ProxyConnectionError")
    assert seen.served == 2
    assert (seen.calls[0].upstream or {})["status"] == 200


@pytest.mark.parametrize(("at_most", "served"), [("", 3), ("when: {at_most: 1}, ", 2)])
def test_each_try_of_a_status_that_is_swallowed_reaches_the_service(
    lived: Callable[..., Seen], at_most: str, served: int
) -> None:
    seen = lived(Runner.end, at_most + "then: {swallow_status: true}", retries={"mode": "standard"})

    assert seen.served == served
    assert [call.tried.n for call in seen.calls if call.tried] == list(range(1, served + 1))
    assert (seen.got == {}) is bool(at_most)


def test_a_client_that_gave_a_held_call_up_is_answered_when_it_tries_again(
    lived: Callable[..., Seen],
) -> None:
    rule = BEATS + ", at_most: 1}, then: {hold: 60}"
    seen = lived(Runner.beat, rule, retries={"mode": "standard"}, read_timeout=1)

    assert (seen.got, seen.served) == (HELD, 1)
    assert [call.broken for call in seen.calls] == [Broken.CLIENT, None]


def test_rules_wait_for_one_another_and_for_their_time(lived: Callable[..., Seen]) -> None:
    async def life(runner: Runner) -> Any:
        found = [await runner.end(), await runner.beat(), await runner.beat(), await runner.end()]
        runner.running.addon.clock.skip(100)
        return [*found, await runner.beat(), await runner.beat()]

    seen = lived(
        life,
        "when: {op: SetTaskStatus, after: r2}, then: {error: InternalServiceError}",
        BEATS + ", nth: 2}, then: {cancel: true}",
        BEATS + ", window: [90, 1000], at_most: 1}, then: {error: TaskNotFoundException}",
    )

    assert seen.got == [{}, HELD, CANCELED, "InternalServiceError", "TaskNotFoundException", HELD]


def test_at_most_so_many_are_met_at_the_same_time(lived: Callable[..., Seen]) -> None:
    async def life(runner: Runner) -> Any:
        return await asyncio.gather(*(runner.beat(f"a-task-000{number}") for number in range(3)))

    seen = lived(life, BEATS + ", at_most_at_once: 1}, then: {hold: 60}", read_timeout=3)

    assert (seen.got.count(HELD), seen.got.count("ReadTimeoutError")) == (2, 1)
