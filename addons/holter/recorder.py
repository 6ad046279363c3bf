"""Opens a recording, new or to be gone on with, and puts a session on it."""

from __future__ import annotations

import platform
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from holter import __version__
from holter.cassette.format import Header, text_of
from holter.cassette.reader import Entry, open_cassette
from holter.cassette.redaction import KEYS, STRICT, Redactor
from holter.cassette.writer import Writer
from holter.clock import Clock
from holter.errors import HolterError, UsageError
from holter.faults.plans import SEED_BITS, Plans
from holter.lease.audit import Audit
from holter.lease.profile import Profile
from holter.lease.profilefile import named, recorded
from holter.player import Player
from holter.receivers import Listener
from holter.replay.modes import Mode, row
from holter.session import Session
from holter.wire.message import Interaction, Json, Mark, Moment, Origin


@dataclass(frozen=True, slots=True)
class Recording:
    """What is asked of a recording; the settings of the same names tell more.

    `plans` are the faults that are asked for. A `lazy` one writes nothing before the first call that is to
    be kept. `engine` and `service` stand in the header: what carries the calls, and to whom.
    """

    path: str
    append: bool = False
    profile: str = "documented"
    scale: float = 1.0
    plans: Plans = field(default_factory=Plans)
    redact: str = "default"
    redact_keys: tuple[str, ...] = ()
    lazy: bool = False
    engine: str = ""
    service: str = ""


