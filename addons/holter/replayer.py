"""Opens cassettes to be played, and puts a session on them; in the live modes, with a recorder behind it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from holter.clock import Clock
from holter.errors import CassetteError, ConfigError, HolterError, UsageError
from holter.faults.plans import SEED_BITS, Plans
from holter.lease.audit import Audit
from holter.lease.profile import Profile
from holter.lease.profilefile import named, recorded
from holter.receivers import Listener, NoTape
from holter.replay.binding import Bound
from holter.replay.matching import Matching
from holter.replay.miss import Miss
from holter.replay.modes import File, Mode, row
from holter.replay.pacing import End, Pace, Pacing
from holter.replay.playback import Playback
from holter.replay.shelf import Shelf
from holter.session import Session
from holter.tapes import Tapes
from holter.wire.codec import print_of
from holter.wire.message import Interaction, Mark
from holter.wire.value import value

if TYPE_CHECKING:
    from holter.recorder import Recorder, Recording

PART = ".new"
"""What is added to a cassette's name for the recording that will replace it."""


@value
class Replay:
    """What is asked of a replay; the settings of the same names tell more.

    `pace` and `end` are None for what the profile says, else ordinal and hold. `match_on` is a mapping from
    operations to what of them is ignored; it comes on top of the profile's.
    """

    paths: tuple[str, ...]
    mode: Mode = Mode.NONE
    pace: Pace | None = None
    end: End | None = None
    scale: float = 1.0
    profile: str = "documented"
    match_on: Mapping[str, Any] = field(default_factory=dict)
    allow_faults: bool = False
    max_age: int | None = None
    stale: str = "warn"
    plans: Plans = field(default_factory=Plans)


