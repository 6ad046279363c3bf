"""How fast a recording is audited, from file to report: `python tests/benchmarks/audit.py`.

The peer is the same audit, fed by PyYAML's C loader. The rounds of both are interleaved, each ratio is one
round's, and the median counts. Exit code 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "addons"), str(ROOT)]

import yaml  # noqa: E402 - the paths come first
from tests.benchmarks import workload  # noqa: E402
from tests.benchmarks.cassette import Goal, seconds  # noqa: E402

from holter.cassette.format import value_of  # noqa: E402
from holter.cassette.reader import open_cassette  # noqa: E402
from holter.lease.audit import Audit, audited  # noqa: E402
from holter.lease.profile import DOCUMENTED  # noqa: E402
from holter.report import text  # noqa: E402
from holter.wire.message import Interaction, Mark  # noqa: E402

CPU = 6.0
"""CPU seconds that an audit of a million calls may take."""

MEMORY = 64
"""Megabytes that it may take up, all of Python with it."""

AUDIT = """
import re, resource, runpy
try:
    runpy.run_module("holter", run_name="__main__", alter_sys=True)
except SystemExit as end:
    assert not end.code, end.code
used = resource.getrusage(resource.RUSAGE_SELF)
with open("/proc/self/status") as status:
    peak = re.search(r"VmHWM:\\s*(\\d+) kB", status.read())[1]
print(used.ru_utime + used.ru_stime, peak)
"""
"""Run the command, then tell CPU seconds and the most kilobytes held at once.

The system's own `ru_maxrss` would not do: a process begins with that of the one that has started it.
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of `holter audit` took: CPU seconds, and megabytes at most."""

    cpu: float
    memory: float


def run(path: Path, count: int) -> Run:
    """Audit a recording in a process of its own, from file to report."""
    report = path.with_suffix(".txt")
    command = [sys.executable, "-c", AUDIT, "audit", str(path), "-o", str(report)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPATH"] = str(ROOT / "addons")  # modules are compiled once, as installed ones are
    said = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout
    verdict = " ".join(report.read_text(encoding="utf-8").split("\n\n")[0].split())
    assert f" in {count} calls," in verdict
    cpu, memory = said.split()
    return Run(float(cpu), int(memory) / 1024)


def by_yaml(path: Path) -> Iterator[Interaction | Mark]:
    """Read a recording by PyYAML's C loader."""
    with open(path, "rb") as file:
        documents = yaml.load_all(file, yaml.CSafeLoader)
        next(documents)
        yield from map(value_of, documents)


def auditing(folder: Path, count: int, few: int, rounds: int) -> list[Goal]:
    """Measure the audit of a recording beside that of a smaller one by the peer, by the call."""
    path, small = folder / "audit.yaml", folder / "small.yaml"
    workload.write(path, count)
    workload.write(small, few)
    runs, ratios = [], []
    for _ in range(rounds):
        peer = seconds(lambda: text.render(audited(by_yaml(small), DOCUMENTED)))
        runs.append(run(path, count))
        ratios.append((peer / few) / (runs[-1].cpu / count))
    share = 1_000_000 / count
    return [
        Goal(f"audit {count} calls, to PyYAML's C loader", statistics.median(ratios), 12),
        Goal("CPU for a million calls", statistics.median(one.cpu for one in runs) * share, CPU, True, "s"),
        Goal(f"memory for {count} calls", max(one.memory for one in runs), MEMORY, True, "MB"),
    ]


def parts(folder: Path, count: int, rounds: int) -> Iterator[str]:
    """Yield what the parts of an audit take, each on its own, in microseconds a call."""
    path = folder / "parts.yaml"
    workload.write(path, count)
    heard = [value for _, value in open_cassette(str(path)).heard()]
    done = audited(heard, DOCUMENTED)
    works: dict[str, Callable[[], object]] = {
        "lines of the file, nothing else": lambda: _lines(path),
        "reading: every call a checked value": lambda: sum(1 for _ in open_cassette(str(path)).heard()),
        "judging: from values to findings": lambda: _judged(heard),
        "report as text": lambda: text.render(done),
    }
    for name, work in works.items():
        took = statistics.median(seconds(work) for _ in range(rounds))
        yield f"  {name:40} {took / count * 1e6:6.2f} us a call"


def _lines(path: Path) -> None:
    with open(path, "rb") as file:
        for _ in file:
            pass


def _judged(entries: list[Interaction | Mark]) -> None:
    audit = Audit(DOCUMENTED)
    audit.read(entries)
    audit.close()


def main(arguments: list[str]) -> int:
    """Measure everything, print a line for each goal and each part, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--calls", type=int, default=1_000_000, help="calls in the recording")
    parser.add_argument("--peer-calls", type=int, default=10_000, help="calls that the peer is given")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        goals = auditing(folder, asked.calls, asked.peer_calls, asked.rounds)
        told = list(parts(folder, asked.peer_calls, asked.rounds))
    for line in [*goals, "where the time goes:", *told]:
        print(line)  # noqa: T201 - what it is for
    return 0 if all(goal.met for goal in goals) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
