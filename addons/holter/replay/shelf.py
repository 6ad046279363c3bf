"""All recorded calls in tracks: those that are the same call made again, in recorded order.

Calls are sorted by operation and task at once, and by their requests when the first of them is asked for:
a large cassette is played as soon as a small one.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import field
from typing import TypeAlias

from holter.replay.matching import Matching
from holter.replay.take import Take, Tape, member
from holter.wire.message import Payload
from holter.wire.operations import DATA_PIPELINE, OPERATIONS, Role, role
from holter.wire.value import state

Subject: TypeAlias = Hashable
"""Whom a track is about: a task as (tape's number, alias), a runner's recorded id, or None."""

Task: TypeAlias = tuple[int, str]

OF_RUNNERS = tuple(op for op, row in OPERATIONS.items() if DATA_PIPELINE.runner in row.request.members)


@state
class Track:
    """Recorded calls that count as the same, in recorded order."""

    op: str
    subject: Subject
    part: Role
    takes: list[Take] = field(default_factory=list)


class Shelf:
    """The recorded calls that have an answer to play."""

    def __init__(self, takes: Iterable[Take], matching: Matching) -> None:
        self.matching = matching
        self.takes = [take for take in takes if take.plays]
        self._groups: dict[str, dict[Task | None, list[Take]]] = {}
        self._tracks: dict[tuple[str, Task | None], dict[tuple[Subject, str], Track]] = {}
        self._strays: dict[str, Tape] = {}
        self._prints: dict[str, str] = {}
        self._sort()
        self.runners = list(dict.fromkeys(filter(None, map(_runner, self._of_runners()))))

    def _sort(self) -> None:
        handed = {(take.tape.number, take.handed_out) for take in self.takes if take.handed_out}
        for take in self.takes:
            task = None if take.about is None else (take.tape.number, take.about)
            group = self._groups.setdefault(take.op, {})
            if task in group:
                group[task].append(take)
                continue
            group[task] = [take]
            if take.about and task not in handed:
                self._stray(take, take.about)

    def _stray(self, take: Take, alias: str) -> None:
        self._strays.setdefault(alias, take.tape)
        if take.print:
            self._prints.setdefault(take.print, alias)

    def _of_runners(self) -> list[Take]:
        return [take for op in OF_RUNNERS for take in self._groups.get(op, {}).get(None, ())]

    def find(self, op: str, subject: Subject, body: Payload) -> Track | None:
        """Return the track of calls that are the same as this one."""
        task = subject if isinstance(subject, tuple) else None
        tracks = self._tracks.get((op, task)) or self._sorted(op, task)
        return tracks.get((subject, self.matching.key(op, body)))

    def _sorted(self, op: str, task: Task | None) -> dict[tuple[Subject, str], Track]:
        found = self._tracks.get((op, task))
        if found is None:
            found = {}
            for take in _in_order(self._groups.get(op, {}).get(task, [])):
                subject = task if task or op not in OF_RUNNERS else _runner(take)
                key = (subject, self.matching.key(op, take.source.request()))
                found.setdefault(key, Track(op, subject, role(op))).takes.append(take)
            self._tracks[op, task] = found
        return found

    def tracks(self, op: str, task: Task | None = None) -> list[Track]:
        """Return all tracks of an operation, of a task or of none."""
        return list(self._sorted(op, task).values())

    def first(self, op: str) -> Take | None:
        """Return the first recorded call of an operation, whomever it is about."""
        groups = self._groups.get(op)
        return next(iter(groups.values()))[0] if groups else None

    def stray(self, live: str, print_: str) -> tuple[Tape, str] | None:
        """Return a task that was never handed out, by its alias or the print of its real id."""
        alias = live if live in self._strays else self._prints.get(print_, "")
        return (self._strays[alias], alias) if alias in self._strays else None


def _in_order(takes: list[Take]) -> list[Take]:
    """Return calls in the order in which they were asked: a file has them in the order of answers."""
    times = [take.asked_at for take in takes]
    if None in times:
        return takes
    return sorted(takes, key=lambda take: take.asked_at or 0.0)


def _runner(take: Take) -> str | None:
    runner = member(take.source.request(), DATA_PIPELINE.runner)
    return runner if isinstance(runner, str) else None
