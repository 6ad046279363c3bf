from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from holter.sandbox.runner.work import KEPT, Work, percent


def shell(line: str, directory: Path | None = None) -> Work:
    return Work(("/bin/sh", "-c", line), directory=str(directory) if directory else None)


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (b"progress: 40\n", 40),
        (b"  Progress:7 %\r\n", 7),
        (b"progress: 99.5", 99),
        (b"progress: 101", None),
        (b"progress: -1", None),
        (b"my progress: 40", None),
        (b"progress: forty", None),
        (b"", None),
    ],
)
def test_a_progress_line_is_told_from_others(line: bytes, found: int | None) -> None:
    assert percent(line) == found


@pytest.mark.parametrize(
    ("line", "code", "output"),
    [
        ("exit 0", 0, ""),
        ("echo out; echo err >&2; exit 3", 3, "err\n"),
        ("echo out; exit 4", 4, "out\n"),
        ("kill -KILL $$", -9, ""),
        ("printf '\\377\\n' >&2; exit 1", 1, "�\n"),
    ],
)
def test_a_command_ends_with_its_status_and_its_last_words(line: str, code: int, output: str) -> None:
    work = shell(line)
    assert work.wait() == code
    assert work.output() == output


def test_a_command_runs_in_its_directory_and_without_input(tmp_path: Path) -> None:
    work = shell("cat > got; pwd -P >&2", tmp_path)
    assert work.wait() == 0
    assert work.output().strip() == str(tmp_path.resolve())
    assert (tmp_path / "got").read_bytes() == b""


def test_a_flood_of_output_is_kept_to_its_end() -> None:
    work = shell("head -c 3000000 /dev/zero | tr '\\0' x >&2; printf end >&2")
    assert work.wait() == 0
    assert work.output() == "x" * (KEPT - 3) + "end"


def test_progress_is_seen_while_the_command_runs(tmp_path: Path) -> None:
    work = shell("echo progress: 10; while [ ! -e go ]; do sleep 0.02; done; echo progress: 90", tmp_path)
    until(lambda: work.progress == 10)
    (tmp_path / "go").touch()
    assert work.wait() == 0
    assert work.progress == 90


def test_stopping_ends_the_whole_process_group(tmp_path: Path) -> None:
    work = shell("sleep 100 & echo $! > child; wait", tmp_path)
    until(lambda: (tmp_path / "child").exists() and (tmp_path / "child").read_text().endswith("\n"))
    work.stop()
    assert work.wait() == -15
    until(lambda: gone(int((tmp_path / "child").read_text())))


def test_a_command_that_will_not_stop_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("holter.sandbox.runner.work._KILL_AFTER", 0.2)
    work = shell("trap '' TERM; touch ready; while :; do sleep 0.05; done", tmp_path)
    until((tmp_path / "ready").exists)
    work.stop()
    work.stop()
    assert work.wait() == -9


def test_a_child_that_holds_the_output_open_does_not_hold_the_task(tmp_path: Path) -> None:
    started = time.monotonic()
    work = shell("sleep 100 & exit 0", tmp_path)
    assert work.wait() == 0
    assert time.monotonic() - started < 30


def test_stopping_after_the_end_changes_nothing() -> None:
    work = shell("exit 5")
    assert work.wait() == 5
    work.stop()
    work.kill()
    assert work.wait() == 5
