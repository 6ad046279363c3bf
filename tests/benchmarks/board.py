"""What a live page costs the run that it shows.

`python tests/benchmarks/board.py` needs nothing but Holter.

The first figure is a ratio: calls through a session with a page on it, and without, in turns, CPU time,
the median of the rounds. The others are milliseconds of CPU, and megabytes, of a page with so many beats.
The longest step is how long a call may have to wait while a page is made. Exit code 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "addons"), str(ROOT)]

from tests.benchmarks.cassette import Goal, seconds  # noqa: E402 - the paths come first

from holter.board.api import Api  # noqa: E402
from holter.board.events import encoded  # noqa: E402
from holter.board.live import MOST, Told  # noqa: E402
from holter.board.watch import Watch  # noqa: E402
from holter.faults.plans import Mode, Plans  # noqa: E402
from holter.lease.countdown import Ebb  # noqa: E402
from holter.lease.finding import Finding  # noqa: E402
from holter.lease.profile import DOCUMENTED  # noqa: E402
from holter.receivers import Listener  # noqa: E402
from holter.report import page  # noqa: E402
from holter.trial import Trial  # noqa: E402
from holter.wire.codec import answer  # noqa: E402
from holter.wire.message import Call, Interaction, Json  # noqa: E402


class Quiet:
    """A listener that does nothing."""

    def called(self, interaction: Interaction, age: float | None) -> None:
        """Do nothing."""

    def found(self, finding: Finding) -> None:
        """Do nothing."""

    def ebbing(self, ebb: Ebb) -> None:
        """Do nothing."""

    def trouble(self, text: str) -> None:
        """Do nothing."""


class Run:
    """A session in which so many tasks are held."""

    def __init__(self, listener: Listener, tasks: int) -> None:
        self.trial, self.tasks = Trial(Plans(), DOCUMENTED, listener), tasks
        for number in range(tasks):
            attempt = f"@A{number}_2026-01-01T00:00:00_Attempt=1"
            task: Json = {"taskObject": {"taskId": f"real-{number}", "attemptId": attempt}}
            self._said("PollForTask", {"workerGroup": "w", "hostname": f"r-{number % 50}"}, task)

    def beat(self, count: int) -> None:
        """Beat for one task after the other."""
        for number in range(count):
            self._said("ReportTaskProgress", {"taskId": f"real-{number % self.tasks}"}, {"canceled": False})

    def _said(self, op: str, body: Json, reply: Json) -> None:
        session, now = self.trial.session, self.trial.clock.now()
        session.on_call(1, Call(op, body, now, peer="10.0.0.1:1"))
        session.on_reply(1, answer(reply), now.mono, now.mono)


def cost(beats: int, rounds: int) -> Goal:
    """Measure what a watch adds to a call."""
    watch = Watch(Quiet())
    bare, watched = Run(Quiet(), 20), Run(watch, 20)
    watch.follow(watched.trial.audit.timeline)
    rows = [(seconds(lambda: bare.beat(beats)), seconds(lambda: watched.beat(beats))) for _ in range(rounds)]
    return Goal(
        "a call with a page on the run, to one without",
        statistics.median(with_it / without for without, with_it in rows),
        1.15,
        at_most=True,
    )


def whole(beats: int, tasks: int) -> list[Goal]:
    """Measure the page of a long run."""
    watch = Watch(Quiet())
    run = Run(watch, tasks)
    watch.follow(run.trial.audit.timeline)
    run.beat(beats)
    live = Api(run.trial, watch, Mode.SANDBOX, "").live
    value: list[dict[str, Json]] = []
    total, longest = _steps(
        lambda: page.gradual(run.trial.audit, watch.strip, page.About("x", now=0.0)), value
    )
    began = time.process_time()
    text = page.encoded(value[0])
    written = time.process_time() - began
    told = Told(watch.journal.last - min(MOST, beats))
    began = time.process_time()
    encoded(live.since(told) or [], 0)
    flush = time.process_time() - began
    return [
        Goal(f"page of {beats} beats: made", total * 1000, 500, at_most=True, unit="ms"),
        Goal(f"page of {beats} beats: longest step of that", longest * 1000, 60, at_most=True, unit="ms"),
        Goal(f"page of {beats} beats: written as JSON", written * 1000, 50, at_most=True, unit="ms"),
        Goal(f"page of {beats} beats: its size", len(text) / 1e6, 6, at_most=True, unit="MB"),
        Goal(f"a flush of {MOST} events", flush * 1000, 20, at_most=True, unit="ms"),
    ]


def _steps(made: Callable[[], page.Steps], value: list[dict[str, Json]]) -> tuple[float, float]:
    """Go through the steps; return how long all took, and the longest."""
    steps, total, longest = made(), 0.0, 0.0
    while not value:
        began = time.process_time()
        try:
            next(steps)
        except StopIteration as done:
            value.append(done.value)
        step = time.process_time() - began
        total, longest = total + step, max(longest, step)
    return total, longest


def main(arguments: list[str]) -> int:
    """Measure everything, print a line for each goal, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--beats", type=int, default=100_000, help="beats of the long run")
    parser.add_argument("--tasks", type=int, default=1000, help="tasks of the long run")
    parser.add_argument("--driven", type=int, default=10_000, help="calls in a round")
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args(arguments)
    goals = [cost(asked.driven, asked.rounds), *whole(asked.beats, asked.tasks)]
    for goal in goals:
        print(goal)  # noqa: T201 - what it is for
    return 0 if all(goal.met for goal in goals) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
