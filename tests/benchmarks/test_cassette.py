from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .cassette import Goal

SCRIPT = Path(__file__).with_name("cassette.py")


def test_every_ratio_is_measured_and_printed_with_its_goal() -> None:
    command = [sys.executable, str(SCRIPT), "--calls", "50", "--rounds", "1", "--stream", "2", "60"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ran.stderr == ""
    lines = ran.stdout.splitlines()
    names = [line[:56].strip() for line in lines]
    assert names == [
        "stream 2 calls, memory over that for one",
        "stream 60 calls, memory over that for one",
        "load, our own layout, to PyYAML's C loader",
        "load, our own layout, to mitmproxy's flow reader",
        "load, every document edited, to PyYAML's C loader",
        "dump, to PyYAML's C dumper",
    ]
    assert all(line.endswith(("  ok", "  MISSED")) and "goal " in line for line in lines)
    assert ran.returncode == (1 if any(line.endswith("MISSED") for line in lines) else 0)


@pytest.mark.parametrize(
    ("goal", "met"),
    [
        (Goal("a", 8.0, 8), True),
        (Goal("a", 7.9, 8), False),
        (Goal("a", 5.0, 5, at_most=True), True),
        (Goal("a", 5.1, 5, at_most=True), False),
    ],
)
def test_a_goal_is_met_or_missed(goal: Goal, met: bool) -> None:
    assert goal.met is met
    assert str(goal).endswith("  ok" if met else "  MISSED")
