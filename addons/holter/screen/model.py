"""What the board shows of a run at a moment, as plain values: it reads no clock and knows no terminal."""

from __future__ import annotations

import enum
import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from holter.faults.roster import Row as Fault
from holter.keeper import Keeper
from holter.lease.countdown import SHARES
from holter.lease.finding import Finding
from holter.lease.handout import is_handout
from holter.lease.machine import Lease
from holter.lease.rules import Severity
from holter.report.words import answered
from holter.screen.news import News
from holter.wire.message import Interaction, Moment

_Used: TypeAlias = tuple[float, int]
"""The share of a lease that is used up, and its number."""


_UNKNOWN = 0.999
"""The share that is used up at the most of a lease of which nobody knows any more."""


class Level(enum.IntEnum):
    """How much of a lease is used up, by the shares at which a countdown tells of it."""

    CALM = 0
    HALF = 1
    RISK = 2
    OVER = 3


@dataclass(frozen=True, slots=True)
class LeaseRow:
    """An open lease; `age`, `beat` and `left` are seconds.

    `age` is None where its hand-out was not seen, `beat` before the first beat; `left` is below 0 once the
    deadline has passed. `share` of the lease is used up. Where it is `unsure` when it was renewed last,
    because nobody looked, there is no more of it left than that.
    """

    task: str
    activity: str
    runner: str
    age: float | None
    beat: float | None
    left: float
    share: float
    answer: str
    unsure: bool = False

    @property
    def level(self) -> Level:
        """How much of it is used up."""
        return level(self.share)

    @property
    def unknown(self) -> bool:
        """Whether it may have run out, been renewed or ended since somebody looked."""
        return self.unsure and self.left <= 0


@dataclass(frozen=True, slots=True)
class Leases:
    """The worst of those that are late and of those that are not, and how many there are of all.

    Of those `open`, so many are `late`. `calmest` is the smallest share used up among all. Where they are
    not `seen` now, all of this is as it was when they last were. One that may have been renewed or ended
    while nobody looked is never late.
    """

    late_rows: tuple[LeaseRow, ...] = ()
    held_rows: tuple[LeaseRow, ...] = ()
    open: int = 0
    late: int = 0
    calmest: float = 0.0
    seen: bool = True

    def fitting(self, room: int) -> tuple[LeaseRow, ...]:
        """Return as many as there is room for, the worst first.

        Those that are late come first, the latest to be so at the top; they leave half of the room to those
        that can still be saved, if these need it.
        """
        late = self.late_rows[: max(room // 2, room - (self.open - self.late))]
        return (*late, *self.held_rows[: room - len(late)])


@dataclass(frozen=True, slots=True)
class Board:
    """A run at a moment: `wall` in seconds since 1970 UTC, `running` in seconds since its start."""

    wall: float
    running: float
    profile: str
    scale: float
    paused: bool
    in_flight: int
    operations: tuple[tuple[str, int], ...]
    leases: Leases
    faults: tuple[Fault, ...]
    counts: Mapping[Severity, int]
    excused: int
    findings: tuple[Finding, ...]
    lost: int

    @property
    def calls(self) -> int:
        """How many calls have ended."""
        return sum(count for _, count in self.operations)

    @property
    def decided(self) -> int:
        """How many calls a fault has met."""
        return sum(fault.met for fault in self.faults)


def level(share: float) -> Level:
    """Return how bad it is that a share of a lease is used up."""
    return Level.OVER if share >= 1 else Level(sum(share >= mark for mark in SHARES))


def board(keeper: Keeper, news: News, now: Moment, *, leases: int, findings: int) -> Board:
    """Return what there is to show, with room for so many leases and findings."""
    audit, session = keeper.audit, keeper.session
    counts, excused = news.totals()
    return Board(
        wall=now.wall,
        running=now.mono,
        profile=audit.profile.name,
        scale=audit.profile.scale,
        paused=session.paused,
        in_flight=session.in_flight,
        operations=tuple(sorted(news.operations.items())),
        leases=_leases(audit.open_leases, news, session.watched(now), leases, seen=not session.paused),
        faults=tuple(session.plan.roster.rows(now.mono)) if session.plan else (),
        counts=counts,
        excused=excused,
        findings=tuple(news.latest(findings)),
        lost=keeper.lost,
    )


def _leases(held: Sequence[Lease], news: News, at: float, room: int, *, seen: bool) -> Leases:
    shares = [(_share(lease, at), number) for number, lease in enumerate(held)]
    news.keep([lease.task for lease in held])
    late, others = worst(shares, room)
    return Leases(
        late_rows=tuple(_row(held[number], news, at) for _, number in late),
        held_rows=tuple(_row(held[number], news, at) for _, number in others),
        open=len(held),
        late=sum(share >= 1 for share, _ in shares),
        calmest=min(shares, default=(0.0, 0))[0],
        seen=seen,
    )


def worst(shares: Sequence[_Used], room: int) -> tuple[list[_Used], list[_Used]]:
    """Return the worst of the leases that are late and of the others, so many of each."""
    late = heapq.nsmallest(room, (one for one in shares if one[0] >= 1))
    held = heapq.nsmallest(room, (one for one in shares if one[0] < 1), key=lambda one: (-one[0], one[1]))
    return late, held


def _share(lease: Lease, at: float) -> float:
    share = lease.spent(at)[1] / lease.term
    return min(share, _UNKNOWN) if lease.unsure else share


def _row(lease: Lease, news: News, at: float) -> LeaseRow:
    _, used = lease.spent(at)
    last = news.answer(lease.task)
    return LeaseRow(
        task=lease.task,
        activity=lease.handout.activity or "-",
        runner=lease.caller or "-",
        age=None if lease.since is None else at - lease.since,
        beat=lease.age(at) if lease.acknowledged else None,
        left=lease.term - used,
        share=_share(lease, at),
        answer=_answer(last) if last else "",
        unsure=lease.unsure,
    )


def _answer(last: Interaction) -> str:
    """Return what a task's last call was answered, in the fewest words."""
    if is_handout(last):
        return ""
    said = answered(last)
    return "ok" if said == "canceled: false" else said
