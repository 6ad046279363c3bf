"""The board on a real terminal: taken, given back, stopped, gone on with, ended."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli.test_replay import working
from tests.processes import environment, until
from tests.replay.tapes import beat
from tests.screen.tmux import Tmux, needs_tmux, terminal
from tests.test_replayer import tape

from holter.screen.show import EVERY, pause

pytestmark = needs_tmux


@pytest.mark.parametrize(("took", "pauses"), [(0.0, EVERY), (0.004, EVERY), (0.005, 0.25), (0.1, 5.0)])
def test_what_takes_long_to_draw_is_drawn_less_often(took: float, pauses: float) -> None:
    assert pause(took) == pytest.approx(pauses)


class Seat:
    """A replay on a terminal, and a client of it."""

    def __init__(self, tmux: Tmux, folder: Path) -> None:
        self.tmux, self.folder = tmux, folder
        self.port = folder / "port"
        self.task = ""
        self.tape = tape(folder / "a.yaml", working(), *(beat() for _ in range(3)))

    def start(self, *options: str, before: str = "", after: str = "") -> None:
        self.port.unlink(missing_ok=True)
        words = ["replay", self.tape, "--scale", "0", "--port-file", str(self.port), *options, after]
        self.tmux.holter(*words, before=before)
        until(self.port.is_file)

    def call(self, op: str, **body: str) -> Any:
        url = f"http://127.0.0.1:{int(self.port.read_text())}/"
        headers = {"X-Amz-Target": f"DataPipeline.{op}", "Content-Type": "application/x-amz-json-1.1"}
        request = urllib.request.Request(url, json.dumps(body).encode(), headers)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as answer:
            return json.load(answer)

    def work(self) -> None:
        self.task = self.call("PollForTask", workerGroup="wg")["taskObject"]["taskId"]
        self.beat()

    def beat(self) -> None:
        assert self.call("ReportTaskProgress", taskId=self.task) == {"canceled": False}


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with terminal(environment(tmp_path)) as tmux:
        yield Seat(tmux, tmp_path)


def test_it_says_how_to_start_the_runner_shows_its_lease_and_leaves_the_report(seat: Seat) -> None:
    before = seat.tmux.mode(seat.folder)
    seat.start("--board", "127.0.0.1:0")
    seat.tmux.until("export AWS_ENDPOINT_URL_DATA_PIPELINE=http://127.0.0.1:", "q quit")
    (link,) = re.findall(r"^ +(http://127\.0\.0\.1:\d+/#\S{43})$", seat.tmux.text, re.MULTILINE)
    assert seat.tmux.full_screen
    seat.work()
    seat.tmux.until("1 open lease", "2 calls", "task-1", "ok")
    seat.tmux.press("?")
    seat.tmux.until("let calls pass unseen", "export AWS_ENDPOINT_URL_DATA_PIPELINE=http://127.0.0.1:", link)
    seat.tmux.press("q")
    shown = seat.tmux.until("runner ", "task-1", "unfinished", history=True)

    assert not seat.tmux.full_screen
    assert "export AWS_ENDPOINT_URL_DATA_PIPELINE=http://127.0.0.1:" in shown
    assert "q quit" not in shown
    assert seat.tmux.mode(seat.folder) == before


@pytest.mark.parametrize("key", ["C-c", "C-\\"])
def test_whatever_ends_it_the_terminal_is_as_before(seat: Seat, key: str) -> None:
    before = seat.tmux.mode(seat.folder)
    seat.start()
    seat.tmux.until("q quit")
    seat.tmux.press(key)
    until(lambda: not seat.tmux.full_screen)

    assert seat.tmux.mode(seat.folder) == before
    assert seat.tmux.run("display-message", "-p", "#{cursor_flag}#{wrap_flag}").strip() == "11"


def test_it_can_be_stopped_and_gone_on_with(seat: Seat) -> None:
    before = seat.tmux.mode(seat.folder)
    seat.start()
    seat.tmux.until("q quit")
    for _ in range(2):
        seat.tmux.press("C-z")
        seat.tmux.until("Stopped")
        assert not seat.tmux.full_screen
        assert seat.tmux.mode(seat.folder) == before
        seat.tmux.type("clear; fg")
        seat.tmux.until("q quit")
        assert seat.tmux.full_screen
    seat.work()
    seat.tmux.until("1 open lease")
    seat.tmux.press("q")
    seat.tmux.until("unfinished", history=True)

    assert seat.tmux.mode(seat.folder) == before


def test_in_the_background_it_runs_on_unseen_and_comes_back(seat: Seat) -> None:
    seat.start()
    seat.tmux.until("q quit")
    seat.tmux.press("C-z")
    seat.tmux.until("Stopped")
    seat.tmux.type("clear; bg")
    seat.work()
    seat.tmux.type("echo $((6 * 7)) here")
    seat.tmux.until("42 here")
    assert not seat.tmux.full_screen
    seat.tmux.type("clear; fg")
    seat.tmux.until("1 open lease", "q quit")


def test_started_in_the_background_it_leaves_the_terminal_alone(seat: Seat) -> None:
    seat.start(after="&")
    seat.work()
    seat.tmux.type("echo $((6 * 7)) here")

    assert "q quit" not in seat.tmux.until("42 here")
    assert not seat.tmux.full_screen


def test_it_follows_the_size_of_the_terminal(seat: Seat) -> None:
    seat.start()
    seat.work()
    narrow = seat.tmux.until("q quit", "task-1")
    seat.tmux.resize(200, 50)
    until(lambda: "q quit" in (seat.tmux.text.split("\n") + [""] * 50)[49])
    wide = seat.tmux.text
    seat.tmux.resize(40, 10)
    seat.tmux.until("task-1", "m mark")

    bars = [max(map(len, re.findall("━+", text))) for text in (narrow, wide)]
    assert bars[0] < bars[1]


@pytest.mark.parametrize(("before", "options"), [("TERM=dumb", ()), ("", ("--plain",)), ("", ("--quiet",))])
def test_there_are_plain_lines_where_no_board_can_or_shall_be(
    seat: Seat, before: str, options: tuple[str, ...]
) -> None:
    seat.start(*options, before=before)
    seat.tmux.until("until interrupted; start the runner with")
    seat.work()
    if "--quiet" not in options:
        seat.tmux.until("ReportTaskProgress  task-1", "-> canceled: false")

    assert not seat.tmux.full_screen


def test_into_a_pipe_it_is_one_line_a_call(seat: Seat) -> None:
    log = seat.folder / "log"
    seat.start(after=f"| tee {log}")
    seat.work()
    seat.tmux.until("-> canceled: false")

    last = log.read_text().split("\n")[-2]
    assert re.fullmatch(r"[\d:.]+  ReportTaskProgress  task-1  lease [\d.]+ s  -> canceled: false", last)


@pytest.mark.parametrize("wanted", [True, False])
def test_there_are_colours_unless_somebody_wants_none(seat: Seat, wanted: bool) -> None:
    seat.start(before="" if wanted else "NO_COLOR=1")
    seat.work()
    seat.tmux.until("task-1")
    colours = set(re.findall(r"\x1b\[(?:\d+;)*(3[1-7]|9[0-7])(?:;\d+)*m", seat.tmux.colours))

    assert bool(colours) is wanted
    assert "\x1b[" in seat.tmux.colours


def test_a_terminal_that_takes_nothing_holds_nobody_up(seat: Seat) -> None:
    seat.start()
    seat.tmux.until("q quit")
    seat.tmux.press("C-s")
    seat.work()
    for _ in range(30):
        seat.beat()
    seat.tmux.press("C-q")

    assert seat.tmux.until("32 calls")
