from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("board.py")


def test_every_figure_is_measured_and_printed_with_its_goal() -> None:
    words = [
        sys.executable,
        str(SCRIPT),
        "--beats",
        "400",
        "--tasks",
        "10",
        "--driven",
        "50",
        "--rounds",
        "1",
    ]
    ran = subprocess.run(words, capture_output=True, text=True, timeout=100, check=False)
    assert ran.stderr == ""
    lines = ran.stdout.splitlines()
    assert [line[:56].strip() for line in lines] == [
        "a call with a page on the run, to one without",
        "page of 400 beats: made",
        "page of 400 beats: longest step of that",
        "page of 400 beats: written as JSON",
        "page of 400 beats: its size",
        "a flush of 200 events",
    ]
    assert all(line.endswith(("  ok", "  MISSED")) and "goal <= " in line for line in lines)
    assert ran.returncode == (1 if any(line.endswith("MISSED") for line in lines) else 0)
