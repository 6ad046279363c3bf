"""Made-up histories on a virtual clock: runners, a proxy in the middle, and the sandbox's keeper of leases.

What the keeper decides is the truth; what the proxy wrote down is all that an audit has. Time is in
seconds since the beginning, rounded to the microseconds in which a recording counts.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import TypeAlias

from holter.lease.profile import DOCUMENTED
from holter.sandbox.decision import Decision, Decisions, Job, Step
from holter.sandbox.keeper import Keeper
from holter.wire.message import Broken, Json, Mark, Origin, Try
from holter.wire.operations import PIPELINE_DELETED, TASK_NOT_FOUND

from .history import task_object
from .middle import Answer, Middle

NETWORK = DOCUMENTED.tolerance["network"]
"""How long a request may stay on its way to the service after its connection broke."""

BEAT, POLL, FINISH = "ReportTaskProgress", "PollForTask", "SetTaskStatus"
MINUTES = (None, None, 1, 2, 5, 10, 15, 30)
GROUP = "wg"

Process: TypeAlias = Generator["float | Call", "Answer | None", None]


@dataclass(slots=True)
class Call:
    """A call on its way. `arrives` numbers the arrival that still counts, 0 when it will never come."""

    op: str
    task: str | None
    runner: str
    tried: Try
    timeout: float
    waiter: Process | None = None
    key: int = 0
    arrives: int = 0
    arrived: bool = False
    over: bool = False
    poll: int = 0
    unheard: bool = False


@dataclass(slots=True)
class Weather:
    """How a history's network, service, proxy and runners behave: chances, and lags in seconds."""

    lag: tuple[float, float]
    gusts: float
    trouble: float
    faults: float
    grid: int
    bypass: bool
    sloppy: float


@dataclass
class World:
    """One history. `play` runs it to its end; then `decisions` and `middle` tell what happened."""

    seed: int
    middle: Middle = field(default_factory=Middle)
    decisions: list[Decision] = field(default_factory=list)
    minutes: dict[str, int | None] = field(default_factory=dict)
    defied: set[str] = field(default_factory=set)
    now: float = 0.0
    end: float = 0.0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.weather = _weather(self.chance)
        numbers = itertools.count(1)
        self.keeper = Keeper(DOCUMENTED.limits, lambda: f"task-{next(numbers)}")
        self._agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count(1)
        self._polls: dict[int, Call] = {}
        self._deleted: set[str] = set()

    def after(self, seconds: float, what: Callable[[], None]) -> None:
        at = round(self.now + seconds, self.weather.grid)
        heapq.heappush(self._agenda, (at, next(self._numbers), what))

    def spawn(self, process: Process, value: Answer | None = None) -> None:
        """Let a process go on until it sleeps or calls."""
        try:
            wait = process.send(value) if value is not None else next(process)
        except StopIteration:
            return
        if isinstance(wait, Call):
            wait.waiter = process
            self._send(wait)
        else:
            self.after(wait, lambda: self.spawn(process))

    def play(self, until: float) -> None:
        """Let time pass; what is due at the keeper comes after everything else of its moment."""
        self.end = round(until, self.weather.grid)
        while (at := self._next()) <= self.end:
            self.now = max(self.now, at)
            if self._agenda and self._agenda[0][0] <= at:
                heapq.heappop(self._agenda)[2]()
            else:
                self.take(self.keeper.tick(at))
        self.now = self.end
        if self.middle.up:
            self.middle.stop(self.now)

    @property
    def stopped(self) -> bool:
        """Whether the recording ended in good order."""
        last = self.middle.entries[-1]
        return isinstance(last, Mark) and last.what == "stopped"

    def add(self, job: Job, minutes: int | None) -> None:
        self.minutes[job.attempt] = minutes
        self.take(self.keeper.queue(self.now, job))

    def cancel(self, job: Job) -> None:
        self.take(self.keeper.cancel(self.now, job.key))

    def delete(self, job: Job) -> None:
        self._deleted.add(job.attempt)
        self.take(self.keeper.drop(self.now, job.key))

    def take(self, decisions: Decisions) -> Decision | None:
        """Keep decisions, answer polls, and return the last."""
        self.decisions += decisions
        for one in decisions:
            if one.poll is not None and (call := self._polls.pop(one.poll, None)):
                self._reply(call, Answer(body=self._handed(one)))
        return decisions[-1] if decisions else None

    def lag(self) -> float:
        if self.chance.random() < self.weather.gusts:
            return self.chance.uniform(0.5, 30)
        return self.chance.uniform(*self.weather.lag)

    def _next(self) -> float:
        due = self.keeper.next_deadline()
        coming = self._agenda[0][0] if self._agenda else float("inf")
        return coming if due is None else min(due, coming)

    def _handed(self, decision: Decision) -> Json:
        if decision.step is not Step.HANDED or decision.job is None or decision.task is None:
            return {}
        minutes = self.minutes[decision.job.attempt]
        limit = [] if minutes is None else [("reportProgressTimeout", f"{minutes} minutes")]
        return task_object(decision.task, decision.job.attempt, *limit)

    # the way there

    def _send(self, call: Call) -> None:
        self.after(self.lag() / 4, lambda: self._pass_by(call))
        self.after(call.timeout, lambda: self._give_up(call))

    def _pass_by(self, call: Call) -> None:
        if call.over:
            return None
        if self.middle.up:
            call.key = self.middle.asked(self.now, call.op, call.task, call.runner, call.tried)
        elif not self.weather.bypass:
            return self._hear(call, None)
        roll = self.chance.random()
        if call.key and roll < self.weather.faults and call.op == BEAT:
            status = self.chance.choice([200, 500])
            return self._back(call, Answer(status, {"canceled": False}, origin=Origin.FAULT))
        fate = self.chance.choice(_FATES) if self.chance.random() < self.weather.trouble else _fine
        return fate(self, call)

    def _arriving(self, call: Call, answer: Callable[[Call], None], seconds: float | None = None) -> None:
        number = call.arrives = next(self._numbers)
        seconds = self.lag() if seconds is None else seconds
        self.after(seconds, lambda: answer(call) if call.arrives == number else None)

    def serve(self, call: Call) -> None:
        """Take a call at the service."""
        call.arrived = True
        if call.op == POLL:
            call.poll = next(self._numbers)
            self._polls[call.poll] = call
            self.take(self.keeper.poll(self.now, call.poll, GROUP, call.runner))
            return
        task = call.task or ""
        if call.op == BEAT:
            decision = self.take(self.keeper.beat(self.now, task))
        else:
            decision = self.take(self.keeper.finish(self.now, task, "FINISHED"))
        self._reply(call, self._answer(decision))

    def _answer(self, decision: Decision | None) -> Answer:
        if decision is None or decision.step is Step.REFUSED:
            gone = decision and decision.job and decision.job.attempt in self._deleted
            return Answer(400, error=PIPELINE_DELETED if gone else TASK_NOT_FOUND)
        return Answer(body={"canceled": decision.step is Step.CANCELED})

    # the way back

    def _reply(self, call: Call, answer: Answer) -> None:
        if not call.unheard:
            self.after(self.lag(), lambda: self._back(call, answer))

    def _back(self, call: Call, answer: Answer) -> None:
        first = self.now
        self.after(self.lag() / 4, lambda: self._told(call, answer, first))

    def _told(self, call: Call, answer: Answer, first: float) -> None:
        if self.middle.open(call.key):
            left = call.over and self.chance.random() < 0.5
            broken = Broken.CLIENT if left else None
            self.middle.answered(self.now, call.key, answer, max(first, self.middle.began), broken=broken)
        elif call.key:
            return
        self.after(self.lag() / 4, lambda: self._hear(call, answer))

    def _hear(self, call: Call, answer: Answer | None) -> None:
        if call.over:
            return
        call.over = True
        if call.waiter is not None:
            waiter, call.waiter = call.waiter, None
            self.spawn(waiter, answer or _NOBODY)

    # what breaks

    def cut(self, call: Call) -> None:
        """Break the connection to the service."""
        self._close(call, Broken.UPSTREAM)
        self.after(self.lag() / 4, lambda: self._hear(call, None))

    def _give_up(self, call: Call) -> None:
        if not call.over:
            self._hear(call, None)
            self.after(self.lag() / 4, lambda: self._close(call, Broken.CLIENT))

    def _close(self, call: Call, who: Broken) -> None:
        """A broken connection: what is still on its way there arrives soon or never."""
        if self.middle.open(call.key):
            self.middle.broke(self.now, call.key, who)
        elif call.key:
            return
        if call.arrives and not call.arrived:
            call.arrives = 0
            if self.chance.random() < 0.5:
                call.unheard = True
                self._arriving(call, self.serve, self.chance.uniform(0, NETWORK * 0.99))
        if call.poll:
            self.after(self.chance.uniform(0, NETWORK), lambda: self._leave(call))

    def _leave(self, call: Call) -> None:
        if self._polls.pop(call.poll, None):
            self.take(self.keeper.leave(self.now, call.poll))