class Recorder:
    """A cassette that is being recorded, with the session and the audit that go with it."""

    def __init__(self, recording: Recording, listener: Listener, player: Player | None = None) -> None:
        self.path = recording.path
        self.row = row(Mode.ALL, there=False)
        """What is done with calls: all are recorded, unless a player says otherwise."""
        self.kept = 0
        """How many calls were kept."""
        self._waiting: list[Mark] | None = [] if recording.lazy else None
        self.clock = Clock()
        self._listener = listener
        self._entries: list[Interaction | Mark] = []
        self._gone_on = recording.append
        profile = self._asked(recording)
        start = self.clock.now()
        header = _header(recording, profile, round(start.wall, 6))
        self._writer = self._opened(recording, header)
        try:
            self.audit = Audit(
                self._profile(recording, profile), datetime.fromtimestamp(start.wall, UTC).date()
            )
        except HolterError:
            self._writer.close()
            raise
        self.audit.read(self._entries)
        keys = _keys(recording, self._entries)
        self.redactor = _redactor(self._entries, strict=self._writer.header.redaction == STRICT, keys=keys)
        self.plans = recording.plans.seeded(secrets.randbits(SEED_BITS))
        self.session = Session(
            audit=self.audit,
            redactor=self.redactor,
            tape=self,
            plan=self.plans.plan() if self.plans.rules else None,
            listener=listener,
            player=player,
            seq=max((entry.seq for entry in self._entries if isinstance(entry, Interaction)), default=0),
        )
        self.session.reactions.read(self._entries)
        self._entries.clear()
        more: dict[str, Json] = {KEYS: list(keys)} if keys else {}
        self._mark("started", start, more)
        if self.plans.rules:
            from holter.faults.log import armed  # most runs have no faults: they start sooner

            self._mark("fault", start, armed(self.plans))

    def _mark(self, what: str, at: Moment, more: Mapping[str, Json]) -> None:
        self.session.mark(Mark(what, round(at.wall, 6), round(at.mono, 6), more))

    def _asked(self, recording: Recording) -> Profile:
        """Return the profile that is asked for; strict redaction hides the names that suppressions hold."""
        profile = named(recording.profile).scaled(recording.scale)
        if recording.redact == STRICT and profile.suppress:
            self._listener.trouble(f"--redact strict: the suppressions of {profile.name} do not apply")
            return replace(profile, suppress=())
        return profile

    def _opened(self, recording: Recording, header: Header) -> Writer:
        if not recording.append:
            return Writer.create(recording.path, header, shout=self._listener.trouble)
        writer = Writer.append_to(recording.path, seen=self._seen, shout=self._listener.trouble)
        if writer.repaired:
            self._listener.trouble(writer.repaired)
        if recording.redact == STRICT != writer.header.redaction:
            writer.close()
            raise UsageError(f"--redact strict: {recording.path} was begun without it: record to a new file")
        return writer

    def _profile(self, recording: Recording, asked: Profile) -> Profile:
        """Return the profile to judge by: a recording that is gone on with keeps its own."""
        kept = self._writer.header.profile
        if not recording.append or not kept:
            return asked
        profile = recorded(kept)
        if (recording.profile, recording.scale) != ("documented", 1.0) and profile != asked:
            own = f"{profile.name}, scale {profile.scale:g}"
            self._listener.trouble(f"{self.path}: keeps the profile that it was begun with: {own}")
        return profile

    def _seen(self, entry: Entry) -> None:
        self._entries.append(entry.value)

    @property
    def recording(self) -> str | None:
        """The recording's own name."""
        return self._writer.header.recording

    @property
    def lost(self) -> int:
        """How many entries could not be kept."""
        return self._writer.lost

    @property
    def problem(self) -> str | None:
        """What keeps the cassette from being written now."""
        return self._writer.problem

    def before(self) -> Iterator[Interaction | Mark]:
        """Yield what the recording held when it was gone on with, from the file; bodies may be left out."""
        if self._gone_on:
            yield from (value for _, value in open_cassette(self.path).heard())

    def call(self, seq: int) -> Interaction | None:
        """Return a call that was kept, from the file; `CassetteError` where it cannot be read."""
        from holter.cassette.lookup import find

        return find(self.path, seq)

    def interaction(self, interaction: Interaction) -> bool:
        """Keep an interaction, unless it was played from this very cassette, or refused."""
        if interaction.origin in (Origin.CASSETTE, Origin.REFUSED):
            return True
        waiting, self._waiting = self._waiting or (), None
        for mark in waiting:
            self._writer.append(mark, now=self.clock.now())
        self.kept += 1
        return self._writer.append(interaction, now=self.clock.now())

    def mark(self, mark: Mark) -> bool:
        """Keep a mark, in a lazy recording once there is a call to keep."""
        if self._waiting is not None:
            self._waiting.append(mark)
            return True
        return self._writer.append(mark, now=self.clock.now())

    def sync(self) -> None:
        """Wait until what was written is on the disk; to be called off the event loop."""
        self._writer.sync()

    def close(self) -> None:
        """End the session and let go of the file; a second call does nothing."""
        if not self.session.closed:
            now = self.clock.now()
            self.session.close(now)
            self._writer.close(now=now)


def _header(recording: Recording, profile: Profile, started: float) -> Header:
    parts = [f"holter {__version__}", recording.engine, f"python {platform.python_version()}"]
    return Header(
        recording=secrets.token_hex(4),
        started=started,
        by=", ".join(part for part in parts if part),
        service=None if recording.redact == STRICT else recording.service or None,
        profile=profile.as_json(),
        redaction=recording.redact,
    )


def _keys(recording: Recording, entries: list[Interaction | Mark]) -> tuple[str, ...]:
    """Return the names whose values are masked: those asked for, and those the recording had before."""
    found = [*recording.redact_keys]
    for entry in entries:
        if isinstance(entry, Mark) and isinstance(before := entry.more.get(KEYS), list):
            found += [key for key in before if isinstance(key, str)]
    return tuple(dict.fromkeys(found))


def _redactor(entries: list[Interaction | Mark], *, strict: bool, keys: tuple[str, ...]) -> Redactor:
    """Return a redactor that goes on with the aliases of a recording."""
    redactor = Redactor(strict=strict, keys=keys)
    for entry in entries:
        if isinstance(entry, Interaction) and entry.task:
            redactor.seen(entry.print, entry.task)
        if strict:
            redactor.learn(text_of(entry))
    return redactor