class Replayer:
    """Cassettes that are played, with the session and the audit that go with it.

    It has the outside of a `Recorder`, so that whatever carries calls can carry either. In a mode that
    records, `recording` says how; its path and whether it appends follow from the mode.
    """

    def __init__(self, replay: Replay, listener: Listener, recording: Recording | None = None) -> None:
        there = all(map(os.path.exists, replay.paths))
        self.row = row(replay.mode, there=there)
        self.path = replay.paths[0]
        self._listener = listener
        self.plans = replay.plans.seeded(int.from_bytes(os.urandom(SEED_BITS // 8)))
        self._aliases: set[str] = set()
        self._recorder: Recorder | None = None
        if self.row.live and len(replay.paths) > 1:
            raise UsageError(f"--mode {replay.mode}: needs one cassette, not {len(replay.paths)}")
        self.tapes = Tapes(replay.paths if self.row.plays or not self.row.live else ())
        try:
            self._open(replay, there, recording)
        except HolterError:
            self.tapes.close()
            raise

    def _open(self, replay: Replay, there: bool, recording: Recording | None) -> None:
        profile = _profile(replay, self.tapes)
        settled = _settled(replay, profile)
        self._check(settled)
        self.player = Playback(
            Shelf(self.tapes.takes, Matching(settled.match_on)),
            files=replay.paths,
            mode=replay.mode,
            there=there,
            pacing=_pacing(settled, profile),
            on_bound=self._bound,
            on_miss=self._missed,
        )
        if self.row.file is File.LEAVE:
            self._offline(Audit(profile.scaled(replay.scale or 1.0)))
        else:
            self._record(recording)

    def _check(self, replay: Replay) -> None:
        if not replay.allow_faults:
            self.tapes.refuse_faults()
        if replay.max_age is not None:
            self._aged(replay, replay.max_age)
        if replay.pace is Pace.LEASE:
            if not replay.scale:
                raise UsageError("--pace lease: needs a --scale above 0, or all answers come at one age")
            self.tapes.need_times()

    def _aged(self, replay: Replay, days: int) -> None:
        for line in self.tapes.stale(Clock().now().wall, days):
            if replay.stale == "fail":
                raise CassetteError(line)
            self._listener.trouble(line)

    def _offline(self, audit: Audit) -> None:
        self.clock, self.audit = Clock(), audit
        self.redactor = self.tapes.redactor()
        self.session = Session(
            audit=audit,
            redactor=self.redactor,
            tape=NoTape(),
            plan=self.plans.plan() if self.plans.rules else None,
            listener=self._listener,
            player=self.player,
        )
        start = self.clock.now()
        at, mono = round(start.wall, 6), round(start.mono, 6)
        self.session.mark(Mark("started", at, mono))
        if self.plans.rules:
            from holter.faults.log import armed  # most runs have no faults: they start sooner

            self.session.mark(Mark("fault", at, mono, armed(self.plans)))

    def _record(self, recording: Recording | None) -> None:
        from holter.recorder import Recorder, Recording

        path = self.path + PART if self.row.file is File.REPLACE else self.path
        if self.row.file is File.REPLACE and os.path.exists(path):
            raise UsageError(f"{path}: is left of a recording that did not come to its end: move it away")
        append = self.row.file is File.APPEND
        ours = recording or Recording(path)
        asked = replace(ours, path=path, append=append, lazy=append, plans=self.plans)
        self._recorder = recorder = Recorder(asked, self._listener, player=self.player)
        self.clock, self.audit, self.session = recorder.clock, recorder.audit, recorder.session
        self.redactor = recorder.redactor

    def _bound(self, bound: Bound) -> None:
        """Let a live task be called as on the tape, where no other is called so.

        A recording that is gone on with keeps such names for its own tasks.
        """
        if self._recorder is None and bound.alias not in self._aliases:
            self._aliases.add(bound.alias)
            self.redactor.seen(print_of(bound.live), bound.alias)

    def _missed(self, miss: Miss) -> None:
        self._listener.trouble(miss.text)

    @property
    def recording(self) -> str | None:
        """The name of the recording that is written, else of the first that is played."""
        return self._recorder.recording if self._recorder else self.tapes.recording

    @property
    def lost(self) -> int:
        """How many entries could not be kept."""
        return self._recorder.lost if self._recorder else 0

    def before(self) -> Iterator[Interaction | Mark]:
        """Yield what the recording held when it was gone on with, if one is written."""
        return self._recorder.before() if self._recorder else iter(())

    def call(self, seq: int) -> Interaction | None:
        """Return a call that was kept: those that are played from a tape are not kept again."""
        return self._recorder.call(seq) if self._recorder else None

    @property
    def problem(self) -> str | None:
        """What keeps the cassette from being written now."""
        return self._recorder.problem if self._recorder else None

    def sync(self) -> None:
        """Wait until what was written is on the disk; to be called off the event loop."""
        if self._recorder:
            self._recorder.sync()

    def close(self) -> None:
        """End the session and let go of the files; a recording that is complete takes the old one's place."""
        if self.session.closed:
            return
        if self._recorder:
            self._recorder.close()
            self._settle(self._recorder)
        self.session.close(self.clock.now())
        self.tapes.close()

    def _settle(self, recorder: Recorder) -> None:
        """Let a new recording take its place, if it is complete; one without any call is not kept."""
        if self.row.file is File.APPEND:
            return
        left = f"{self.path}: is left as it was, because "
        if recorder.lost or recorder.problem:
            if self.row.file is File.REPLACE:
                self._listener.trouble(f"{left}calls were lost in {recorder.path}")
        elif not recorder.kept:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(recorder.path)
            self._listener.trouble(f"{left}no call was recorded")
        elif self.row.file is File.REPLACE:
            self._replace(recorder)

    def _replace(self, recorder: Recorder) -> None:
        try:
            os.replace(recorder.path, self.path)
        except OSError as why_not:
            self._listener.trouble(f"{self.path}: cannot be replaced by {recorder.path}: {why_not.strerror}")


def _profile(replay: Replay, tapes: Tapes) -> Profile:
    """Return the limits in the recording's own time: those asked for, else those it was recorded with."""
    kept = tapes.headers[0].profile if tapes.headers else None
    found = recorded(kept) if kept else named("documented")
    return found if replay.profile == "documented" else named(replay.profile).scaled(found.scale)


def _settled(replay: Replay, profile: Profile) -> Replay:
    """Return what is asked for with what the profile says of replays, where nothing else was asked for."""
    said = profile.replay
    try:
        pace, end = Pace(said.get("pace", Pace.ORDINAL)), End(said.get("end", End.HOLD))
    except ValueError as wrong:
        raise ConfigError(f"profile {profile.name}: replay: {wrong}") from None
    match_on = {**said.get("match_on", {}), **replay.match_on}
    return replace(replay, pace=replay.pace or pace, end=replay.end or end, match_on=match_on)


def _pacing(settled: Replay, profile: Profile) -> Pacing:
    return Pacing(settled.pace or Pace.ORDINAL, settled.end or End.HOLD, settled.scale, profile.limits.poll)


def must_be_played(mode: Mode, where: str) -> None:
    """Refuse a mode that may pass calls on, for a way in that cannot; `UsageError` says which can."""
    if mode is not Mode.NONE:
        raise UsageError(
            f"--mode {mode}: {where} passes no call on to a service: use --proxy, or --mode none"
        )
