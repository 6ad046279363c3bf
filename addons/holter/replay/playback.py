"""The player: decides about each call from what was recorded, and remembers how far each track has got."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Sequence

from holter.errors import CassetteError
from holter.replay import explain
from holter.replay.binding import MOST_BOUND, Binding, Bound
from holter.replay.broken import broken
from holter.replay.cursor import Cursor
from holter.replay.miss import Miss, Reason
from holter.replay.modes import Action, Mode, row
from holter.replay.pacing import End, Pace, Pacing, at_age, held
from holter.replay.reply import EMPTY, HELD, dressed, reply_of
from holter.replay.shelf import Shelf, Subject, Track
from holter.replay.take import Take, member
from holter.replay.templates import Facts
from holter.wire.codec import print_of
from holter.wire.decision import Answer, Break, Decision, Forward
from holter.wire.message import Call, Interaction, Origin
from holter.wire.operations import DATA_PIPELINE, Role, role

MOST_MISSES = 1000
"""Misses that are kept whole; all are counted."""

_GIVEN = (Answer, Break)
_HANDLE = DATA_PIPELINE.handle


def _quiet(_: object) -> None:
    """Tell nobody."""


class Playback:
    """Answers calls from a shelf; `there` tells whether there is a cassette at all.

    `on_bound` is told of every task that is tied to a live id before that id is given away, `on_miss` of
    every call that has no recorded answer and is refused.
    """

    def __init__(
        self,
        shelf: Shelf,
        *,
        files: Sequence[str],
        mode: Mode = Mode.NONE,
        there: bool = True,
        pacing: Pacing | None = None,
        on_bound: Callable[[Bound], None] = _quiet,
        on_miss: Callable[[Miss], None] = _quiet,
    ) -> None:
        self.shelf = shelf
        self.files = tuple(files)
        self.row = row(mode, there=there)
        self._plays = self.row.plays
        self.pacing = pacing or Pacing()
        self.misses: list[Miss] = []
        self.missed = 0
        self._binding = Binding(None if self.row.live else MOST_BOUND)
        self._runners: dict[str, str] = {}
        self._cursors: dict[str, dict[int, Cursor]] = {}
        self._played: set[int] = set()
        self._given: Counter[int] = Counter()
        self._refusing: deque[str] = deque()
        self._on_bound, self._on_miss = on_bound, on_miss

    @property
    def unplayed(self) -> list[Take]:
        """The recorded answers that no call has got, in recorded order."""
        return [take for take in self.shelf.takes if id(take) not in self._played]

    def decide(self, call: Call, asked: Interaction) -> Decision:
        """Decide about a call; `asked` is the same redacted, as a cassette would keep it."""
        bound, found = self._bound(call), None
        if self._plays:
            try:
                found = self._find(call, asked, bound)
            except CassetteError as why:  # bodies are read late: what is wrong with one is only known now
                found = Miss(call.op, Reason.DAMAGED, str(why), self.files)
        if isinstance(found, _GIVEN):
            return found
        action = self.row.taped if bound and bound.made else self.row.unknown
        if action is not Action.REFUSE:
            return Forward()
        return self._refused(found or explain.without_a_cassette(call.op, self.files))

    def refuses(self) -> str | None:
        """Return the rule that turns a new connection away: as many as were, after the same call."""
        return self._refusing.popleft() if self._refusing else None

    def _refused(self, miss: Miss) -> Answer:
        self.missed += 1
        if len(self.misses) < MOST_MISSES:
            self.misses.append(miss)
        self._on_miss(miss)
        return Answer(miss.reply, Origin.REFUSED)

    def _find(self, call: Call, asked: Interaction, bound: Bound | None) -> Answer | Break | Miss:
        subject: Subject
        if bound:
            subject, cursors = (bound.tape.number, bound.alias), bound.cursors
        elif isinstance(member(call.body, _HANDLE), str):
            return explain.unknown_task(self.shelf, asked, self.files)
        else:
            subject, who = self._runner(call)
            cursors = self._cursors.setdefault(who, {})
        track = self.shelf.find(call.op, subject, asked.request)
        if track is None:
            return explain.no_track(self.shelf, asked, subject, self.files)
        cursor = cursors.get(id(track))
        if cursor is None:
            cursor = cursors[id(track)] = Cursor()
        elif again := cursor.again(call):
            return again
        found = self._next(call, track, cursor, bound)
        if isinstance(found, _GIVEN):
            cursor.gave(found, call)
            return found
        return explain.played(asked, found, track, self.files)

    def _bound(self, call: Call) -> Bound | None:
        """Return the task that a call is about; one that is never handed out is met by its first call."""
        live = member(call.body, _HANDLE)
        if not isinstance(live, str):
            return None
        bound = self._binding.of(live)
        if bound is None and not self.row.live and (stray := self.shelf.stray(live, print_of(live))):
            bound = self._binding.tie(*stray, live)
            self._on_bound(bound)
        return bound

    def _runner(self, call: Call) -> tuple[Subject, str]:
        """Return which runner the track is about, and who has a cursor of his own in it."""
        runner = member(call.body, DATA_PIPELINE.runner)
        if not isinstance(runner, str) or not self.shelf.runners:
            return None, ""
        if runner not in self._runners:
            self._runners[runner] = self._recorded_runner(runner)
        return self._runners[runner], runner

    def _recorded_runner(self, live: str) -> str:
        """Return the recorded runner of that name, else the first that nobody stands for, else any."""
        recorded = self.shelf.runners
        if live in recorded:
            return live
        free = [runner for runner in recorded if runner not in self._runners.values()]
        return free[0] if free else recorded[len(self._runners) % len(recorded)]

    def _next(self, call: Call, track: Track, cursor: Cursor, bound: Bound | None) -> Answer | Break | Reason:
        part, takes = track.part, track.takes
        if self.pacing.pace is Pace.LEASE and part is Role.BEAT and bound and bound.begun is not None:
            return self._at_age(call, track, bound)
        if cursor.next == len(takes):
            if bound and bound.over:
                return Reason.TASK_OVER
            if self.pacing.end is End.FAIL:
                return Reason.PLAYED
            if self.pacing.end is End.LOOP and bound is None:
                cursor.next = 0
            elif part is Role.POLL:
                return self._idle(call, takes)
            else:
                return self._play(call, held(takes), bound)
        cursor.next += 1
        return self._play(call, takes[cursor.next - 1], bound)

    def _idle(self, call: Call, takes: Sequence[Take]) -> Answer | Break:
        last = held(takes)
        if last.handed_out is None and not last.passing:
            return self._play(call, last, None)
        return Answer(EMPTY, Origin.CASSETTE, delay=self.pacing.idle(takes))

    def _at_age(self, call: Call, track: Track, bound: Bound) -> Answer | Break | Reason:
        if bound.over:
            return Reason.TASK_OVER
        age = (call.asked.mono - (bound.begun or 0.0)) / self.pacing.scale
        index = at_age(track.takes, bound.recorded or 0.0, age)
        self._played.update(id(take) for take in track.takes[: index + 1])
        if index < 0:
            return Answer(HELD, Origin.CASSETTE)
        return self._play(call, track.takes[index], bound)

    def _facts(self, call: Call, take: Take, bound: Bound | None) -> Facts:
        self._given[id(take)] += 1
        return Facts(call.asked.wall, self._given[id(take)], bound.live if bound else "", take.name)

    def _play(self, call: Call, take: Take, bound: Bound | None) -> Answer | Break:
        self._played.add(id(take))
        if take.refuses:
            self._refusing.extend([str(take.fault)] * take.refuses)
        delay = self.pacing.delay(take)
        if take.broken:
            return broken(take, self.pacing.scale)
        if alias := take.handed_out:
            bound = self._binding.hand_out(take.tape, alias)
            bound.begun, bound.recorded = call.asked.mono + delay, (take.asked_at or 0.0) + take.delay
            self._on_bound(bound)
        reply = reply_of(take, self._binding, bound, self._facts(call, take, bound) if take.by_hand else None)
        reply = dressed(reply, take.past, call.asked) if take.past else reply
        if bound and reply.status < 400 and role(call.op) is Role.FINISH:
            bound.over = True
        origin = Origin.FAULT if take.ours else Origin.CASSETTE
        return Answer(reply, origin, take.fault, delay, take.past)
