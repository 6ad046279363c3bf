from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("boto3", reason="needs boto3")
SCRIPT = Path(__file__).with_name("inprocess.py")
PEERS = ("vcr", "cassetter")


def test_every_ratio_is_measured_and_printed_with_its_goal() -> None:
    command = [
        sys.executable,
        str(SCRIPT),
        "--calls",
        "60",
        "--driven",
        "55",
        "--tests",
        "2",
        "--rounds",
        "1",
    ]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert ran.stderr == ""
    lines = ran.stdout.splitlines()
    missing = [name for name in PEERS if not importlib.util.find_spec(name)]
    assert lines[: len(missing)] == [f"{name} is not installed: left out" for name in missing]
    goals = lines[len(missing) :]
    assert [line[:56].strip() for line in goals] == [
        *(f"in process, boto3, to {name}" for name in PEERS if name not in missing),
        "2 tests with the idle plugin, to bare pytest",
    ]
    assert all(line.endswith(("  ok", "  MISSED")) for line in goals)
    assert ran.returncode == (1 if any(line.endswith("MISSED") for line in goals) else 0)
