"""The board of real runs on a real terminal."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from tests.processes import PATIENCE, command, environment, started, until
from tests.screen.tmux import Tmux, terminal

from holter.cassette.reader import open_cassette
from holter.faults.plans import Mode, Plans
from holter.lease.audit import Audit
from holter.lease.profile import DOCUMENTED
from holter.screen import show
from holter.screen.live import Live
from holter.screen.paint import ENTER, LEAVE
from holter.trial import Trial
from holter.wire.message import Interaction, Mark

SCALE = "0.05"
HOSTILE = "[red]x[/]"


def definitions(folder: Path, activities: int) -> Iterator[str]:
    """The options for pipelines of so many activities that take a minute; each has at most 100 objects."""
    default = {"id": "Default", "name": "Default", "scheduleType": "ondemand"}
    works = [
        {
            "id": f"Work{number}",
            "name": f"Work{number}",
            "type": "ShellCommandActivity",
            "command": "sleep 60",
            "workerGroup": "wg",
        }
        for number in range(activities)
    ]
    for first in range(0, activities, 90):
        path = folder / f"pipeline{first}.json"
        path.write_text(json.dumps({"objects": [default, *works[first : first + 90]]}))
        yield from ("--definition", str(path))


@contextmanager
def recorded(folder: Path, activities: int) -> Iterator[tuple[Tmux, int, Path]]:
    """A recording in front of a sandbox, on a terminal; its port and its cassette."""
    ports = folder / "sandbox.port", folder / "port"
    path, env = folder / "run.yaml", environment(folder)
    words = ("--scale", SCALE, *definitions(folder, activities))
    sandbox = command("sandbox", "--port-file", str(ports[0]), *words)
    with started(sandbox, env, folder / "sandbox.log"), terminal(env) as tmux:
        until(ports[0].is_file)
        upstream = f"http://127.0.0.1:{int(ports[0].read_text())}"
        options = ("--port-file", str(ports[1]), "--upstream", upstream, "--scale", SCALE)
        tmux.holter("record", "-o", str(path), *options)
        until(ports[1].is_file)
        yield tmux, int(ports[1].read_text()), path


def entries(path: Path) -> list[Interaction | Mark]:
    return [entry.value for entry in open_cassette(str(path))]


def ended(tmux: Tmux, path: Path) -> str:
    """End the recording by its key; return what can be scrolled back to."""
    tmux.press("q")
    tmux.until("unpolled", history=True)
    until(lambda: not tmux.full_screen)
    return tmux.history


@pytest.mark.slow
def test_a_real_runner_is_seen_cancelled_by_a_key_and_marked(tmp_path: Path) -> None:
    pytest.importorskip("botocore", reason="needs botocore")
    pytest.importorskip("mitmproxy", reason="needs mitmproxy")
    with recorded(tmp_path, 1) as (tmux, port, path):
        words = ("--worker-group", "wg", "--scale", SCALE, "--hostname", HOSTILE, "--max-tasks", "1")
        runner = command("runner", *words, "--endpoint", f"http://127.0.0.1:{port}")
        with started(runner, environment(tmp_path), tmp_path / "runner.log") as process:
            tmux.until("1 open lease", "Work0", HOSTILE)
            tmux.press("m")
            tmux.type("deployed 4.2")
            tmux.until("marked: deployed 4.2")
            tmux.press("f")
            tmux.type("ReportTaskProgress:cancle")
            tmux.until("did you mean")
            tmux.press("C-u")
            tmux.type("ReportTaskProgress:cancel:at_most=1")
            tmux.until("armed: ReportTaskProgress:cancel:at_most=1")
            tmux.until("0 open leases", "(over, met 1)")
            process.wait(PATIENCE)
        tmux.press("p")
        tmux.until("PAUSED, calls pass unseen")
        tmux.press("p")
        tmux.until("recording again")
        shown = ended(tmux, path)

    assert "cancel" in (tmp_path / "runner.log").read_text()
    assert re.search(r"task-1 +Work0 +canceled", shown)
    marks = [entry for entry in entries(path) if isinstance(entry, Mark)]
    assert [mark.what for mark in marks if mark.what in ("paused", "resumed")] == ["paused", "resumed"]
    assert {"text": "deployed 4.2"} in [mark.more for mark in marks]
    assert "armed" in [mark.more.get("did") for mark in marks if mark.what == "fault"]
    assert [one.fault for one in entries(path) if isinstance(one, Interaction) and one.fault]


@pytest.mark.slow
def test_five_hundred_leases_stay_readable(tmp_path: Path) -> None:
    pytest.importorskip("mitmproxy", reason="needs mitmproxy")
    with recorded(tmp_path, 500) as (tmux, port, path):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        headers = {"X-Amz-Target": "DataPipeline.PollForTask", "Content-Type": "application/x-amz-json-1.1"}
        slowest = 0.0
        for number in range(500):
            begun = time.perf_counter()
            connection.request("POST", "/", json.dumps({"workerGroup": "wg", "hostname": "h"}), headers)
            answer = json.load(connection.getresponse())
            slowest = max(slowest, time.perf_counter() - begun)
            assert "taskObject" in answer, number
        connection.close()
        small = tmux.until("500 open leases", "500 PollForTask")
        tmux.resize(200, 50)
        until(lambda: "q quit" in (tmux.text.split("\n") + [""] * 50)[49])
        large = tmux.until("expired", "EXPIRED", "ack-missing")
        report = ended(tmux, path)

    rows = [len(re.findall(r"^ [X!\- ] task-\d+ ", text, re.MULTILINE)) for text in (small, large)]
    assert 7 <= rows[0] < 20 < rows[1]
    assert f"and {500 - rows[0]} more" in small
    assert f"and {500 - rows[1]} more" in large
    assert all(len(line) <= 80 for line in small.split("\n"))
    assert slowest < PATIENCE / 3
    assert "task-500" in report


def broken(*_: object) -> NoReturn:
    raise ZeroDivisionError("so wide")


def test_a_board_that_cannot_be_drawn_is_given_up_and_the_run_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[str] = []
    ours, theirs = os.openpty()
    monkeypatch.setattr(show, "frame", broken)

    async def run() -> None:
        live = Live(told.append)
        async with live.shown(Trial(Plans(seed=7), DOCUMENTED, live.listener), Mode.SANDBOX, "sandbox", ()):
            async with asyncio.timeout(PATIENCE):
                while not told:
                    await asyncio.sleep(0.01)
            live.tell("after")
            assert told[1:] == ["after"]

    with open(theirs, "w", encoding="utf-8") as screen:
        monkeypatch.setattr(sys, "stdout", screen)
        asyncio.run(run())
    shown = os.read(ours, 4096).decode()
    os.close(ours)

    assert told[0] == "holter: the board cannot be drawn: ZeroDivisionError: so wide; the run goes on"
    assert shown.startswith(ENTER)
    assert shown.endswith(LEAVE)


def test_the_link_to_the_page_is_printed_and_stays_on_the_board() -> None:
    told: list[str] = []
    live = Live(told.append)
    live.linked("holter: the board is at http://127.0.0.1:8099/#token")

    assert told == ["holter: the board is at http://127.0.0.1:8099/#token"]
    assert live._link == ("", "holter: the board is at", "http://127.0.0.1:8099/#token")


def test_lines_that_come_while_it_is_there_are_printed_after_it() -> None:
    told: list[str] = []
    live = Live(told.append)
    live.tell("before")
    live._there = True
    live.tell("a\x1b[2Jwhile")
    live.listener.trouble("disk full")
    assert told == ["before"]
    assert [*live._told] == ["a [2Jwhile", "holter: disk full"]
    live._there = False
    live.tell("after")
    live.ended(Audit(DOCUMENTED), 0, 0)

    assert told == ["before", "after"]
