"""The commands, as mitmproxy's prompt gives them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from mitmproxy import ctx, exceptions
from mitmproxy.log import ALERT
from mitmproxy.test import taddons
from tests.replay.tapes import empty
from tests.test_replayer import tape

from holter.mitm.addon import Proxy
from holter.mitm.commands import Commands
from holter.replay.modes import Mode
from holter.replayer import Replay

from .inside import within
from .rig import TASK, Rig, marks, rig

BEAT = {"taskId": TASK["taskObject"]["taskId"]}


def asked(line: str) -> Any:
    """What a line at the prompt gives."""
    return ctx.master.commands.execute(line)


def refused(line: str) -> str:
    with pytest.raises(exceptions.CommandError) as why:
        asked(line)
    assert "\n" not in str(why.value)
    return str(why.value)


def during(folder: Path, do: Callable[[Rig], Awaitable[None]], **more: Any) -> Rig:
    async def main() -> Rig:
        async with rig(folder, others=lambda addon: [Commands(addon)], **more) as running:
            await do(running)
        return running

    return asyncio.run(main())


def test_the_report_tells_of_the_leases_that_are_held(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    async def do(running: Rig) -> None:
        await running.call("poll_for_task", workerGroup="wg")
        lines = asked("holter.audit")
        assert lines[0].startswith("task-1 handed out: ")
        assert "no findings in 1 call, 1 lease; profile documented" in " ".join(map(str.strip, lines))
        logged = [record.getMessage() for record in caplog.records if record.name == "mitmproxy.holter"]
        assert logged == lines
        await running.call("set_task_status", taskId=BEAT["taskId"], taskStatus="FINISHED")
        ended = asked("holter.audit")
        assert not any("handed out: " in line for line in ended)
        assert " in 2 calls, 1 lease;" in " ".join(map(str.strip, ended))

    during(tmp_path, do)


def test_faults_are_armed_listed_fired_and_taken_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    name = "ReportTaskProgress:cancel"
    caplog.set_level(ALERT)

    async def canceled(running: Rig) -> bool:
        return bool((await running.call("report_task_progress", **BEAT))["canceled"])

    async def do(running: Rig) -> None:
        assert asked("holter.faults") == ["no faults"]
        assert asked(f"holter.arm {name}") is None
        assert await canceled(running)
        assert asked("holter.faults") == [f"armed, met 1 call: {name}"]
        asked(f"holter.disarm {name}")
        assert not await canceled(running)
        asked(f"holter.fire {name}")
        assert [await canceled(running), await canceled(running)] == [True, False]
        asked(f"holter.arm {name}")
        assert asked("holter.faults") == [f"armed, met 2 calls: {name}"]

    running = during(tmp_path, do)

    done = [mark.more["did"] for mark in marks(running.cassette) if mark.what == "fault"]
    assert [did for did in done if did != "decided"] == ["armed", "disarmed", "fired", "armed"]
    told = [record.getMessage() for record in caplog.records if record.levelno == ALERT]
    assert told == [f"holter: {did} {name}" for did in ("armed", "disarmed", "fired", "armed")]


def test_a_name_with_blanks_needs_no_quotes(tmp_path: Path) -> None:
    async def do(running: Rig) -> None:
        assert refused("holter.fire no such rule").startswith("holter: there is no rule 'no such rule'")

    during(tmp_path, do)


def test_a_note_goes_into_the_recording(tmp_path: Path) -> None:
    async def do(running: Rig) -> None:
        asked("holter.mark before the deploy")
        asked("holter.mark 'as it  stands'")

    running = during(tmp_path, do)

    notes = [mark.more for mark in marks(running.cassette) if mark.what == "note"]
    assert notes == [{"text": "before the deploy"}, {"text": "as it  stands"}]


def test_a_pause_lets_calls_pass_unseen(tmp_path: Path) -> None:
    async def do(running: Rig) -> None:
        asked("holter.pause")
        await running.call("list_pipelines")
        asked("holter.resume")
        await running.call("poll_for_task", workerGroup="wg")

    running = during(tmp_path, do)

    assert [one.op for one in running.told.calls] == ["PollForTask"]
    assert [mark.what for mark in marks(running.cassette)] == ["started", "paused", "resumed", "stopped"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (
            "holter.arm ReportTaskProgress:cancle",
            "holter: holter.arm 'ReportTaskProgress:cancle': 'cancle' is",
        ),
        ("holter.arm", "holter: holter.arm '': must be OPERATION:FAULT"),
        ("holter.disarm x", "holter: there is no rule 'x'"),
        ("holter.mark", "holter: a note needs 1 to 1000 characters"),
    ],
)
def test_what_is_wrong_is_told_on_one_line(tmp_path: Path, line: str, says: str) -> None:
    async def do(running: Rig) -> None:
        assert refused(line).startswith(says)

    during(tmp_path, do)


def test_a_replay_cannot_be_paused_and_takes_only_faults_that_need_no_service(tmp_path: Path) -> None:
    replay = Replay((tape(tmp_path / "a.yaml", empty()),))

    async def do(running: Rig) -> None:
        assert refused("holter.pause") == (
            "holter: a replay has no service to which calls could be passed on meanwhile"
        )
        assert "duplicate" in refused("holter.arm ReportTaskProgress:duplicate")
        asked("holter.arm ReportTaskProgress:close")

    during(tmp_path, do, replay=replay)


def test_a_replay_that_goes_live_can_be_paused(tmp_path: Path) -> None:
    replay = Replay((tape(tmp_path / "a.yaml", empty()),), Mode.NEW_EPISODES)

    async def do(running: Rig) -> None:
        asked("holter.pause")
        assert running.recorder.session.paused

    during(tmp_path, do, replay=replay)


NAMES = [f"holter.{name}" for name in ("audit", "faults", "arm", "disarm", "fire", "mark", "pause", "resume")]


@pytest.mark.parametrize("name", NAMES)
def test_without_a_session_each_says_how_to_have_one(name: str) -> None:
    async def do(around: taddons.context) -> None:
        assert refused(f"{name} x" if name.endswith(("arm", "fire", "mark")) else name) == (
            "holter: nothing is recorded or replayed: "
            "start with --set holter_record=FILE or holter_replay=FILE"
        )

    within(Commands(Proxy()), do=do)


def test_each_is_typed_and_explained() -> None:
    async def do(around: taddons.context) -> None:
        ours = {name: one for name, one in ctx.master.commands.commands.items() if name.startswith("holter.")}
        assert sorted(ours) == sorted(NAMES)
        for one in ours.values():
            assert one.help
            assert one.help.endswith(".")
            assert one.signature_help()

    within(Commands(Proxy()), do=do)
