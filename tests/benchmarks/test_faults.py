from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from holter.faults.checks import check
from holter.faults.planfile import parse
from holter.faults.plans import Mode

from .faults import IDLE, text

SCRIPT = Path(__file__).with_name("faults.py")


@pytest.mark.skipif(sys.platform != "linux", reason="the CPU time of a process is read from /proc")
def test_both_costs_are_measured_and_printed_with_their_goals() -> None:
    pytest.importorskip("mitmproxy")
    command = [sys.executable, str(SCRIPT), "--decisions", "50", "--calls", "20", "--rounds", "2"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    assert ran.stderr == ""
    lines = ran.stdout.splitlines()
    assert [line[:56].strip() for line in lines] == [
        "20 rules that meet nothing, a call",
        "the proxy with them, to one without a plan",
    ]
    assert ran.returncode == (1 if any(line.endswith("MISSED") for line in lines) else 0)


def test_its_rules_are_twenty_and_could_be_asked_for() -> None:
    plans = parse(text(), "plan")
    check(plans.rules, Mode.PROXY)

    assert len(plans.rules) == 20
    assert len(set(IDLE)) == 10