_NOBODY = Answer(0)
"""What a runner hears when it hears nothing."""


def _fine(world: World, call: Call) -> None:
    world._arriving(call, world.serve)


def _slow(world: World, call: Call) -> None:
    world._arriving(call, world.serve, world.chance.uniform(0, 70))


def _lost(world: World, call: Call) -> None:
    world.after(world.chance.uniform(0, 40), lambda: world.cut(call))


def _unheard(world: World, call: Call) -> None:
    call.unheard = True
    world._arriving(call, world.serve)
    world.after(world.chance.uniform(0, 40), lambda: world.cut(call))


def _throttled(world: World, call: Call) -> None:
    world._arriving(call, lambda one: world._reply(one, Answer(400, error="ThrottlingException")))


def _failed(world: World, call: Call) -> None:
    world._arriving(call, lambda one: world._reply(one, _FAILED))


def _failed_after(world: World, call: Call) -> None:
    """A server error after the call had counted; a server error never tells that a task was canceled."""

    def serve(one: Call) -> None:
        lease = world.keeper.lease(one.task or "")
        if lease and one.op == FINISH:
            world.take(world.keeper.finish(world.now, lease.task, "FINISHED"))
        elif lease and not lease.canceled:
            world.take(world.keeper.beat(world.now, lease.task))
        world._reply(one, _FAILED)

    world._arriving(call, serve)


_FAILED = Answer(500, error="InternalServiceError")
_FATES = (_slow, _lost, _unheard, _throttled, _failed, _failed_after)


def _weather(chance: random.Random) -> Weather:
    return Weather(
        lag=chance.choice([(0.0, 0.0), (0.01, 0.3), (0.01, 0.3), (0.1, 4.0)]),
        gusts=chance.choice([0.0, 0.0, 0.1]),
        trouble=chance.choice([0.0, 0.1, 0.3, 0.6]),
        faults=chance.choice([0.0, 0.0, 0.0, 0.2]),
        grid=chance.choice([6, 6, 1]),
        bypass=chance.random() < 0.5,
        sloppy=chance.choice([0.0, 0.3, 0.7]),
    )
