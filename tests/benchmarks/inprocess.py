"""How fast calls are answered in process, and what the idle plugin costs.

`python tests/benchmarks/inprocess.py` needs boto3, and vcrpy and cassetter where they are to be measured too.

Every figure is a ratio to a peer that was measured in the same run, their rounds interleaved; the median of
the rounds counts. Peers are VCR.py (matching on the body) and cassetter, both with boto3 as we are: each
first records the calls from an endpoint on this machine, and then plays them. One that is not installed is
left out, and said so. Exit code 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "addons"), str(ROOT)]

from tests.benchmarks import workload  # noqa: E402 - the paths come first
from tests.benchmarks.cassette import Goal  # noqa: E402
from tests.told import Told  # noqa: E402

from holter.endpoint.replay import running  # noqa: E402
from holter.endpoint.server import serving  # noqa: E402
from holter.endpoint.thread import in_thread  # noqa: E402
from holter.inprocess import answering  # noqa: E402
from holter.replayer import Replay, Replayer  # noqa: E402
from holter.testing.environment import OFFLINE, environment  # noqa: E402

VCR, CASSETTER = "vcr", "cassetter"
GOALS = {VCR: 20.0, CASSETTER: 1.25}
IDLE = 1.08
_TESTS = "import pytest\n@pytest.mark.parametrize('n', range({count}))\ndef test_it(n): pass\n"
Peer = Callable[[], AbstractContextManager[Any]]


@contextmanager
def service(path: Path) -> Iterator[str]:
    """Run an endpoint that answers from a cassette, and yield its URL."""
    replayer = Replayer(Replay((str(path),), scale=0.0), Told())

    @asynccontextmanager
    async def start() -> Any:
        async with running(replayer) as handler, serving(handler) as server:
            yield f"http://127.0.0.1:{server.port}"

    with in_thread(start) as hosted:
        yield hosted.value
    replayer.close()


@contextmanager
def ours(path: Path) -> Iterator[None]:
    """Answer in process from a cassette."""
    replayer = Replayer(Replay((str(path),), scale=0.0), Told())
    with answering(replayer, signed=False):
        yield
    assert replayer.player.missed == 0
    replayer.close()


def peer(name: str, path: Path) -> Peer:
    """Return what opens a peer's cassette, to record it or to play it; it is matched by the body."""
    if name == VCR:
        import vcr

        return lambda: vcr.use_cassette(str(path), match_on=["method", "uri", "body"])
    import cassetter

    return lambda: cassetter.use_cassette(path, match_on=["method", "uri", "body"], record_mode="once")


def drive(url: str, count: int) -> float:
    """Make the calls of tasks, one after another, and return the CPU seconds of each."""
    import boto3

    client = boto3.client("datapipeline", endpoint_url=url)
    task, begun = "", time.process_time()
    for number in range(count):
        step = number % workload.CALLS_PER_TASK
        if step == 0:
            task = client.poll_for_task(workerGroup="wg-demo", hostname="runner-1")["taskObject"]["taskId"]
        elif step <= workload.BEATS:
            fields = [{"key": "percentComplete", "stringValue": str(2 * step)}]
            client.report_task_progress(taskId=task, fields=fields)
        else:
            client.set_task_status(taskId=task, taskStatus="FINISHED")
    return (time.process_time() - begun) / count


def playing(folder: Path, calls: int, driven: int, rounds: int) -> list[Goal]:
    """Measure how fast calls are answered beside the peers that are installed."""
    path = folder / "run.yaml"
    workload.write(path, calls)
    ways: dict[str, tuple[Peer, str]] = {"ours": (lambda: ours(path), "http://127.0.0.1:9")}
    for name in filter(importlib.util.find_spec, GOALS):
        opens = peer(name, folder / f"{name}.yaml")
        with service(path) as url, opens():
            drive(url, calls)
        ways[name] = (opens, url)
    rows = [{name: _timed(*way, driven) for name, way in ways.items()} for _ in range(rounds)]
    return [
        Goal(f"in process, boto3, to {name}", _ratio(rows, name), GOALS[name])
        for name in ways
        if name in GOALS
    ]


def _timed(opens: Peer, url: str, driven: int) -> float:
    with opens():
        return drive(url, driven)


def _ratio(rows: list[dict[str, float]], name: str) -> float:
    return statistics.median(row[name] / row["ours"] for row in rows)


def idle(folder: Path, tests: int, rounds: int) -> Goal:
    """Measure what the plugin costs a run of pytest that has no test for it: the fastest of each counts."""
    (folder / "test_many.py").write_text(_TESTS.format(count=tests), encoding="utf-8")
    rows = [(_pytest(folder), _pytest(folder, "-p", "holter.pytest_plugin")) for _ in range(rounds)]
    ratio = min(with_it for _, with_it in rows) / min(bare for bare, _ in rows)
    return Goal(f"{tests} tests with the idle plugin, to bare pytest", ratio, IDLE, at_most=True)


def _pytest(folder: Path, *plugin: str) -> float:
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:holter", "-p", "no:cacheprovider", *plugin, "."]
    variables = {**os.environ, "PYTHONPATH": str(ROOT / "addons"), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, cwd=folder, env=variables, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(arguments: list[str]) -> int:
    """Measure everything, print a line for each goal, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--calls", type=int, default=1000, help="calls in each recording")
    parser.add_argument("--driven", type=int, default=400, help="calls that are made in a round")
    parser.add_argument("--tests", type=int, default=2000, help="tests of a run with the idle plugin")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name, environment(OFFLINE):
        goals = playing(Path(name), asked.calls, asked.driven, asked.rounds)
        goals.append(idle(Path(name), asked.tests, asked.rounds))
    for missing in (name for name in GOALS if not importlib.util.find_spec(name)):
        print(f"{missing} is not installed: left out")  # noqa: T201 - what it is for
    for goal in goals:
        print(goal)  # noqa: T201 - what it is for
    return 0 if all(goal.met for goal in goals) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
