from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("replay.py")


def test_every_ratio_is_measured_and_printed_with_its_goal() -> None:
    command = [sys.executable, str(SCRIPT), "--calls", "100", "200", "--seconds", "0.2", "--rounds", "1"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert ran.stderr == ""
    lines = [line for line in ran.stdout.splitlines() if not line.startswith(" ")]
    costs = [line for line in ran.stdout.splitlines() if line.startswith(" ")]
    assert [line.split(",")[0].strip() for line in costs] == ["holter", "mitmdump", "bare asyncio"] * 2
    names = [line.split("  ")[0].partition(" (")[0] for line in lines]
    assert names == [
        "calls a second, 32 at once, to mitmdump",
        "calls a second, 1 at once, to mitmdump",
        "calls a second, 200 recorded, to 100",
        "first answer, 100 recorded, to mitmdump",
        "first answer, seconds",
        "first answer, 200 recorded, to mitmdump",
        "first answer, seconds",
    ]
    assert all(line.endswith(("  ok", "  MISSED")) and "goal " in line for line in lines)
    assert ran.returncode == (1 if any(line.endswith("MISSED") for line in lines) else 0)
