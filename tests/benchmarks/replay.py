"""Replay, measured beside `mitmdump --server-replay`: `python tests/benchmarks/replay.py`.

Every figure is a ratio of two servers that were measured in the same run, in turns; the median of the
rounds counts. Exit code 1 when a goal is missed. Calls in this process: `inprocess.py`.

Beside the goals it says how much CPU a call takes each server, and a third one that always gives the same
answer: no server on asyncio can take less, so that tells what a machine leaves to be won. Where the time of
a call goes in ours: `stages.py`.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "addons"), str(ROOT)]

from tests.benchmarks import workload  # noqa: E402 - the paths come first
from tests.benchmarks.cassette import Goal  # noqa: E402
from tests.benchmarks.load import PEER_TASK, Server, first_answer, rate  # noqa: E402

NOWHERE = "http://127.0.0.1:9/"
"""Where mitmdump believes that calls go; it plays every one, so that nobody is asked there."""

MITMDUMP = "from mitmproxy.tools.main import mitmdump; mitmdump()"
LEAST = {1_000: 5.0, 10_000: 15.0, 100_000: 30.0}
"""How many times as fast as mitmdump a recording of so many calls is to give its first answer."""

_PATIENCE = 300.0


@dataclass(frozen=True, slots=True)
class Recordings:
    """The same calls as a cassette and as a flow file."""

    count: int
    cassette: Path
    flows: Path


@dataclass(frozen=True, slots=True)
class Running:
    """A server's process, what it serves, and the seconds from its start to its first answer."""

    process: subprocess.Popen[bytes]
    server: Server
    first: float

    @property
    def memory(self) -> float:
        """The memory that it holds now, in MB; 0 where the system does not tell."""
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii").splitlines():
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) / 1024
        return 0.0

    @property
    def cpu(self) -> float:
        """The seconds of CPU that it has taken so far; 0 where the system does not tell."""
        with contextlib.suppress(OSError):
            text = Path(f"/proc/{self.process.pid}/schedstat").read_text(encoding="ascii")
            return int(text.split()[0]) / 1e9
        return 0.0

    def load(self, connections: int, seconds: float) -> Load:
        """Put a load on it, and return what it did."""
        cpu, begun = self.cpu, time.perf_counter()
        found = rate(self.server, connections, seconds)
        calls = found * (time.perf_counter() - begun)
        return Load(found, (self.cpu - cpu) / calls * 1e6)


@dataclass(frozen=True, slots=True)
class Load:
    """What a server did under a load: calls a second, and microseconds of CPU for each."""

    rate: float
    cpu: float


def recorded(folder: Path, count: int) -> Recordings:
    """Write recordings of that many calls."""
    made = Recordings(count, folder / f"{count}.yaml", folder / f"{count}.flows")
    workload.write(made.cassette, count)
    workload.write_flows(made.flows, count, NOWHERE)
    return made


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def holter(recordings: Recordings, port: int) -> tuple[list[str], Server]:
    """Return the command that plays a cassette with the audit on, over and over, and its server."""
    how = ["--scale", "0", "--end", "loop", "--quiet", "--listen", f"127.0.0.1:{port}"]
    command = [sys.executable, "-m", "holter", "replay", str(recordings.cassette), *how]
    return command, Server("holter", port)


def mitmdump(recordings: Recordings, port: int) -> tuple[list[str], Server]:
    """Return the command that plays a flow file, over and over, and its server."""
    how = ["-q", "--mode", f"reverse:{NOWHERE}", "--listen-host", "127.0.0.1", "--listen-port", str(port)]
    how += ["--set", "server_replay_reuse=true", "--set", "connection_strategy=lazy"]
    command = [sys.executable, "-c", MITMDUMP, *how, "--server-replay", str(recordings.flows)]
    return command, Server("mitmdump", port, PEER_TASK)


def bare(recordings: Recordings, port: int) -> tuple[list[str], Server]:
    """Return the command that gives one and the same answer to whatever comes, and its server."""
    command = [sys.executable, str(Path(__file__).with_name("bare.py")), str(port)]
    return command, Server("bare asyncio", port, PEER_TASK)


Player = Callable[[Recordings, int], tuple[list[str], Server]]


@contextlib.contextmanager
def running(player: Player, recordings: Recordings) -> Iterator[Running]:
    """Run a server on the first core until the block ends; it has given its first answer when that begins."""
    command, server = player(recordings, _free())
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPATH"] = str(ROOT / "addons")
    begun = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _pinned(process.pid, first=True)
    try:
        while first_answer(server) is None:
            if process.poll() is not None or time.perf_counter() - begun > _PATIENCE:
                raise SystemExit(f"{server.name}: gives no answer: {' '.join(command)}")
            time.sleep(0.001)
        yield Running(process, server, time.perf_counter() - begun)
    finally:
        process.kill()
        process.wait()


