"""Where the time of a replayed call goes: `python tests/benchmarks/stages.py`.

The calls of the workload go through the endpoint in this process, without sockets: what asyncio and the
system take on top, `bare.py` shows in `replay.py`. The whole is measured by itself; the parts are measured in
a second run, because asking the clock takes time too.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "addons"), str(ROOT)]

from tests.benchmarks import workload  # noqa: E402 - the paths come first
from tests.benchmarks.load import Runner  # noqa: E402
from tests.benchmarks.load import Server as Loaded  # noqa: E402
from tests.told import Told  # noqa: E402

from holter import session  # noqa: E402
from holter.endpoint import replay, server  # noqa: E402
from holter.endpoint.reading import BOUNDS, Reader  # noqa: E402
from holter.lease.audit import Audit  # noqa: E402
from holter.replay.pacing import End  # noqa: E402
from holter.replay.playback import Playback  # noqa: E402
from holter.replayer import Replay, Replayer  # noqa: E402
from holter.report.lines import Findings  # noqa: E402

PARTS: dict[str, list[tuple[Any, str]]] = {
    "bytes to a request": [(Reader, "feed")],
    "request to a call (JSON, headers)": [(replay, "parse_call")],
    "what is kept of the request (redaction)": [(session, "begun")],
    "which recorded answer is due": [(Playback, "decide")],
    "what is kept of the answer (redaction)": [(session, "answered")],
    "audit": [(Audit, "feed")],
    "answer to bytes": [(replay, "response"), (server, "encode")],
}
"""The parts, none inside another, and the functions that do them."""


class Wire(asyncio.Transport):
    """One end of a connection that has no other: it keeps what was written last."""

    def __init__(self, number: int) -> None:
        super().__init__({"peername": ("127.0.0.1", number)})
        self.written = b""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Keep what is written."""
        self.written = bytes(data)


class Pair:
    """A runner, and the endpoint's connection to it."""

    def __init__(self, number: int, served: server.Server) -> None:
        self._here, self._there = Wire(number), Wire(number)
        self.connection = server.Connection(served, asyncio.get_running_loop())
        self.connection.connection_made(self._here)
        self.runner = Runner(Loaded("holter", 0), lambda: None)
        self.runner.connection_made(self._there)

    def ask(self) -> None:
        """Bring the endpoint what the runner has said."""
        self.connection.data_received(self._there.written)

    def answer(self) -> None:
        """Bring the runner what the endpoint has said, and let it go on."""
        self.runner.data_received(self._here.written)
        assert not self.runner.wrong, self.runner.wrong


async def driven(path: Path, connections: int, rounds: int) -> float:
    """Let so many runners call in turns, and return the seconds of CPU that each call took."""
    replayer = Replayer(Replay((str(path),), scale=0.0, end=End.LOOP), Findings(Told().trouble))
    async with replay.running(replayer) as handler:
        served = server.Server(handler, BOUNDS, handler.refusing)
        pairs = [Pair(number, served) for number in range(connections)]
        took = []
        for _ in range(rounds):
            begun = time.process_time()
            for pair in pairs:
                pair.ask()
            took.append(time.process_time() - begun)
            for pair in pairs:
                pair.answer()
            await asyncio.sleep(0)
    replayer.close()
    return statistics.fmean(took) / connections


@contextmanager
def watched(spent: Counter[str]) -> Iterator[None]:
    """Add up what each part takes while the block runs, in seconds."""
    before = [(owner, name, getattr(owner, name)) for part in PARTS.values() for owner, name in part]
    for part, functions in PARTS.items():
        for owner, name in functions:
            setattr(owner, name, _timed(getattr(owner, name), spent, part))
    try:
        yield
    finally:
        for owner, name, function in before:
            setattr(owner, name, function)


def _timed(function: Callable[..., Any], spent: Counter[str], part: str) -> Callable[..., Any]:
    depth = 0

    def called(*args: Any, **more: Any) -> Any:
        nonlocal depth
        depth += 1
        begun = time.process_time()
        try:
            return function(*args, **more)
        finally:
            depth -= 1
            if not depth:
                spent[part] += time.process_time() - begun  # type: ignore[assignment]  # seconds are no int

    return called


def told(path: Path, connections: int, rounds: int) -> Iterator[str]:
    """Yield a line for the whole and one for each part."""
    whole = asyncio.run(driven(path, connections, rounds))
    spent: Counter[str] = Counter()
    with watched(spent):
        slower = asyncio.run(driven(path, connections, rounds))
    each = {part: spent[part] / (connections * rounds) for part in PARTS}
    yield f"a call at the endpoint, without sockets: {whole * 1e6:.1f} us"
    yield f"where it goes, with {(slower - whole) * 1e6:.1f} us more for the clock:"
    for part, seconds in each.items():
        yield f"  {part:44} {seconds * 1e6:6.2f} us"
    yield f"  {'session, server and handler around them':44} {(slower - sum(each.values())) * 1e6:6.2f} us"


def main(arguments: list[str]) -> int:
    """Measure, and print a line for each part."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--calls", type=int, default=10_000, help="calls in the recording")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=1000, help="calls of each connection")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "run.yaml"
        workload.write(path, asked.calls)
        for line in told(path, asked.connections, asked.rounds):
            print(line)  # noqa: T201 - what it is for
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
