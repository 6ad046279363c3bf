from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from tests.replay.tapes import BEAT, POLL, beat, end, handout
from tests.test_replayer import HEADER, tape

from holter.cassette.format import Header
from holter.replay.modes import Mode
from holter.replayer import Replay, Replayer
from holter.testing.notebook import Notebook
from holter.testing.witness import Witness, unplayed
from holter.wire.decision import Answer
from holter.wire.message import Call, Json

T = TypeVar("T")
PLAIN = Header("x")
WHOLE = [handout(), beat(), beat(canceled=True), end("task-1", "FAILED")]


class Straight:
    """A way on which nobody else goes; it counts how often the session was touched."""

    count = 0

    def call(self, function: Callable[[], T]) -> T:
        self.count += 1
        return function()


class Stage:
    """A replay without any wire, and its witness."""

    def __init__(self, path: str, **more: Any) -> None:
        notebook = Notebook()
        self.replayer = Replayer(Replay((path,), **{"scale": 0.0, **more}), notebook)
        self.way = Straight()
        self.witness = Witness(self.replayer, notebook, self.way)

    def ask(self, op: str, body: Json) -> Any:
        now = self.replayer.clock.now()
        decision = self.replayer.session.on_call("key", Call(op, body, now, peer="a:1"))
        assert isinstance(decision, Answer)
        self.replayer.session.on_reply("key", decision.reply, now.mono, now.mono)
        return decision.reply.body

    def poll(self) -> str:
        return str(self.ask(POLL, {"workerGroup": "wg"})["taskObject"]["taskId"])


def test_a_witness_knows_what_was_called_and_what_was_not(tmp_path: Path) -> None:
    stage = Stage(tape(tmp_path / "a.yaml", *WHOLE, header=PLAIN))
    live = stage.poll()
    stage.ask(BEAT, {"taskId": live})
    stage.ask("ListPipelines", {})
    witness = stage.witness

    assert [(call.op, call.task) for call in witness.calls] == [
        (POLL, "task-1"),
        (BEAT, "task-1"),
        ("ListPipelines", None),
    ]
    assert [take.op for take in witness.unplayed] == [BEAT, "SetTaskStatus"]
    assert [miss.op for miss in witness.misses] == ["ListPipelines"]
    assert [lease.task for lease in witness.leases] == ["task-1"]
    assert witness.misses[0].text in witness.log
    assert stage.way.count >= 5


def test_claims_that_hold_are_silent_and_others_are_told(tmp_path: Path) -> None:
    stage = Stage(tape(tmp_path / "a.yaml", *WHOLE, header=PLAIN))
    live = stage.poll()
    for _ in range(2):
        stage.ask(BEAT, {"taskId": live})
    witness = stage.witness
    witness.assert_called(BEAT, times=2, task="task-1")
    witness.assert_order([POLL, BEAT, BEAT])
    witness.assert_acked_within(60)
    witness.assert_stopped_after_cancel(beats=0)
    witness.assert_no_findings("note")
    with pytest.raises(AssertionError, match=f"^{BEAT} was called 2 times, not 3 times$"):
        witness.assert_called(BEAT, times=3)
    with pytest.raises(AssertionError, match=r"^PollForTask .number 2 of the order. does not come"):
        witness.assert_order([BEAT, POLL])
    with pytest.raises(AssertionError, match=r"^task-2 was not handed out$"):
        witness.assert_acked_within(60, "task-2")
    with pytest.raises(AssertionError, match=r"^no beat for task-2 was answered canceled: true$"):
        witness.assert_stopped_after_cancel(task="task-2")


def test_time_passes_without_waiting_and_is_judged(tmp_path: Path) -> None:
    stage = Stage(tape(tmp_path / "a.yaml", *WHOLE, header=PLAIN))
    live = stage.poll()
    stage.witness.pass_time(119)
    stage.ask(BEAT, {"taskId": live})
    stage.witness.assert_no_findings()
    stage.witness.assert_acked_within(120)
    with pytest.raises(AssertionError, match=r"task-1 was acknowledged after 119\.\d+ s, over 60 s"):
        stage.witness.assert_acked_within(60)

    stage.witness.pass_time(901)
    assert "gap-over-limit" in {finding.rule for finding in stage.witness.findings}
    with pytest.raises(
        AssertionError, match=r"finding.*\n.*error gap-over-limit: task-1 had no beat for 901"
    ):
        stage.witness.assert_no_findings()


@pytest.mark.parametrize(("scale", "effective"), [(0.0, 0.1), (0.001, 0.0001)])
def test_seconds_are_the_productions_at_every_scale(tmp_path: Path, scale: float, effective: float) -> None:
    stage = Stage(tape(tmp_path / "a.yaml", *WHOLE, header=HEADER), scale=scale)
    live = stage.poll()
    stage.witness.pass_time(200_000)
    stage.ask(BEAT, {"taskId": live})
    assert stage.witness.scale == pytest.approx(effective)
    assert stage.witness.leases[0].beats.ack == pytest.approx(200_000 * effective, rel=0.5)
    with pytest.raises(AssertionError, match=r"over 120 s .scaled by 0"):
        stage.witness.assert_acked_within(120)


def test_where_nothing_is_played_nothing_is_left_over(tmp_path: Path) -> None:
    stage = Stage(tape(tmp_path / "a.yaml", *WHOLE, header=PLAIN), mode=Mode.PASSTHROUGH)
    assert stage.witness.unplayed == []
    assert stage.witness.path == str(tmp_path / "a.yaml")


def test_only_some_of_what_was_not_played_is_named(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", handout(), *(beat() for _ in range(7)), header=PLAIN)
    lines = unplayed(Stage(path).witness.unplayed)
    assert lines[0].startswith(f"{path}:")
    assert lines[0].endswith(": PollForTask was never asked for")
    assert (len(lines), lines[-1]) == (6, "and 3 more were never asked for")
    assert unplayed([]) == []