def _pinned(pid: int, *, first: bool) -> None:
    """Keep servers and load apart, each on a core of its own, where there are two and the system can."""
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0)) if first else sorted(os.sched_getaffinity(pid))
        everyone = _CORES or cores
        if len(everyone) > 1:
            os.sched_setaffinity(pid, {everyone[0] if first else everyone[1]})


_CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def in_turns(servers: list[Running], connections: int, seconds: float, rounds: int) -> list[list[Load]]:
    """Put the same load on servers in turns, and return what each did in each round."""
    for server in servers:
        server.load(connections, seconds / 4)
    return [[server.load(connections, seconds) for server in servers] for _ in range(rounds)]


def ratio(found: list[list[Load]]) -> float:
    """Return how many times as many calls as the second server the first one answered."""
    return statistics.median(one.rate / other.rate for one, other, *_ in found)


def costs(servers: list[Running], found: list[list[Load]], connections: int) -> Iterator[str]:
    """Yield what a call costs each server, and how many times as much it costs the second."""
    peer = [loads[1].cpu for loads in found]
    for number, server in enumerate(servers):
        loads = [each[number] for each in found]
        share = statistics.median(a / (b.cpu or 1.0) for a, b in zip(peer, loads, strict=True))
        took, each = (statistics.median(getattr(load, name) for load in loads) for name in ("cpu", "rate"))
        said = f"{server.server.name}, {connections} at once"
        yield f"  {said:24} {took:7.1f} us of CPU a call, 1/{share:.1f} of mitmdump's; {each:,.0f} a second"


def rates(recordings: Recordings, seconds: float, rounds: int) -> Iterator[Goal | str]:
    """Measure how many calls are answered a second, and what each costs."""
    with (
        running(holter, recordings) as ours,
        running(mitmdump, recordings) as peer,
        running(bare, recordings) as floor,
    ):
        for connections, least in ((32, 25), (1, 10)):
            servers = [ours, peer, floor]
            found = in_turns(servers, connections, seconds, rounds)
            yield Goal(f"calls a second, {connections} at once, to mitmdump", ratio(found), least)
            yield from costs(servers, found, connections)


def sizes(small: Recordings, large: Recordings, seconds: float, rounds: int) -> Iterator[Goal]:
    """Measure how the size of a cassette slows answers down; a small one has few tasks to hold at once."""
    with running(holter, large) as one, running(holter, small) as other:
        found = in_turns([one, other], 8, seconds, rounds)
    yield Goal(f"calls a second, {large.count} recorded, to {small.count}", ratio(found), 0.8)


def starts(recordings: Recordings, rounds: int) -> list[Goal]:
    """Measure the time from the start to the first answer, and with the largest the memory held then."""
    with running(holter, recordings):
        pass  # modules are compiled, files are in memory
    ours, ratios, shares = list[float](), list[float](), list[float]()
    for _ in range(rounds):
        with running(holter, recordings) as one:
            memory = one.memory
        with running(mitmdump, recordings) as other:
            shares.append(memory / (other.memory or 1.0))
        ours.append(one.first)
        ratios.append(other.first / one.first)
    least = LEAST.get(recordings.count, 1.0)
    goals = [
        Goal(f"first answer, {recordings.count} recorded, to mitmdump", statistics.median(ratios), least)
    ]
    if recordings.count <= min(LEAST):
        goals.append(Goal("first answer, seconds", min(ours), 0.1, True, "s"))
    if recordings.count >= max(LEAST):
        goals.append(Goal("memory, to mitmdump's", statistics.median(shares), 0.7, True))
    return goals


def measuring(made: list[Recordings], seconds: float, rounds: int) -> Iterator[Goal | str]:
    """Measure everything, beginning with what is soon done; rates with the recordings of middling size."""
    yield from rates(made[len(made) // 2], seconds, rounds)
    yield from sizes(made[0], made[-1], seconds, rounds)
    for recordings in made:
        yield from starts(recordings, min(rounds, 3) if recordings is made[-1] else rounds)


def _told(said: Goal | str) -> bool:
    print(said, flush=True)  # noqa: T201 - what it is for
    return isinstance(said, str) or said.met


def main(arguments: list[str]) -> int:
    """Measure everything, print a line for each goal, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--calls", type=int, nargs="+", default=[1_000, 10_000, 100_000], metavar="CALLS")
    parser.add_argument("--seconds", type=float, default=2.0, help="of each measurement of a rate")
    parser.add_argument("--rounds", type=int, default=5, help="rounds that are measured")
    asked = parser.parse_args(arguments)
    if _CORES:
        _pinned(os.getpid(), first=False)
    with tempfile.TemporaryDirectory() as name:
        made = [recorded(Path(name), count) for count in sorted(asked.calls)]
        measured = measuring(made, asked.seconds, asked.rounds)
        return 0 if all([_told(goal) for goal in measured]) else 1  # noqa: C419 - each is to be measured


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
