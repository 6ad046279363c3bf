"""Cassettes read to be played: outlines of their calls, whose bodies are read when they are asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from holter.cassette.chunks import Place
from holter.cassette.format import Header
from holter.cassette.outline import Bodies, Outline, Said, outlines
from holter.cassette.reader import no_search, open_cassette
from holter.cassette.redaction import KEYS, STRICT, Redactor
from holter.errors import CassetteError
from holter.replay.decided import Decided
from holter.replay.take import Given, Take, Tape, delay, fault, plays, status, take_of
from holter.replay.templates import TEMPLATES, unknown
from holter.wire.codec import decode, passing
from holter.wire.message import Interaction, Mark, Nothing, Payload
from holter.wire.operations import OPERATIONS, Role

_UNTIMED = (None, None, None)
_DAY = 86_400.0
_OK = 200
_POLLS = tuple(op for op, row in OPERATIONS.items() if row.role is Role.POLL)


@lru_cache(1024)  # most answers are the same: that a lease goes on
def _given(answer: bytes | None, status: int | None, error: str | None) -> Given:
    return Given(decode(answer) if answer else b"", status, error)


class _Outlined(NamedTuple):
    """A call whose bodies are in the file."""

    status: int | None
    error: str | None
    asked: bytes
    answer: bytes | None
    bodies: Bodies
    place: Place
    start: int
    end: int

    def request(self) -> Payload:
        """Return the request alone."""
        return decode(self.asked)

    def given(self) -> Given:
        """Return the answer alone; a long one is read anew."""
        given = _given(self.answer, self.status, self.error)
        if isinstance(given.body, bytes):
            call = self.whole()
            return Given(call.response, call.status, call.error)
        return given

    def whole(self) -> Interaction:
        """Return the call whole."""
        return self.bodies.read(self.place, self.start, self.end)


class Tapes:
    """What cassettes hold, in order; `CassetteError` where one cannot be read or has nothing to play."""

    def __init__(self, paths: Sequence[str]) -> None:
        self.paths = tuple(paths)
        self.headers: list[Header] = []
        self.takes: list[Take] = []
        self._keys: list[str] = []
        self._aliases: set[str] = set()
        self._bodies: list[Bodies] = []
        try:
            with no_search():
                for number, path in enumerate(paths):
                    self._read(number, path)
        except CassetteError:
            self.close()
            raise

    def _read(self, number: int, path: str) -> None:
        reader = open_cassette(path)
        bodies, before, decided = Bodies(path), len(self.takes), Decided()
        self.headers.append(reader.header)
        self._bodies.append(bodies)
        tape = Tape(number, path, reader.header.recording or os.path.basename(path))
        for found in outlines(reader):
            if isinstance(found, Outline):
                self._add(decided.told(_take(found, tape, bodies)), found.said.task)
            elif isinstance(found.value, Interaction):
                self._add(decided.told(take_of(found.value, tape, found.line)), found.value.task)
            else:
                self._keys += _keys(found.value)
                decided.mark(found.value)
        if len(self.takes) == before:
            raise CassetteError(f"{path}: holds no calls: there is nothing to play")

    def _add(self, take: Take, task: str | None) -> None:
        if take.by_hand:
            _refuse_unknown(take)
        self.takes.append(take)
        if task:
            self._aliases.add(task)

    @property
    def recording(self) -> str | None:
        """The name of the first recording."""
        return self.headers[0].recording if self.headers else None

    def redactor(self) -> Redactor:
        """Return a redactor that masks what was masked in the recordings: else nothing would match."""
        strict = any(header.redaction == STRICT for header in self.headers)
        redactor = Redactor(strict=strict, keys=dict.fromkeys(self._keys))
        for alias in self._aliases:
            redactor.seen(None, alias)
        if strict:
            for path in self.paths:
                with open(path, encoding="utf-8", errors="replace") as file:
                    redactor.learn(file.read())
        return redactor

    def refuse_faults(self) -> None:
        """Raise `CassetteError` where a fault had a hand in what was answered."""
        for take in self.takes:
            if take.fault:
                raise CassetteError(
                    f"{take.place}: was recorded under faults ({take.fault}), so that it is not the "
                    "service's own answer: record without faults, or play it with --allow-faults"
                )

    def need_times(self) -> None:
        """Raise `CassetteError` where a call does not say when it was asked."""
        for take in self.takes:
            if take.asked_at is None:
                raise CassetteError(f"{take.place}: holds no times (at), which --pace lease goes by")

    def stale(self, now: float, days: int) -> Iterator[str]:
        """Yield a line for each cassette that was begun so many days ago; `now` is seconds since 1970."""
        for path, header in zip(self.paths, self.headers, strict=True):
            if header.started is not None and now - header.started > days * _DAY:
                age = int((now - header.started) // _DAY)
                begun = datetime.fromtimestamp(header.started, UTC).date()
                yield f"{path}: is {age} days old (recorded {begun}; --max-age {days}): record it anew"

    def close(self) -> None:
        """Let go of the files."""
        for bodies in self._bodies:
            bodies.close()


def _take(found: Outline, tape: Tape, bodies: Bodies) -> Take:
    said, request, answered, short, place, start, end = found
    poll = said.op in _POLLS
    return Take(
        said.op,
        tape,
        place.line,
        _Outlined(said.status, said.error, request, short, bodies, place, start, end),
        plays(broken=said.broken, origin=said.origin, answered=answered),
        said.task if poll else None,
        None if poll else said.task,
        said.print,
        said.error,
        fault(said.fault, said.origin),
        delay(said.mono),
        _asked_at(said),
        (said.error is not None or said.status != _OK)
        and passing(status(said.status, said.error), said.error),
        not said.seq and said.mono == _UNTIMED,
    )


def _refuse_unknown(take: Take) -> None:
    body = take.call.response
    wrong = [] if isinstance(body, bytes | Nothing) else unknown(body)
    if wrong:
        raise CassetteError(
            f"{take.place}: {{{{{wrong[0]}}}}} is no template: there are {', '.join(TEMPLATES)}; to be sent "
            f"as it stands, write {{{{!{wrong[0]}}}}}"
        )


def _asked_at(said: Said) -> float | None:
    if said.at is not None:
        return said.at.timestamp()
    return said.mono[0]


def _keys(mark: Mark) -> list[str]:
    keys = mark.more.get(KEYS)
    return [key for key in keys if isinstance(key, str)] if isinstance(keys, list) else []
