from __future__ import annotations

import subprocess
import sys
import time
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from holter.sandbox.runner.beat import CRASHED, Beat
from holter.sandbox.runner.conduct import Roster
from holter.sandbox.runner.handout import Task
from holter.sandbox.runner.job import Job, Why
from holter.sandbox.runner.misbehaviour import parse
from holter.wire.codec import error_reply
from holter.wire.message import Reply

if TYPE_CHECKING:
    from tests.sandbox.runner.conftest import Script

TASK = Task("task", "@A_2026-01-02T00:00:00_Attempt=1", "df-1", "A", "ShellCommandActivity")
CANCELED = Reply(200, {"canceled": True})
LOST = error_reply("TaskNotFoundException", "gone")


def job_that(*faults: str) -> Job:
    return Job(TASK, Roster(map(parse, faults)).deal(TASK.component))


@pytest.mark.parametrize(
    ("answers", "faults", "why"),
    [
        ([CANCELED], (), Why.CANCELED),
        ([Reply(200, {"canceled": "true"})], (), Why.CANCELED),
        ([Reply(200, {}), LOST], (), Why.LOST),
        ([error_reply("PipelineDeletedException", "gone")], (), Why.LOST),
        ([error_reply("PipelineNotFoundException", "gone")], (), Why.LOST),
    ],
)
def test_a_beats_answer_ends_the_job(
    script: Script, answers: list[Reply], faults: tuple[str, ...], why: Why
) -> None:
    script.answers["ReportTaskProgress"] = list(answers)
    job, service = job_that(*faults), script.connect()
    beat = Beat(job, service, 0.01)
    beat.start()
    assert job.ended.wait(20)
    beat.finish()
    service.close()
    assert job.why is why
    assert len(script.bodies("ReportTaskProgress")) == len(answers)


@pytest.mark.parametrize(
    ("answer", "faults"),
    [
        (CANCELED, ("ignore-cancel",)),
        (LOST, ("ignore-lost",)),
        (error_reply("InternalServiceError", "later"), ()),
        (error_reply("ThrottlingException", "later"), ()),
        (error_reply("InvalidRequestException", "what?"), ()),
        (Reply(200, {"canceled": None}), ()),
    ],
)
def test_the_beats_go_on(script: Script, answer: Reply, faults: tuple[str, ...]) -> None:
    script.answers["ReportTaskProgress"] = [answer, answer]
    job, service = job_that(*faults), script.connect()
    beat = Beat(job, service, 0.01)
    beat.start()
    script.until(lambda: len(script.bodies("ReportTaskProgress")) >= 4)
    beat.finish()
    service.close()
    assert job.why is None


def test_a_beat_reports_how_the_work_goes(script: Script) -> None:
    job, service = job_that(), script.connect()
    work = job.start(("/bin/sh", "-c", "echo progress: 40"), None)
    assert work is not None
    assert work.wait() == 0
    beat = Beat(job, service, 0.01)
    beat.start()
    script.until(lambda: bool(script.bodies("ReportTaskProgress")))
    beat.finish()
    service.close()
    body = script.bodies("ReportTaskProgress")[0]
    fields = {field["key"]: field["stringValue"] for field in body["fields"]}
    assert body["taskId"] == "task"
    assert fields["percentComplete"] == "40"
    assert float(fields["elapsedSeconds"]) >= 0


def test_no_beat_follows_the_end(script: Script) -> None:
    service = script.connect()
    beat = Beat(job_that(), service, 0.01)
    beat.start()
    script.until(lambda: bool(script.bodies("ReportTaskProgress")))
    beat.finish()
    count = len(script.bodies("ReportTaskProgress"))
    assert not beat.is_alive()
    service.close()
    assert len(script.bodies("ReportTaskProgress")) == count


@pytest.mark.parametrize(("fault", "silent"), [("stall:after=2,for=0.5", 2), ("late-ack:by=0.5", 0)])
def test_a_stall_is_silence_between_beats_and_a_late_ack_before_them(
    script: Script, fault: str, silent: int
) -> None:
    service, started = script.connect(), time.monotonic()
    beat = Beat(job_that(fault), service, 0.01)
    beat.start()
    script.until(lambda: len(script.times("ReportTaskProgress")) >= 4)
    beat.finish()
    service.close()
    times = [started, *script.times("ReportTaskProgress")]
    gaps = [later - sooner for sooner, later in pairwise(times)]
    assert gaps[silent] >= 0.5


@pytest.mark.parametrize("after", [0, 2])
def test_a_crash_ends_the_process_after_the_nth_beat(
    script: Script, environment: dict[str, str], after: int
) -> None:
    code = f"""
import time
from holter.sandbox.runner.beat import Beat
from holter.sandbox.runner.client import connect
from holter.sandbox.runner.conduct import Roster
from holter.sandbox.runner.handout import Task
from holter.sandbox.runner.job import Job
from holter.sandbox.runner.misbehaviour import parse
from holter.sandbox.runner.options import Options

job = Job(Task("t", "a", "p", "A", "k"), Roster([parse("crash:after={after}")]).deal("A"))
Beat(job, connect(Options("g", "h", "r", endpoint={script.url!r})), 0.01).start()
time.sleep(30)
"""
    found = subprocess.run(
        [sys.executable, "-c", code], env=environment, check=False, capture_output=True, text=True, timeout=60
    )
    assert (found.returncode, len(script.bodies("ReportTaskProgress"))) == (CRASHED, after), found.stderr
    assert "crash" in found.stderr
