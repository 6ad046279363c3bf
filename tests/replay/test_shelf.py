from __future__ import annotations

from tests.replay.tapes import ALIVE, BEAT, END, POLL, TAPE, beat, empty, end, handout, recorded, takes

from holter.replay.matching import Matching
from holter.replay.shelf import Shelf
from holter.replay.take import Tape
from holter.wire.message import Broken

OTHER = Tape(1, "other.yaml", "x")


def shelf(*tape: list) -> Shelf:
    return Shelf([take for one in tape for take in one], Matching())


def lines(found: object) -> list[int]:
    return [take.line for take in found.takes] if found else []  # type: ignore[attr-defined]  # a track


def test_calls_that_are_the_same_are_one_track_in_recorded_order() -> None:
    made = shelf(
        takes(empty("a"), handout("task-1", "a"), empty("b"), beat("task-1"), beat("task-2"), beat("task-1"))
    )
    assert lines(made.find(POLL, None, {"workerGroup": "a", "hostname": "any"})) == [10, 20]
    assert lines(made.find(POLL, None, {"workerGroup": "b"})) == [30]
    assert lines(made.find(BEAT, (0, "task-1"), {"taskId": "live"})) == [40, 60]
    assert made.find(BEAT, (0, "task-3"), {}) is None
    assert [lines(track) for track in made.tracks(POLL)] == [[10, 20], [30]]
    assert made.tracks(END) == []


def test_recorded_order_is_that_of_asking_and_not_of_answers() -> None:
    late, early = empty("a", asked=1.0, took=90.0), handout("task-1", "a", asked=2.0)
    assert lines(shelf(takes(early, late)).find(POLL, None, {"workerGroup": "a"})) == [20, 10]
    assert lines(shelf(takes(early, empty("a"))).find(POLL, None, {"workerGroup": "a"})) == [10, 20]


def test_tasks_of_two_tapes_are_two() -> None:
    made = shelf(takes(beat("task-1")), takes(beat("task-1"), tape=OTHER))
    assert lines(made.find(BEAT, (0, "task-1"), {})) == [10]
    assert [track.subject for track in made.tracks(BEAT, (1, "task-1"))] == [(1, "task-1")]
    assert made.tracks(BEAT) == []
    first = made.first(BEAT)
    assert first is not None
    assert first.place == "run.yaml:10"


def test_what_has_no_answer_is_left_out() -> None:
    made = shelf(takes(beat(broken=Broken.CLIENT), end()))
    assert [take.line for take in made.takes] == [20]


def test_runners_are_known_by_their_recorded_ids() -> None:
    made = shelf(takes(*(recorded(ALIVE, {"taskrunnerId": name}, {"terminate": False}) for name in "bab")))
    assert made.runners == ["b", "a"]
    assert lines(made.find(ALIVE, "b", {"taskrunnerId": "anything"})) == [10, 30]


def test_a_task_that_was_never_handed_out_is_known_by_its_alias_and_its_print() -> None:
    made = shelf(takes(handout("task-1"), beat("task-1"), beat("task-2", print="00ff"), beat("task-3")))
    assert made.stray("task-1", "") is None
    assert made.stray("task-3", "") == (TAPE, "task-3")
    assert made.stray("some+real=id", "00ff") == (TAPE, "task-2")
    assert made.stray("some+real=id", "0000") is None
