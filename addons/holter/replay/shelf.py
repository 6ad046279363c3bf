"""All recorded calls in tracks: those that are the same call made again, in recorded order."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from holter.replay.matching import Matching
from holter.replay.take import Take, Tape, answers, member
from holter.wire.message import Json, Payload
from holter.wire.operations import DATA_PIPELINE

Subject: TypeAlias = Hashable
"""Whom a track is about: a task as (tape's number, alias), a runner's recorded id, or None."""


@dataclass(slots=True)
class Track:
    """Recorded calls that count as the same, in recorded order."""

    op: str
    subject: Subject
    takes: list[Take] = field(default_factory=list)


class Shelf:
    """The recorded calls that have an answer to play."""

    def __init__(self, takes: Iterable[Take], matching: Matching) -> None:
        self.matching = matching
        self.takes: list[Take] = []
        self.handouts: dict[tuple[int, str], Take] = {}
        self.tasks: dict[str, Tape] = {}
        """Tasks that are spoken of without having been handed out, by alias and by print."""
        self.runners: list[str] = []
        self._tracks: dict[tuple[str, Subject, str], Track] = {}
        self._of_op: dict[str, list[Track]] = {}
        self._aliases: dict[str, str] = {}
        for take in takes:
            if answers(take.call):
                self._add(take)

    def _add(self, take: Take) -> None:
        self.takes.append(take)
        call, alias = take.call, take.about
        if handed := take.handed_out:
            self.handouts.setdefault((take.tape.number, handed), take)
        if alias is not None and (take.tape.number, alias) not in self.handouts:
            self.tasks.setdefault(alias, take.tape)
        if call.print and call.task:
            self._aliases[call.print] = call.task
        runner = member(call.request, DATA_PIPELINE.runner)
        if isinstance(runner, str) and runner not in self.runners:
            self.runners.append(runner)
        subject = (take.tape.number, alias) if alias is not None else runner
        self._track(call.op, subject, call.request).takes.append(take)

    def _track(self, op: str, subject: Json | tuple[int, str], body: Payload) -> Track:
        key = (op, _hashable(subject), self.matching.key(op, body))
        found = self._tracks.get(key)
        if found is None:
            found = self._tracks[key] = Track(op, key[1])
            self._of_op.setdefault(op, []).append(found)
        return found

    def find(self, op: str, subject: Subject, body: Payload) -> Track | None:
        """Return the track of calls that are the same as this one."""
        return self._tracks.get((op, subject, self.matching.key(op, body)))

    def tracks(self, op: str) -> list[Track]:
        """Return all tracks of an operation."""
        return self._of_op.get(op, [])

    def stray(self, live: str, print_: str) -> tuple[Tape, str] | None:
        """Return a task that was never handed out, by its alias or the print of its real id."""
        alias = live if live in self.tasks else self._aliases.get(print_)
        return (self.tasks[alias], alias) if alias in self.tasks else None


def _hashable(subject: Json | tuple[int, str]) -> Subject:
    return subject if isinstance(subject, str | tuple) else None
