from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("stages.py")


def test_the_whole_and_every_part_are_measured() -> None:
    command = [sys.executable, str(SCRIPT), "--calls", "200", "--connections", "2", "--rounds", "120"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=240, check=True)
    assert ran.stderr == ""
    whole, _, *parts = ran.stdout.splitlines()
    assert re.fullmatch(r"a call at the endpoint, without sockets: \d+\.\d us", whole)
    took = [float(line.split()[-2]) for line in parts]
    assert len(took) == 8
    assert all(seconds > 0 for seconds in took)
