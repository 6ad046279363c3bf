"""Opens cassettes to be played, and puts a session on them; in the live modes, with a recorder behind it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from holter.cassette.format import Header, text_of
from holter.cassette.reader import Entry, load, open_cassette
from holter.cassette.redaction import KEYS, STRICT, Redactor
from holter.clock import Clock
from holter.errors import CassetteError, UsageError
from holter.faults.plan import Plan
from holter.lease.audit import Audit
from holter.lease.profile import Profile
from holter.lease.profilefile import named, recorded
from holter.replay.binding import Bound
from holter.replay.matching import Matching
from holter.replay.miss import Miss
from holter.replay.modes import Mode
from holter.replay.pacing import End, Pace, Pacing
from holter.replay.playback import Playback
from holter.replay.shelf import Shelf
from holter.replay.take import Take, Tape, faulted
from holter.session import Listener, Session
from holter.wire.codec import print_of
from holter.wire.message import Interaction, Mark


@dataclass(frozen=True, slots=True)
class Replay:
    """What is asked of a replay; the settings of the same names tell more.

    `match_on` is a mapping from operations to what of them is ignored, as in a profile.
    """

    paths: tuple[str, ...]
    mode: Mode = Mode.NONE
    pace: Pace = Pace.ORDINAL
    end: End = End.HOLD
    scale: float = 1.0
    profile: str = "documented"
    match_on: dict[str, Any] = field(default_factory=dict)
    allow_faults: bool = False
    max_age: int | None = None
    stale: str = "warn"


class Replayer:
    """Cassettes that are played, with the session and the audit that go with it.

    It has the outside of a `Recorder`, so that whatever carries calls can carry either.
    """

    lost = 0
    problem: str | None = None

    def __init__(self, replay: Replay, listener: Listener) -> None:
        self.replay = replay
        self.path = replay.paths[0]
        self.clock = Clock()
        self._listener = listener
        tapes = _Tapes(replay.paths)
        if not replay.allow_faults:
            _refuse_faults(tapes.takes)
        if replay.pace is Pace.LEASE:
            _needs_times(replay, tapes.takes)
        profile = _profile(replay, tapes.headers[0])
        self._redactor = tapes.redactor()
        self._aliases: set[str] = set()
        self.audit = Audit(profile.scaled(replay.scale or 1.0))
        self.player = Playback(
            Shelf(tapes.takes, Matching(replay.match_on)),
            files=replay.paths,
            mode=replay.mode,
            pacing=Pacing(replay.pace, replay.end, replay.scale, profile.limits.poll),
            on_bound=self._bound,
            on_miss=self._missed,
        )
        self.recording = tapes.headers[0].recording
        self.session = Session(
            audit=self.audit,
            redactor=self._redactor,
            tape=self,
            plan=Plan(),
            listener=listener,
            player=self.player,
        )
        start = self.clock.now()
        self.session.mark(Mark("started", round(start.wall, 6), round(start.mono, 6)))

    def _bound(self, bound: Bound) -> None:
        """Let a live task be called as on the tape, where no other is called so."""
        if bound.alias not in self._aliases:
            self._aliases.add(bound.alias)
            self._redactor.seen(print_of(bound.live), bound.alias)

    def _missed(self, miss: Miss) -> None:
        self._listener.trouble(miss.text)

    def interaction(self, interaction: Interaction) -> bool:
        """Keep nothing: what is played is on the tape already."""
        del interaction
        return True

    def mark(self, mark: Mark) -> bool:
        """Keep nothing."""
        del mark
        return True

    def sync(self) -> None:
        """Nothing is written, so that there is nothing to wait for."""

    def close(self) -> None:
        """End the session."""
        self.session.close(self.clock.now())


class _Tapes:
    """What the files hold."""

    def __init__(self, paths: Sequence[str]) -> None:
        self.headers: list[Header] = []
        self.takes: list[Take] = []
        self._entries: list[Entry] = []
        for number, path in enumerate(paths):
            header = open_cassette(path).header
            self.headers.append(header)
            entries = load(path)
            tape = Tape(number, path, header.recording or os.path.basename(path))
            found = [
                Take(entry.value, tape, entry.line)
                for entry in entries
                if isinstance(entry.value, Interaction)
            ]
            if not found:
                raise CassetteError(f"{path}: holds no calls: there is nothing to play")
            self.takes += found
            self._entries += entries

    def redactor(self) -> Redactor:
        """Return a redactor that masks what was masked in the recordings: else nothing would match."""
        strict = any(header.redaction == STRICT for header in self.headers)
        redactor = Redactor(strict=strict, keys=tuple(self._keys()))
        for take in self.takes:
            if take.call.task:
                redactor.seen(None, take.call.task)
            if strict:
                redactor.learn(text_of(take.call))
        return redactor

    def _keys(self) -> Iterator[str]:
        for entry in self._entries:
            if isinstance(entry.value, Mark) and isinstance(keys := entry.value.more.get(KEYS), list):
                yield from (key for key in keys if isinstance(key, str))


def _refuse_faults(takes: Sequence[Take]) -> None:
    for take in faulted(takes):
        rule = f" ({take.call.fault})" if take.call.fault else ""
        raise CassetteError(
            f"{take.place}: was recorded under faults{rule}, so that it is not the service's own answer: "
            "record without faults, or play it with --allow-faults"
        )


def _needs_times(replay: Replay, takes: Sequence[Take]) -> None:
    if not replay.scale:
        raise UsageError(
            "--pace lease needs a --scale above 0: with 0, all answers come at one age of the lease"
        )
    for take in takes:
        if take.asked_at is None:
            raise CassetteError(f"{take.place}: holds no times (at), which --pace lease goes by")


def _profile(replay: Replay, header: Header) -> Profile:
    """Return the limits in the recording's own time: those asked for, else those it was recorded with."""
    kept = recorded(header.profile) if header.profile else named("documented")
    if replay.profile == "documented":
        return kept
    return named(replay.profile).scaled(kept.scale)


def must_be_played(mode: Mode, where: str) -> None:
    """Refuse a mode that may pass calls on, for a way in that cannot; `UsageError` says which can."""
    if mode is not Mode.NONE:
        raise UsageError(
            f"--mode {mode}: {where} passes no call on to a service: use --proxy, or --mode none"
        )
