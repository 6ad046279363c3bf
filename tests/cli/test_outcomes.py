"""The reference runner comes to the same outcomes from a recording as from the sandbox, seed by seed.

All in this process: the runner's own threads, the sandbox on a virtual clock that jumps while a poll waits.
"""

from __future__ import annotations

import itertools
import random
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from tests.told import Told

from holter.faults.plans import Mode
from holter.faults.sources import gathered
from holter.lease.profile import DOCUMENTED, Profile
from holter.recorder import Recorder, Recording
from holter.replayer import Replay, Replayer
from holter.sandbox.definitionfile import parse
from holter.sandbox.runner.client import Trouble, classify
from holter.sandbox.runner.options import Options
from holter.sandbox.runner.runner import Runner
from holter.sandbox.service import Service, Waiting
from holter.wire.codec import error_code
from holter.wire.decision import Answer
from holter.wire.message import Call, Json, Reply

Said: TypeAlias = list[tuple[str, ...]]

SEEDS = 100
BEGAN = 1_800_000_000.0
"""Seconds since 1970, a moment like any other."""

PATIENT = replace(DOCUMENTED, limits=replace(DOCUMENTED.limits, poll=700.0))
"""Polls are held for longer than it takes until work is tried again: a runner is idle when all is done."""


def pipeline(chance: random.Random) -> dict[str, Json]:
    """Make up a pipeline: some work, done well or not, tried again or not, some of it after other."""
    objects: list[Json] = [{"id": "Default", "name": "Default", "scheduleType": "ondemand"}]
    for number in range(chance.randint(1, 4)):
        activity: dict[str, Json] = {
            "id": f"Work{number}",
            "name": f"Work{number}",
            "type": "ShellCommandActivity",
            "workerGroup": "wg",
            "command": f"exit {chance.choice([0, 0, 1, 3])}",
            "maximumRetries": str(chance.randint(0, 2)),
            "retryDelay": f"{chance.choice([2, 10])} minutes",
        }
        if number and chance.random() < 0.3:
            activity["dependsOn"] = {"ref": f"Work{number - 1}"}
        objects.append(activity)
    return {"objects": objects}


class Sandbox:
    """The service, on a clock that goes on by a little with each call, and jumps while a poll waits."""

    def __init__(self, chance: random.Random, profile: Profile) -> None:
        self.now = 0.0
        self._service = Service(
            profile=profile, began=BEGAN, random_bytes=chance.randbytes, log=lambda _: None
        )
        self._service.start(0.0, "made up", parse(pipeline(chance)))

    def reply(self, call: Call) -> Reply:
        self.now += 0.01
        found = self._service.call(self.now, call)
        while isinstance(found, Waiting):
            answers = dict(self._service.answered())
            if found.poll in answers:
                return answers[found.poll]
            deadline = self._service.next_deadline()
            assert deadline is not None
            self.now = max(self.now, deadline)
            self._service.tick(self.now)
        return found


class Line:
    """Stands in for the runner's client: calls go through a session, and to the sandbox if they are live."""

    def __init__(self, played: Recorder | Replayer, sandbox: Sandbox | None = None) -> None:
        self.said: Said = []
        self._played, self._sandbox = played, sandbox
        self._keys = itertools.count()
        self._lock = threading.Lock()

    def ask(self, op: str, **members: Json) -> Mapping[str, Any] | Trouble:
        with self._lock:
            reply = self._reply(op, members)
        body = reply.body if isinstance(reply.body, dict) else {}
        self._note(op, members, body, error_code(reply))
        if reply.status >= 400:
            return Trouble(classify(error_code(reply) or "", reply.status), str(body))
        return body

    def _reply(self, op: str, members: dict[str, Json]) -> Reply:
        session, clock, key = self._played.session, self._played.clock, next(self._keys)
        call = Call(op, members, clock.now(), peer="127.0.0.1:1")
        decision = session.on_call(key, call)
        if isinstance(decision, Answer):
            reply = decision.reply
        else:
            assert self._sandbox is not None, "a replay passes nothing on"
            reply = self._sandbox.reply(call)
        now = clock.now().mono
        session.on_reply(key, reply, now, now)
        return reply

    def _note(
        self, op: str, members: Mapping[str, Json], body: Mapping[str, Json], error: str | None
    ) -> None:
        """Keep what came of a call; beats in a row are one, for how many there are is the machine's doing."""
        handed = body.get("taskObject")
        attempt = str(handed["attemptId"]) if isinstance(handed, dict) else ""
        said = (op, str(members.get("taskStatus", "")), attempt, str(body.get("canceled", "")), str(error))
        if op != "ReportTaskRunnerHeartbeat" and said not in self.said[-1:]:
            self.said.append(said)

    def close(self) -> None:
        """Nothing is open."""


def outcomes(played: Recorder | Replayer, work: Path, sandbox: Sandbox | None = None) -> Said:
    """Let the reference runner run until it is idle; return what came of its calls, in order."""
    line = Line(played, sandbox)
    work.mkdir()
    options = Options("wg", "host", "runner-1", scale=0.01, exit_when_idle=True, work_dir=str(work))
    Runner(options, line).run()  # type: ignore[arg-type]  # it has all of a client that a runner uses
    played.close()
    return line.said


def recorded_from(seed: int, path: Path) -> Said:
    """Record the runner in front of the sandbox that a seed makes up; with some, every task is cancelled."""
    chance = random.Random(seed)
    cancel = chance.choice([1, None, None, None])
    recording = Recording(str(path), plans=gathered(cancel_on=cancel, mode=Mode.PROXY))
    sandbox = Sandbox(chance, DOCUMENTED if cancel else PATIENT)  # what is cancelled is handed out for ever
    return outcomes(Recorder(recording, Told()), path.with_name("one"), sandbox)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_recording_replayed_comes_to_the_same_outcomes(tmp_path: Path, seed: int) -> None:
    path, told = tmp_path / "run.yaml", Told()
    recorded = recorded_from(seed, path)
    replay = Replay((str(path),), scale=0.0, allow_faults=True)
    replayed = outcomes(Replayer(replay, told), tmp_path / "two")

    assert replayed == recorded
    assert told.troubles == []
    assert [said[0] for said in recorded].count("PollForTask") > 1


def test_the_seeds_hold_what_there_is_to_come_to(tmp_path: Path) -> None:
    said: set[str] = set()
    for seed in range(20):
        folder = tmp_path / str(seed)
        folder.mkdir()
        for op, status, attempt, canceled, _ in recorded_from(seed, folder / "run.yaml"):
            said |= {op, status, attempt.rpartition("_")[2], canceled}

    assert said >= {"FINISHED", "FAILED", "True", "False", "Attempt=1", "Attempt=2"}
