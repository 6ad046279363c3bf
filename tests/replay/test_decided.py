"""Marks of decisions and the calls that they are about: what was recorded under faults, played again.

A recording is made by a session under a plan and played by another without one: the same calls get the same
decisions, and are kept and judged the same.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from tests.faults.scenes import text
from tests.told import Kept, Told

from holter.faults.planfile import parse
from holter.lease.verdict import verdict
from holter.recorder import Recorder, Recording
from holter.replay.decided import Decided
from holter.replayer import Replay, Replayer
from holter.session import Session
from holter.wire.codec import answer
from holter.wire.decision import Break, Decision, Forward
from holter.wire.message import Broken, Call, Json, Mark, Moment

from .tapes import ALIVE, BEAT, END, POLL, beat, takes

RULES = (
    "when: {op: ReportTaskProgress, nth_of_task: 2}, then: {error: InternalServiceError}",
    "when: {op: ReportTaskProgress, nth_of_task: 3}, then: [{delay: 1.5}, {close: true, stage: after}]",
    "when: {op: ReportTaskProgress, nth_of_task: 4}, then: {patch: {canceled: true}}",
    "when: {op: ReportTaskProgress, nth_of_task: 5}, then: {delay: 0.25}",
    "when: {op: ReportTaskProgress, nth_of_task: 6}, then: {reset: true}",
    "when: {op: ReportTaskProgress, probability: 0.4}, then: {hold: 30}",
    "when: {op: SetTaskStatus}, then: {swallow_status: true}",
    "when: {op: PollForTask, every: 3}, then: {starve: true}",
    "when: {op: ReportTaskRunnerHeartbeat}, then: {cut: true}",
)
TASKS, BEATS = 8, 40


class World:
    """Tasks of a runner that goes through its calls whatever it is told, on a clock of its own."""

    def __init__(self, session: Session) -> None:
        self.session, self.now, self.key = session, 100.0, 0
        self.handles: list[str] = []

    def run(self) -> None:
        for number in range(TASKS + TASKS // 2):
            said = self.call(POLL, {"workerGroup": "wg", "hostname": "h1"}, _handout(number))
            if said and "taskObject" in said:
                self.handles.append(said["taskObject"]["taskId"])
        for _ in range(BEATS):
            for handle in self.handles:
                self.call(BEAT, {"taskId": handle}, {"canceled": False})
        for handle in self.handles:
            self.call(END, {"taskId": handle, "taskStatus": "FINISHED"}, {})
        self.call(ALIVE, {"taskrunnerId": "r"}, {"terminate": False})

    def call(self, op: str, body: Any, said: Json) -> Any:
        self.now, self.key = self.now + 1.0, self.key + 1
        asked = Moment(1_800_000_000.0 + self.now, self.now)
        return self.carried_out(self.session.on_call(self.key, Call(op, body, asked)), said)

    def carried_out(self, decision: Decision, said: Json) -> Any:
        """Carry a decision out as an adapter does; a client that is held gives up."""
        self.now += min(decision.delay, 5.0)
        if isinstance(decision, Break):
            held = decision.delay > 5.0
            self.session.on_broken(self.key, Broken.CLIENT if held else Broken.US, self.now)
            return None
        reply = answer(said) if isinstance(decision, Forward) else decision.reply
        then = self.session.on_reply(self.key, reply, self.now, self.now)
        if isinstance(then, Break):
            self.session.on_broken(self.key, Broken.US, self.now)
            return None
        return then.reply.body


def _handout(number: int) -> Json:
    return {"taskObject": {"taskId": f"real-{number}", "attemptId": f"@{number}", "objects": {}}}


def recorded(path: Path, *rules: str) -> Kept:
    """Record a run under a plan; return what was told to the tape."""
    recorder = Recorder(Recording(str(path), plans=parse(text(*rules), "p")), Told())
    kept = spied(recorder.session)
    World(recorder.session).run()
    recorder.close()
    return kept


def played(path: Path) -> Kept:
    replayer = Replayer(Replay((str(path),), allow_faults=True), Told())
    kept = spied(replayer.session)
    World(replayer.session).run()
    assert replayer.player.missed == 0
    replayer.close()
    return kept


def spied(session: Session) -> Kept:
    """What goes to a session's tape, besides where it goes."""
    kept, tape = Kept(), session.tape

    class Both(Kept):
        def interaction(self, interaction: Any) -> bool:
            return kept.interaction(interaction) and tape.interaction(interaction)

        def mark(self, mark: Mark) -> bool:
            return kept.mark(mark) and tape.mark(mark)

    session.tape = Both()
    return kept


