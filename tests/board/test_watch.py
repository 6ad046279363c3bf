"""What a run's watch keeps and passes on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.lease.history import History
from tests.test_recorder import REAL, call, half_a_run
from tests.told import Told

from holter.board.watch import KEPT, Watch
from holter.lease.countdown import Ebb
from holter.lease.finding import State
from holter.recorder import Recorder, Recording
from holter.wire.message import Interaction


def test_everything_is_passed_on() -> None:
    told = Told()
    watch = Watch(told)
    ebb = Ebb(0.0, "task-1", 0.8, 12.0)
    watch.called(Interaction("PollForTask", {}, seq=1), 2.0)
    watch.ebbing(ebb)
    watch.trouble("disk")

    assert [(call.seq, age) for call, age in told.calls] == [(1, 2.0)]
    assert (told.ebbs, told.troubles) == ([ebb], ["disk"])


def test_the_latest_calls_are_kept() -> None:
    watch = Watch(Told())
    for seq in range(1, KEPT + 11):
        watch.called(Interaction("PollForTask", {}, seq=seq), None)

    assert [call.seq for call in watch.calls(KEPT + 8)] == [KEPT + 9, KEPT + 10]
    assert len(watch.calls()) == KEPT


def test_a_finding_is_open_until_it_is_closed() -> None:
    (closed, *_) = History().handed(0).beat(1, 1000).findings()
    told = Told()
    watch = Watch(told)
    opened = replace(closed, state=State.OPEN)
    watch.found(opened)
    assert [*watch.open] == [opened]
    watch.found(closed)

    assert ([*watch.open], told.findings) == ([], [opened, closed])


def test_a_finding_that_is_withdrawn_is_open_no_more_and_passed_on() -> None:
    (closed, *_) = History().handed(0).beat(1, 1000).findings()
    told = Told()
    watch = Watch(told)
    both = [replace(closed, state=state) for state in (State.OPEN, State.WITHDRAWN)]
    for finding in both:
        watch.found(finding)

    assert ([*watch.open], told.findings, watch.journal.since(0, 9)) == ([], both, both)


def test_a_run_that_goes_on_with_a_recording_has_its_calls_on_the_same_axis(tmp_path: Path) -> None:
    path, watch = str(tmp_path / "run.yaml"), Watch(Told())
    half_a_run(path)
    recorder = Recorder(Recording(path, append=True), watch)
    watch.follow(recorder.audit.timeline, recorder.before())
    call(recorder, "ReportTaskProgress", {"taskId": REAL})

    assert [*watch.strip.seq] == [1, 2, 3]
    assert bytes(watch.strip.kind) == b"hao"
    assert sorted(watch.strip.at) == [*watch.strip.at]
    assert watch.strip.at[2] / 1000 >= recorder.audit.timeline.shift
    (row,) = watch.journal.since(0, 10) or []
    assert row == 2
    recorder.close()
