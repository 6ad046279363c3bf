"""Made-up runners, good and bad, and what else happens to a world: work, cancels, deletions, restarts."""

from __future__ import annotations

import itertools
import re
from collections.abc import Generator
from dataclasses import dataclass

from holter.sandbox.decision import Job
from holter.wire.message import Json, Try
from holter.wire.operations import GONE

from .middle import Answer
from .truth import BEAT, FINISH, GROUP, MINUTES, POLL, Call, Process, World

_SERIAL = itertools.count(1)


@dataclass(slots=True)
class Runner:
    """Polls, works and reports, more or less as it should."""

    world: World
    name: str

    def live(self) -> Process:
        chance = self.world.chance
        for _ in range(chance.randint(1, 4)):
            answer = yield from self._call(POLL, None, chance.choice([20.0, 60.0, 100.0]))
            if (handed := _task(answer)) is None:
                yield chance.uniform(0, 5)
            elif chance.random() < self.world.weather.sloppy * 0.15:
                return  # it crashed with a task in its hands
            else:
                yield from self._work(*handed)

    def _work(self, task: str, limit: float) -> Process:
        chance, lazy = self.world.chance, self.world.chance.random() < self.world.weather.sloppy
        yield chance.choice([0.0, 1.0, 70.0, 119.5, 120.0, 120.5, 140.0]) if lazy else chance.uniform(0, 2)
        for _ in range(chance.randint(0, 4)):
            told = yield from self._tried(BEAT, task)
            if not self._goes_on(task, told):
                return
            if lazy and chance.random() < 0.3:
                near = chance.choice([-30, -2, -0.5, 0, 0.5, 2, 30])
                yield max(0.0, limit + near + chance.choice([0.0, chance.uniform(-1, 1)]))
            else:
                yield min(60.0, limit * 0.6)
        if lazy and chance.random() < 0.3:
            return  # it forgot the task
        if chance.random() < 0.2:
            self.world.spawn(self._aside(task))
        if lazy and chance.random() < 0.1:
            return self._die(task)
        yield from self._tried(FINISH, task)

    def _goes_on(self, task: str, told: Answer) -> bool:
        stop = told.error in GONE or (isinstance(told.body, dict) and told.body.get("canceled") is True)
        defies = stop and self.world.chance.random() < 0.1
        if defies:
            self.world.defied.add(task)
        return not stop or defies

    def _aside(self, task: str) -> Process:
        """A beat from another thread."""
        yield from self._tried(BEAT, task)

    def _die(self, task: str) -> None:
        """Crash with a beat on its way."""
        self.world.spawn(self._last(task))

    def _last(self, task: str) -> Process:
        yield from self._call(BEAT, task, self.world.chance.uniform(0, 0.5))

    def _tried(self, op: str, task: str) -> Generator[float | Call, Answer | None, Answer]:
        """Call as an SDK does, with up to three tries."""
        most = self.world.chance.choice([1, 3])
        again, told = f"call-{next(_SERIAL)}", Answer(0)
        for number in range(1, most + 1):
            told = yield from self._call(op, task, 60.0, Try(again, number, most))
            if told.status not in (0, 500) and told.error != "ThrottlingException":
                break
            yield self.world.chance.uniform(0, 2)
        return told

    def _call(
        self, op: str, task: str | None, timeout: float, tried: Try | None = None
    ) -> Generator[float | Call, Answer | None, Answer]:
        tried = tried or Try(f"call-{next(_SERIAL)}", 1, 1)
        answer = yield Call(op, task, self.name, tried, timeout)
        return answer or Answer(0)


def _task(answer: Answer) -> tuple[str, float] | None:
    """Return the task that an answer hands out, and the limit its runner believes in, in seconds."""
    handed = answer.body.get("taskObject") if isinstance(answer.body, dict) else None
    if not isinstance(handed, dict):
        return None
    return str(handed["taskId"]), _minutes(handed["objects"]) * 60.0


def _minutes(objects: Json) -> int:
    found = re.search(r"(\d+) minutes", str(objects))
    return int(found[1]) if found else 15


def told(seed: int) -> World:
    """Make up a history and play it to its end."""
    world = World(seed)
    chance = world.chance
    world.middle.start(0.0)
    jobs = [
        Job("df-1", f"A{number}_2026-01-02T00:00:00_Attempt=1", GROUP, None if m is None else m * 60.0)
        for number, m in enumerate(chance.choice(MINUTES) for _ in range(chance.randint(1, 3)))
    ]
    for job in jobs:
        minutes = None if job.progress is None else int(job.progress // 60)
        world.after(chance.uniform(0, 40), lambda job=job, minutes=minutes: world.add(job, minutes))  # type: ignore[misc]  # bound at once
    for number in range(chance.randint(1, 3)):
        runner = Runner(world, f"runner-{number}")
        world.after(chance.uniform(0, 30), lambda runner=runner: world.spawn(runner.live()))  # type: ignore[misc]  # bound at once
    until = chance.choice([300.0, 1000.0, 2500.0]) * chance.uniform(0.5, 1.5)
    _events(world, jobs, until)
    world.play(until)
    return world


def _events(world: World, jobs: list[Job], until: float) -> None:
    chance, job = world.chance, world.chance.choice(jobs)
    if chance.random() < 0.25:
        world.after(chance.uniform(0, until), lambda: world.cancel(job))
    if chance.random() < 0.1:
        world.after(chance.uniform(0, until), lambda: world.delete(job))
    if chance.random() < 0.15:
        at, down = chance.uniform(0, until), chance.choice([1.0, 50.0, 500.0]) * chance.uniform(0.5, 1.5)
        world.after(at, lambda: _down(world, graceful=chance.random() < 0.5))
        world.after(at + down, lambda: world.middle.start(world.now))
    for at in range(0, int(until), 100):
        world.after(at + chance.uniform(0, 100), lambda: _alive(world))


def _down(world: World, *, graceful: bool) -> None:
    if graceful:
        world.middle.stop(world.now)
    else:
        _alive(world)
        world.middle.die()


def _alive(world: World) -> None:
    if world.middle.up:
        world.middle.mark("alive", world.now)