def decisions(kept: Kept) -> dict[Json, list[dict[str, Json]]]:
    found: dict[Json, list[dict[str, Json]]] = defaultdict(list)
    for mark in kept.entries:
        if isinstance(mark, Mark) and mark.more.get("did") == "decided":
            found[mark.more.get("task")].append({**mark.more})
    return found


def test_a_replay_repeats_every_decision_in_its_order_and_what_came_of_it(tmp_path: Path) -> None:
    then = recorded(tmp_path / "run.yaml", *RULES)
    now = played(tmp_path / "run.yaml")

    assert decisions(now) == decisions(then)
    assert len(decisions(then)) == TASKS + 1, "every task met some, and so did polls"
    assert sum(map(len, decisions(then).values())) > 100
    assert [(one.op, one.task, one.status, one.error, one.fault, one.upstream) for one in now.calls] == [
        (one.op, one.task, one.status, one.error, one.fault, one.upstream) for one in then.calls
    ]
    assert [(one.broken, verdict(one)) for one in now.calls] == [
        (one.broken, verdict(one)) for one in then.calls
    ]


def test_a_cassette_without_faults_is_played_as_before(tmp_path: Path) -> None:
    recorded(tmp_path / "run.yaml", "when: {op: ReportTaskProgress, nth: 900}, then: {close: true}")

    assert decisions(played(tmp_path / "run.yaml")) == {}


def mark(mono: float, **more: Json) -> Mark:
    return Mark("fault", None, mono, {"did": "decided", "rule": "r", "op": BEAT, "task": "task-1", **more})


@pytest.mark.parametrize(
    ("marks", "count"),
    [
        ([mark(1.0)], 1),
        ([mark(1.0), mark(1.5, stage="after")], 2),
        ([mark(1.5)], 0),  # that of another call, which goes on
        ([mark(3.0, stage="after")], 0),
        ([mark(1.0, rule="other"), mark(1.0, op=END), mark(1.0, task="task-2")], 0),
        ([mark(1.0, did="armed")], 0),
        ([mark(1.0), Mark("started")], 0),
    ],
)
def test_a_mark_belongs_to_the_call_of_its_rule_and_its_time(marks: list[Mark], count: int) -> None:
    decided = Decided()
    for one in marks:
        decided.mark(one)
    (take,) = takes(beat(asked=1.0, took=1.0, fault="r"))

    told = decided.told(take).past
    assert told is not None
    assert len(told.marks) == count


def refused(rule: Json = "r") -> Mark:
    return Mark("fault", None, 1.2, {"did": "refused", "rule": rule})


@pytest.mark.parametrize(
    ("entries", "counts"),
    [
        ([mark(1.0), "first", refused(), refused(), mark(2.0), "second", refused()], [2, 1]),
        ([mark(1.0), refused(), "first", mark(2.0), "second"], [1, 0]),  # it was kept waiting itself
        (["first", refused("other"), "second", refused(None), refused([])], [0, 0]),
        (["first", mark(2.0), refused(), Mark("started"), "second"], [0, 0]),
    ],
)
def test_a_connection_was_turned_away_after_the_latest_call_of_its_rule(
    entries: list[Mark | str], counts: list[int]
) -> None:
    decided, found = Decided(), takes(beat(asked=1.0, fault="r"), beat(asked=2.0, fault="r"))
    calls = dict(zip(("first", "second"), found, strict=True))
    for entry in entries:
        if isinstance(entry, Mark):
            decided.mark(entry)
        else:
            decided.told(calls[entry])

    assert [take.refuses for take in found] == counts


def test_a_call_that_was_answered_is_not_broken_and_one_without_a_rule_is_left_alone() -> None:
    (take, plain) = takes(beat(asked=1.0, fault="r"), beat(asked=2.0))

    assert (Decided().told(take).broken, Decided().told(plain).past) == (None, None)
