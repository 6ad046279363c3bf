from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.benchmarks import workload

from .audit import by_yaml, run

SCRIPT = Path(__file__).with_name("audit.py")


def test_every_figure_is_measured_and_printed_with_its_goal() -> None:
    command = [sys.executable, str(SCRIPT), "--calls", "200", "--peer-calls", "100", "--rounds", "1"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ran.stderr == ""
    goals, parts = ran.stdout.split("where the time goes:\n")
    lines = goals.splitlines()
    assert [line[:56].strip() for line in lines] == [
        "audit 200 calls, to PyYAML's C loader",
        "CPU for a million calls",
        "memory for 200 calls",
    ]
    assert all(line.endswith(("  ok", "  MISSED")) and "goal " in line for line in lines)
    assert all(line.endswith("us a call") for line in parts.splitlines())
    assert len(parts.splitlines()) == 4
    assert ran.returncode == (1 if any(line.endswith("MISSED") for line in lines) else 0)


def test_the_peer_reads_the_same_calls(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    workload.write(path, 60)
    assert list(by_yaml(path)) == list(workload.calls(60))


def test_a_run_says_what_it_took(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    workload.write(path, 60)
    took = run(path, 60)
    assert 0 < took.cpu < 60
    assert 5 < took.memory < 500
