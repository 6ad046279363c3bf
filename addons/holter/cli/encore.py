"""The demo's second act: its recording played to the same runner, and held against the first."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO

import click

from holter.cassette.reader import open_cassette
from holter.cli.replay import Run, play
from holter.lease.countdown import Ebb
from holter.lease.finding import Finding
from holter.replayer import Replay, Replayer
from holter.wire.message import Interaction, Origin
from holter.wire.operations import DATA_PIPELINE, Role, role

PACE = 1
"""By so many calls a task may differ: a beat more or less, as the machine is loaded."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a task: how it ended for its runner, and how many calls were about it."""

    end: str = "handed out"
    calls: int = 0

    def after(self, call: Interaction) -> Fate:
        """Return the fate after one more call."""
        return Fate(_end(call) or self.end, self.calls + 1)


def _end(call: Interaction) -> str | None:
    """Return how a call ended the work on its task, if it did."""
    if call.error:
        return call.error
    if role(call.op) is Role.FINISH and isinstance(call.request, dict):
        return str(call.request.get(DATA_PIPELINE.outcome)).lower()
    canceled = isinstance(call.response, dict) and call.response.get("canceled") is True
    return "canceled" if canceled else None


def fates(calls: Iterable[Interaction]) -> dict[str, Fate]:
    """Return the fate of each task, by its alias."""
    found: dict[str, Fate] = {}
    for call in calls:
        if call.task:
            found[call.task] = found.get(call.task, Fate()).after(call)
    return found


def different(first: Mapping[str, Fate], second: Mapping[str, Fate]) -> Iterator[str]:
    """Yield where the second act was not as the first."""
    for task in sorted({*first, *second}):
        was, now = first.get(task, Fate("not there")), second.get(task, Fate("not there"))
        if was.end != now.end:
            yield f"{task} ended as {now.end} in the replay, and as {was.end} in the recording"
        elif abs(was.calls - now.calls) > PACE:
            yield f"{task}: {now.calls} calls were about it in the replay, and {was.calls} in the recording"


def foreign(calls: Iterable[Interaction]) -> Iterator[str]:
    """Yield which calls were not answered from the recording, with the faults that it was made under."""
    for call in calls:
        if call.origin not in (Origin.CASSETTE, Origin.FAULT):
            yield f"{call.op} of {call.task or call.caller} was not played but {call.origin}"


def comparison(first: Mapping[str, Fate], second: Mapping[str, Fate]) -> Iterator[str]:
    """Yield a line for each task of the recording, and one above."""
    yield f"{'task':<8} {'recorded':<24} {'replayed':<24} calls"
    for task, was in first.items():
        now = second.get(task, Fate("not there"))
        yield f"{task:<8} {was.end:<24} {now.end:<24} {was.calls}, {now.calls}"


@dataclass(slots=True)
class _Watching:
    """Takes note of the calls; only trouble is told, for what there is to see was seen before."""

    calls: list[Interaction] = field(default_factory=list)

    def called(self, interaction: Interaction, age: float | None) -> None:
        """Take note of a call."""
        self.calls.append(interaction)

    def found(self, finding: Finding) -> None:
        """Leave it: the first act has told it."""

    def ebbing(self, ebb: Ebb) -> None:
        """Leave it."""

    def trouble(self, text: str) -> None:
        """Tell what went wrong."""
        click.echo(f"holter: {text}")


def second_act(cassette: str, runner: tuple[str, ...], log: IO[str]) -> tuple[list[str], list[str]]:
    """Play a recording to the runner; return the comparison, and what was not as it was recorded."""
    recorded = [entry.value for entry in open_cassette(cassette) if isinstance(entry.value, Interaction)]
    watching = _Watching()
    replay = Replay((cassette,), allow_faults=True)  # the demo itself cancels a task by a fault
    replayer = Replayer(replay, watching)
    code = asyncio.run(play(Run(replay, _quiet, command=runner, output=log), replayer))
    first, second = fates(recorded), fates(watching.calls)
    problems = [*different(first, second), *foreign(watching.calls)]
    if code:
        problems.append(f"the runner ended with exit code {code} in the replay")
    return list(comparison(first, second)), problems


def _quiet(line: str) -> None:
    """Say nothing: the demo has words of its own."""
