"""How fast cassettes are read and written, beside other formats: `python tests/benchmarks/cassette.py`.

Every figure is a ratio to a peer that was measured in the same run: the rounds of all are interleaved,
each ratio is one round's, and the median of the rounds counts. Exit code 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import io
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "addons"), str(ROOT)]

import yaml  # noqa: E402 - the paths come first
from tests.benchmarks import workload  # noqa: E402

from holter.cassette.format import SEPARATOR, text_of  # noqa: E402
from holter.cassette.reader import load  # noqa: E402


@dataclass(frozen=True, slots=True)
class Goal:
    """A ratio and the least, or the most, that it must be."""

    name: str
    ratio: float
    goal: float
    at_most: bool = False
    unit: str = "x"

    @property
    def met(self) -> bool:
        """Tell whether the ratio is as it must be."""
        return self.ratio <= self.goal if self.at_most else self.ratio >= self.goal

    def __str__(self) -> str:
        """One line for the reader."""
        sign, end = ("<=", "") if self.at_most else (">=", "")
        verdict = "ok" if self.met else "MISSED"
        return f"{self.name:56} {self.ratio:7.2f} {self.unit:2}  goal {sign} {self.goal:g}{end}  {verdict}"


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU seconds that some work takes."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def medians(work: dict[str, Callable[[], object]], base: str, rounds: int) -> dict[str, float]:
    """Return how many times as fast as each other work the base is: the median of interleaved rounds."""
    rows = [{name: seconds(one) for name, one in work.items()} for _ in range(rounds + 1)][1:]
    return {name: statistics.median(row[name] / row[base] for row in rows) for name in work if name != base}


def loading(folder: Path, count: int, rounds: int) -> list[Goal]:
    """Measure how fast whole recordings are loaded, every call into its value, and all kept."""
    path, edited, flows = folder / "own.yaml", folder / "edited.yaml", folder / "run.flows"
    workload.write(path, count)
    edited.write_text(workload.by_hand(path.read_text(encoding="utf-8")), encoding="utf-8")
    workload.write_flows(flows, count)
    assert [entry.value for entry in load(str(edited))] == list(workload.calls(count))
    own = medians(
        {
            "ours": lambda: load(str(path)),
            "PyYAML": lambda: _yaml(path),
            "mitmproxy": lambda: workload.read_flows(flows),
        },
        "ours",
        rounds,
    )
    hand = medians({"ours": lambda: load(str(edited)), "PyYAML": lambda: _yaml(edited)}, "ours", rounds)
    return [
        Goal("load, our own layout, to PyYAML's C loader", own["PyYAML"], 8),
        Goal("load, our own layout, to mitmproxy's flow reader", own["mitmproxy"], 25),
        Goal("load, every document edited, to PyYAML's C loader", hand["PyYAML"], 0.95),
    ]


def _yaml(path: Path) -> list[object]:
    with open(path, "rb") as file:
        return list(yaml.load_all(file, yaml.CSafeLoader))


def dumping(count: int, rounds: int) -> list[Goal]:
    """Measure how fast calls become text."""
    calls = list(workload.calls(count))
    documents = list(yaml.load_all(SEPARATOR.join(map(text_of, calls)), yaml.CSafeLoader))
    found = medians(
        {
            "ours": lambda: [(SEPARATOR + text_of(call)).encode() for call in calls],
            "PyYAML": lambda: yaml.dump_all(
                documents, io.BytesIO(), yaml.CSafeDumper, sort_keys=False, encoding="utf-8"
            ),
        },
        "ours",
        rounds,
    )
    return [Goal("dump, to PyYAML's C dumper", found["PyYAML"], 10)]


STREAM = """
import sys, tracemalloc
from holter.cassette import quick
from holter.cassette.reader import open_cassette
tracemalloc.start()
print(sum(1 for _ in open_cassette(sys.argv[1])), tracemalloc.get_traced_memory()[1])
"""
"""Goes through a file and prints how many entries there were and how much memory was taken at most."""


def streaming(folder: Path, sizes: list[int]) -> list[Goal]:
    """Measure how much memory it takes to go through a file, over that for a file of one call."""
    base = _memory(folder, 1)
    return [
        Goal(f"stream {size} calls, memory over that for one", _memory(folder, size) - base, 5, True, "MB")
        for size in sizes
    ]


def _memory(folder: Path, count: int) -> float:
    path = folder / "stream.yaml"
    workload.write(path, count)
    command = [sys.executable, "-c", STREAM, str(path)]
    ran = subprocess.run(
        command, env={"PYTHONPATH": str(ROOT / "addons")}, capture_output=True, text=True, check=True
    )
    found, most = map(int, ran.stdout.split())
    assert found == count
    return most / (1 << 20)


def main(arguments: list[str]) -> int:
    """Measure everything, print a line for each goal, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--calls", type=int, default=5000, help="calls in each recording")
    parser.add_argument(
        "--rounds", type=int, default=7, help="rounds that are measured, after one that is not"
    )
    parser.add_argument("--stream", type=int, nargs="+", default=[1_000, 20_000, 100_000], metavar="CALLS")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        goals = streaming(folder, asked.stream)
        goals += loading(folder, asked.calls, asked.rounds)
        goals += dumping(asked.calls, asked.rounds)
    for goal in goals:
        print(goal)  # noqa: T201 - what it is for
    return 0 if all(goal.met for goal in goals) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
