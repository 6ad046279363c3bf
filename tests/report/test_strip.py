"""What a strip keeps of calls, and how much space it takes."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
from tests.lease.history import ZERO, History, task_object

from holter.lease.audit import Audit
from holter.lease.edges import Timeline
from holter.lease.order import passed
from holter.lease.profile import DOCUMENTED
from holter.report.strip import KEPT, Names, Strip, answer, kind
from holter.wire.message import NOTHING, Broken, Interaction, Mark, Origin

BEAT = Interaction("ReportTaskProgress", {}, {"canceled": False}, status=200, task="task-1", mono=(1, 2, 3))
POLL = Interaction("PollForTask", {}, task_object("task-1", "A"), status=200, task="task-1", mono=(1, 2, 3))
DONE = Interaction("SetTaskStatus", {}, {}, status=200, task="task-1", mono=(1, 2, 3))
ALIVE = Interaction("ReportTaskRunnerHeartbeat", {}, {"terminate": False}, status=200, mono=(1, 2, 3))


def begun() -> Timeline:
    timeline = Timeline()
    timeline.mark(Mark("started", ZERO, 0.0))
    return timeline


def kinds(strip: Strip) -> str:
    return bytes(strip.kind).decode()


@pytest.mark.parametrize(
    ("call", "letter"),
    [
        (POLL, "h"),
        (replace(POLL, response={}, task=None), "-"),
        (BEAT, "o"),
        (replace(BEAT, response={"canceled": True}), "c"),
        (replace(BEAT, response={"canceled": True}, origin=Origin.FAULT), "c"),
        (replace(BEAT, origin=Origin.FAULT), "f"),
        (replace(BEAT, status=None, response=NOTHING, broken=Broken.US, origin=Origin.FAULT), "f"),
        (replace(BEAT, status=400, error="TaskNotFoundException"), "e"),
        (replace(BEAT, status=503), "e"),
        (replace(BEAT, status=None, response=NOTHING, broken=Broken.UPSTREAM), "b"),
        (replace(BEAT, task=None), "-"),
        (DONE, "s"),
        (replace(DONE, status=500), "e"),
        (ALIVE, "l"),
        (replace(ALIVE, response={"terminate": True}), "t"),
        (replace(ALIVE, status=500), "-"),
        (Interaction("CreatePipeline", {}, {}, status=200), "-"),
        (Interaction("Nonsense", b"", b"", status=200, task="task-1"), "-"),
    ],
)
def test_a_call_is_of_one_kind(call: Interaction, letter: str) -> None:
    assert kind(call) == letter


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (BEAT, "200"),
        (replace(BEAT, status=400, error="TaskNotFoundException"), "400 TaskNotFoundException"),
        (replace(BEAT, status=None, broken=Broken.CLIENT), "broken by client"),
        (replace(BEAT, status=None), "no answer"),
    ],
)
def test_an_answer_is_its_status_and_error_or_who_broke_it(call: Interaction, said: str) -> None:
    assert answer(call) == said


def test_the_first_beat_after_each_hand_out_acknowledges() -> None:
    strip = Strip(begun())
    for call in (BEAT, POLL, replace(BEAT, status=500), BEAT, BEAT, DONE, POLL, BEAT):
        strip.called(call)

    assert kinds(strip) == "oheaosha"


def test_live_and_from_a_file_the_same_is_kept() -> None:
    made = History(latency=0.25).handed(0.5).beat(1, 20, 100).failing(120, 500, "InternalServiceError")
    made.finished(130).call("PollForTask", 131, latency=90.0, response={})
    audit = Audit(DOCUMENTED)
    file, live = Strip(audit.timeline), Strip(begun())
    for edge in file.overheard(passed(made.entries, audit.timeline)):
        audit.feed(edge)
    for entry in made.entries[1:]:
        assert isinstance(entry, Interaction)
        live.called(entry)

    assert kinds(file) == kinds(live) == "haooes-"
    assert [*file.at] == [*live.at] == [500, 1000, 20_000, 100_000, 120_000, 130_000, 131_000]
    assert [*file.took] == [*live.took] == [250_000] * 6 + [90_000_000]
    assert [file.answers.texts[one] for one in file.answer][4] == "500 InternalServiceError"
    assert file.tasks.texts == ["task-1", ""]


def test_a_call_without_times_is_counted_and_not_kept() -> None:
    strip = Strip(begun())

    assert strip.called(replace(BEAT, mono=(None, None, None))) is None
    assert (len(strip), strip.untimed, strip.end) == (0, 1, 0)


def test_the_oldest_quarter_goes_with_the_names_of_its_tasks_and_is_counted() -> None:
    strip = Strip(begun(), kept=8)
    for number in range(9):
        assert strip.called(replace(BEAT, seq=number + 1, task=f"task-{number}")) == number

    assert ([*strip.seq], strip.dropped, strip.end) == ([3, 4, 5, 6, 7, 8, 9], 2, 9)
    assert [strip.tasks.texts[one] for one in strip.task] == [f"task-{number}" for number in range(2, 9)]
    assert "task-0" not in strip.tasks.texts


def test_a_still_stays_as_it_was() -> None:
    strip = Strip(begun())
    strip.called(BEAT)
    still = strip.still()
    strip.called(BEAT)

    assert (len(still), len(strip)) == (1, 2)


def test_names_beyond_the_most_are_one() -> None:
    names = Names(2)

    assert [names.number(text) for text in "abcabd"] == [0, 1, 2, 0, 1, 2]
    assert names.texts == ["a", "b", "other"]


def test_a_hundred_thousand_beats_take_a_few_megabytes() -> None:
    strip = Strip(begun())
    for number in range(100_000):
        strip.called(replace(BEAT, seq=number, task=f"task-{number % 1000}"))
    columns = (
        *(strip.seq, strip.at, strip.took, strip.op, strip.caller, strip.task),
        *(strip.answer, strip.origin, strip.kind),
    )
    size = sum(sys.getsizeof(column) for column in columns)

    assert size < 4_000_000
    assert len(strip) < KEPT
