"""Recorded calls in memory, a player on them, and calls to ask it: all times by hand."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

from holter.replay.binding import Bound
from holter.replay.matching import Matching
from holter.replay.miss import Miss
from holter.replay.modes import Mode
from holter.replay.pacing import Pacing
from holter.replay.playback import Playback
from holter.replay.shelf import Shelf
from holter.replay.take import Take, Tape, take_of
from holter.wire.decision import Answer, Decision
from holter.wire.message import Call, Interaction, Json, Moment, Try

POLL, BEAT, END, ALIVE = "PollForTask", "ReportTaskProgress", "SetTaskStatus", "ReportTaskRunnerHeartbeat"
TAPE = Tape(0, "run.yaml", "5f0c9c1e")


def recorded(op: str, request: Any, response: Any = None, **more: Any) -> Interaction:
    """A call as a recording holds it; `asked` and `took` in seconds."""
    asked, took = more.pop("asked", None), more.pop("took", 0.0)
    mono = (None, None, None) if asked is None else (asked, asked + took, asked + took)
    status = None if more.get("broken") else 200
    return Interaction(op, request, response, mono=mono, **{"status": status, **more})


def handout(alias: str = "task-1", group: str = "wg", **more: Any) -> Interaction:
    task: Json = {"taskId": alias, "attemptId": f"@Copy_{alias}", "objects": {}}
    return recorded(POLL, {"workerGroup": group}, {"taskObject": task}, task=alias, **more)


def empty(group: str = "wg", **more: Any) -> Interaction:
    return recorded(POLL, {"workerGroup": group}, {}, **more)


def beat(alias: str = "task-1", *, canceled: bool = False, **more: Any) -> Interaction:
    return recorded(BEAT, {"taskId": alias}, {"canceled": canceled}, task=alias, **more)


def end(alias: str = "task-1", status: str = "FINISHED", **more: Any) -> Interaction:
    return recorded(END, {"taskId": alias, "taskStatus": status}, {}, task=alias, **more)


def takes(*calls: Interaction, tape: Tape = TAPE) -> list[Take]:
    """Calls on a tape, ten lines apart."""
    return [take_of(call, tape, 10 * number) for number, call in enumerate(calls, 1)]


@dataclass
class Deck:
    """A player, and what it told."""

    tape: list[Take]
    pacing: Pacing = field(default_factory=Pacing)
    mode: Mode = Mode.NONE
    match_on: Any = None

    def __post_init__(self) -> None:
        self.bound: list[Bound] = []
        self.misses: list[Miss] = []
        self.player = Playback(
            Shelf(self.tape, Matching(self.match_on)),
            files=["run.yaml"],
            mode=self.mode,
            pacing=self.pacing,
            on_bound=self.bound.append,
            on_miss=self.misses.append,
        )
        self.clock = itertools.count()

    def decide(self, op: str, body: Json, *, at: float = 0.0, tried: Try | None = None) -> Decision:
        call = Call(op, body, Moment(at, at), tried=tried)
        return self.player.decide(call, Interaction(op, body))

    def ask(self, op: str, body: Json, *, at: float = 0.0, tried: Try | None = None) -> Json:
        """The body of the answer; a refusal's code."""
        decision = self.decide(op, body, at=at, tried=tried)
        assert isinstance(decision, Answer), decision
        found = decision.reply.body
        assert isinstance(found, dict)
        return found if decision.reply.status < 400 else found["__type"]

    def poll(self, group: str = "wg", *, at: float = 0.0) -> str | None:
        """The live id of the task that is handed out, None for an empty answer."""
        found = self.ask(POLL, {"workerGroup": group, "hostname": "live"}, at=at)
        assert isinstance(found, dict), found
        task = found.get("taskObject")
        assert task is None or isinstance(task, dict)
        return str(task["taskId"]) if task else None

    def beat(self, live: str | None, *, at: float = 0.0, tried: Try | None = None) -> Json:
        """What a beat is told: canceled or not, or the code of a refusal."""
        found = self.ask(BEAT, {"taskId": live, "fields": []}, at=at, tried=tried)
        return found["canceled"] if isinstance(found, dict) else found
