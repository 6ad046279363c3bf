"""What a fault plan costs that does nothing: `python tests/benchmarks/faults.py`.

The proxies with and without a plan run side by side and are asked in turns; what counts is the CPU time of
their processes (Linux). Exit code 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "addons"), str(ROOT)]

from tests.benchmarks.cassette import Goal  # noqa: E402 - the paths come first

from holter.endpoint.http import HttpRequest, HttpResponse  # noqa: E402
from holter.endpoint.server import serving  # noqa: E402
from holter.endpoint.thread import in_thread  # noqa: E402
from holter.faults.asked import Asked  # noqa: E402
from holter.faults.plan import Plan  # noqa: E402
from holter.faults.planfile import parse  # noqa: E402
from holter.wire.codec import answer  # noqa: E402
from holter.wire.message import Call, Moment  # noqa: E402

BEAT = "ReportTaskProgress"
BODY = b'{"taskId":"task-0001","fields":[{"key":"percentComplete","stringValue":"50"}]}'
IDLE = (
    "when: {op: ReportTaskProgress, task: 'none-*'}, then: {cancel: true}",
    "when: {op: ReportTaskProgress, nth: 1000000000}, then: {error: InternalServiceError}",
    "when: {op: ReportTaskProgress, nth_of_task: 1000000000}, then: {delay: 1}",
    "when: {op: ReportTaskProgress, window: [900000, 900001]}, then: {close: true}",
    "when: {op: ReportTaskProgress, lease_age: 900000}, then: {reset: true}",
    "when: {op: ReportTaskProgress, runner: 'none-*'}, then: {patch: {canceled: true}}",
    "when: {op: ReportTaskProgress, request: {'$.fields[0].key': none}}, then: {close: true}",
    "when: {op: SetTaskStatus, task: 'none-*'}, then: {swallow_status: true}",
    "when: {op: PollForTask, worker_group: 'none-*'}, then: {starve: true}",
    "when: {op: ReportTaskProgress, every: 1000000000}, then: {html: 502}",
)


def text() -> str:
    """A plan of 20 rules, of which none ever meets a beat."""
    rules = (f"  - {{name: r{number}, {rule}}}" for number, rule in enumerate(IDLE * 2))
    return "\n".join(["holter-plan: 1", "seed: 7", "rules:", *rules, ""])


def deciding(calls: int, rounds: int) -> Goal:
    """Measure what the plan adds to a call, in microseconds."""
    reply = answer({"canceled": False})
    asked = [
        Asked(Call(BEAT, {"taskId": f"task-{number % 50}"}, Moment(0.0, number * 0.1)), f"task-{number % 50}")
        for number in range(calls)
    ]

    def spent(plan: Plan) -> float:
        begun = time.process_time()
        for one in asked:
            plan.before(one)
            plan.after(one, reply)
            plan.ended(one)
        return time.process_time() - begun

    rows = [spent(parse(text(), "plan").plan()) - spent(Plan()) for _ in range(rounds + 1)][1:]
    return Goal(
        "20 rules that meet nothing, a call",
        statistics.median(rows) / calls * 1e6,
        5,
        at_most=True,
        unit="us",
    )


class Proxy:
    """A recording proxy in a process of its own, and a client that keeps its connection."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self._process = process
        self._connection = HTTPConnection("127.0.0.1", port)

    def ask(self, calls: int) -> None:
        """Send calls, one after the other."""
        headers = {"X-Amz-Target": f"DataPipeline.{BEAT}", "Content-Type": "application/x-amz-json-1.1"}
        for _ in range(calls):
            self._connection.request("POST", "/", BODY, headers)
            with self._connection.getresponse() as response:
                assert response.read() == b'{"canceled":false}', "a rule met a call"

    def spent(self) -> float:
        """Return the CPU seconds of the process so far (proc(5): utime and stime, in ticks)."""
        said = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii")
        fields = said.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def proxied(folder: Path, name: str, upstream: int, *options: str) -> Iterator[Proxy]:
    """Run a proxy in reverse mode."""
    port = folder / f"{name}.port"
    command = [sys.executable, "-m", "holter", "record", "-o", str(folder / f"{name}.yaml")]
    command += ["--upstream", f"http://127.0.0.1:{upstream}", "--port-file", str(port), *options]
    kept = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
    env = {**kept, "PYTHONPATH": str(ROOT / "addons"), "HOLTER_HOME": str(folder)}
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60
        while not port.exists():
            assert process.poll() is None, "the proxy did not start"
            assert time.monotonic() < deadline, "the proxy did not start in time"
            time.sleep(0.05)
        try:
            yield Proxy(process, int(port.read_text()))
        finally:
            process.terminate()


async def _beat(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(200, b'{"canceled":false}', (("Content-Type", "application/x-amz-json-1.1"),))


def passing(folder: Path, calls: int, rounds: int) -> Goal:
    """Measure the CPU time of the proxy with the plan beside that of one without."""
    plan = folder / "plan.yaml"
    plan.write_text(text(), encoding="utf-8")
    each, spent = max(1, calls // rounds), {"with": 0.0, "without": 0.0}
    with ExitStack() as stack:
        upstream = stack.enter_context(in_thread(lambda: serving(_beat))).value.port
        proxies = {
            "with": stack.enter_context(proxied(folder, "with", upstream, "--faults", str(plan))),
            "without": stack.enter_context(proxied(folder, "without", upstream)),
        }
        for proxy in proxies.values():
            proxy.ask(max(1, each // 10))
        before = {name: proxy.spent() for name, proxy in proxies.items()}
        for number in range(rounds):
            for name in sorted(proxies, reverse=bool(number % 2)):
                proxies[name].ask(each)
        spent = {name: proxy.spent() - before[name] for name, proxy in proxies.items()}
    ratio = spent["with"] / (spent["without"] or 1)
    return Goal("the proxy with them, to one without a plan", ratio, 1.05, at_most=True)


def main(arguments: list[str]) -> int:
    """Measure everything, print a line for each goal, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--decisions", type=int, default=20_000, help="calls that the plan alone is asked")
    parser.add_argument("--calls", type=int, default=20_000, help="calls through each proxy")
    parser.add_argument("--rounds", type=int, default=20, help="turns that the proxies are asked in")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        goals = [deciding(asked.decisions, 7), passing(Path(name), asked.calls, asked.rounds)]
    for goal in goals:
        print(goal)  # noqa: T201 - what it is for
    return 0 if all(goal.met for goal in goals) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
