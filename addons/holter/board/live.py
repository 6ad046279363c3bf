"""A run as the page sees it: all of it now, and after that what has changed."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from holter.board.journal import News
from holter.board.opened import bodies
from holter.board.state import rules, state
from holter.board.watch import Watch
from holter.faultdesk import FaultDesk
from holter.keeper import Keeper
from holter.lease.finding import Finding
from holter.lease.phase import Phase
from holter.report import html, page
from holter.report.page import About, Clock
from holter.report.strip import DOTS, Strip
from holter.wire.message import Interaction, Json

MOST = 200
"""Events that are told at once; for the rest, others come first."""

_SLICE = 0.005  # seconds of work between two looks at what else is to be done


@dataclass(slots=True)
class Told:
    """What a reader has been told: up to which event, and how everything else stood."""

    after: int
    stood: dict[str, str] = field(default_factory=dict)


class Live:
    """Tells of one run."""

    def __init__(self, keeper: Keeper, watch: Watch, faults: FaultDesk) -> None:
        self._keeper, self.watch, self._faults = keeper, watch, faults
        self._audit = keeper.audit
        self._numbers: dict[str, int] = {}
        self._known = 0
        self.readers = 0
        """How many read events now."""

    async def page(self) -> dict[str, Json]:
        """Return the page's value; calls go on being answered while it is made."""
        after = self.watch.journal.last
        steps, begun = page.gradual(self._audit, self.watch.strip, self._about()), time.monotonic()
        while True:
            try:
                next(steps)
            except StopIteration as done:
                found: dict[str, Json] = done.value
                return {**found, "after": after}
            if time.monotonic() - begun > _SLICE:
                await asyncio.sleep(0)
                begun = time.monotonic()

    async def report(self) -> bytes:
        """Return the page frozen as it is now, in one file, with the calls that are still kept."""
        value, watch = await self.page(), self.watch
        findings = (*self._audit.findings, *watch.open)
        named = {seq for finding in findings for seq in finding.interactions}
        kept = [(call.seq, partial(_same, call)) for call in watch.kept]
        frozen: dict[str, Json] = {**value, "live": False, "bodies": bodies(kept, named)}
        return await asyncio.to_thread(html.render, frozen)

    def _about(self) -> About:
        keeper = self._keeper
        return About(
            title=keeper.path,
            recording=keeper.recording,
            now=None if keeper.session.closed else keeper.clock.now().wall,
            watched=self._watched(),
            open=tuple(self.watch.open),
            faults=rules(self._faults),
            state=self._state(),
            lost=keeper.lost,
        )

    def _state(self) -> dict[str, Json]:
        return state(self._keeper, self.watch, self._faults)

    def _watched(self) -> float | None:
        """Return up to when it was seen, None where that is now."""
        session, now = self._keeper.session, self._keeper.clock.now()
        if session.closed and not session.paused:
            return None
        seen = session.watched(now)
        return seen if seen < self._audit.timeline.shift + now.mono else None

    @property
    def closed(self) -> bool:
        """Whether the run has ended."""
        return self._keeper.session.closed

    @property
    def _clock(self) -> Clock:
        return Clock(self._audit, self._keeper.clock.now().wall)

    def since(self, told: Told) -> list[tuple[str, Json]] | None:
        """Return what is new to a reader, and take note of it; None where too much of it is forgotten."""
        news = self.watch.journal.since(told.after, MOST)
        if news is None or self._shed(news):
            return None
        told.after += len(news)
        self._learn()
        clock, knew = self._clock, "blind" in told.stood
        stood = [*self._stands(told)]
        blind = any(name == "blind" for name, _ in stood)
        touched = self._touched(news, blind=blind, knew=knew)
        calls = [self._call(one) for one in news if isinstance(one, int)]
        findings = [one for one in news if isinstance(one, Finding)]
        return [
            *(("call", one) for one in calls),
            *(("lease", self._lease(number, clock)) for number in sorted(touched)),
            *(("finding", page.finding(one, self._audit, clock, {})) for one in findings),
            *stood,
        ]

    @property
    def now(self) -> float:
        """This moment, as the page has it."""
        return self._clock.now

    def _shed(self, news: list[News]) -> bool:
        first = next((one for one in news if isinstance(one, int)), None)
        return first is not None and first < self.watch.strip.dropped

    def _stands(self, told: Told) -> Iterator[tuple[str, Json]]:
        """Yield what has no event of its own, where it is not as it was."""
        told_of: dict[str, Json] = {
            "blind": {"blind": page.blind(self._audit, self._clock, self._watched())},
            "faults": rules(self._faults),
            "state": self._state(),
        }
        for name, value in told_of.items():
            stands = json.dumps(value)
            if told.stood.get(name) != stands:
                told.stood[name] = stands
                yield name, value

    def _touched(self, news: list[News], *, blind: bool, knew: bool) -> set[int]:
        """Return the leases that began, ended or changed; who has just come may not know of blind time."""
        leases, numbers = self._audit.leases, self._numbers
        tasks = {self._task(one) for one in news}
        if blind:
            tasks |= {one.task for one in self._audit.open_leases if knew or one.unsure}
        found = {numbers[task] for task in tasks if task in numbers}
        before = {leases[number].redelivery_of for number in found}
        found |= {numbers[task] for task in before if task in numbers}
        if self.closed:
            found |= {number for number, one in enumerate(leases) if one.phase is Phase.UNFINISHED}
        return found

    def _task(self, one: News) -> str | None:
        if isinstance(one, Finding):
            return one.task
        return one if isinstance(one, str) else self._row(one)[1]

    def _learn(self) -> None:
        """Take note of the numbers of new leases: a task's latest is the one that calls are about."""
        leases = self._audit.leases
        for number in range(self._known, len(leases)):
            self._numbers[leases[number].task] = number
        self._known = len(leases)

    def _lease(self, number: int, clock: Clock) -> Json:
        goes_on = self._audit.leases[number].open
        return (page.moved if goes_on else page.lease)(number, self._audit, clock)

    def _row(self, number: int) -> tuple[int, str]:
        """Return the row of a call in the strip, and its task."""
        strip = self.watch.strip
        row = number - strip.dropped
        return row, strip.tasks.texts[strip.task[row]]

    def _call(self, number: int) -> Json:
        row, task = self._row(number)
        told = call(self.watch.strip, row)
        dot = told["kind"] in DOTS if isinstance(told["kind"], str) else False
        return {**told, "lease": self._numbers.get(task) if dot else None}


def _same(one: Interaction) -> Interaction:
    return one


def call(strip: Strip, row: int) -> dict[str, Json]:
    """Return a call of the strip by the names of all that it holds."""
    return {
        "seq": strip.seq[row],
        "t": strip.at[row] / 1000,
        "op": strip.ops.texts[strip.op[row]],
        "caller": strip.callers.texts[strip.caller[row]],
        "task": strip.tasks.texts[strip.task[row]] or None,
        "answer": strip.answers.texts[strip.answer[row]],
        "origin": strip.origins.texts[strip.origin[row]],
        "ms": strip.took[row] / 1000,
        "kind": chr(strip.kind[row]),
    }
