"""Runners besides their tasks: polls and signs of life."""

from __future__ import annotations

from holter.lease.runners import Runner
from holter.wire.message import Broken, Mark, Origin

from .history import ZERO, History

ALIVE = "ReportTaskRunnerHeartbeat"


def of(history: History, caller: str = "runner-1") -> Runner:
    return history.audit().runners.of(caller)


def polling(*spans: tuple[float, float]) -> History:
    history = History()
    for at, until in sorted(spans, key=lambda span: span[1]):
        oldest = min(begin for begin, end in spans if end >= until)
        history.call("PollForTask", at, latency=until - at, oldest=oldest)
    return history


def test_the_time_between_polls_is_without_one() -> None:
    runner = of(polling((0, 90), (91, 181), (200, 290)))

    assert (runner.polls, runner.unpolled, runner.longest) == (3, 20.0, 19.0)


def test_while_one_of_several_polls_is_open_there_is_one() -> None:
    assert of(polling((0, 90), (50, 140), (130, 220))).unpolled == 0.0
    assert of(polling((0, 90), (10, 20), (95, 100))).unpolled == 5.0


def test_before_the_first_and_after_the_last_poll_nothing_is_counted() -> None:
    history = History().beat(1, 60)
    history.entries += polling((100, 110)).entries[1:]

    assert of(history.mark("stopped", 5000)).unpolled == 0.0


def test_a_poll_that_broke_is_over() -> None:
    history = History().call("PollForTask", 0, latency=60, status=None, broken=Broken.CLIENT)
    history.call("PollForTask", 70)

    assert of(history).unpolled == 10.0


def test_blind_time_is_held_against_nobody() -> None:
    history = polling((0, 10))
    history.entries.append(Mark("stall", ZERO + 500, 500.0, {"since": 20.0}))
    history.call("PollForTask", 600, latency=10).call("PollForTask", 613)

    assert of(history).unpolled == 3.0


def test_signs_of_life_that_the_service_took_are_counted_with_what_is_between() -> None:
    history = History().call(ALIVE, 0).call(ALIVE, 300).call(ALIVE, 310, status=500).call(ALIVE, 600)
    history.call(ALIVE, 610, origin=Origin.FAULT)
    runner = of(history)

    assert (runner.alive, runner.apart) == (3, [300.0, 300.0])


def test_over_blind_time_no_distance_is_told() -> None:
    history = History().call(ALIVE, 0).mark("stopped", 5).mark("started", 0.0, ZERO + 900)

    assert of(history.call(ALIVE, 3)).apart == []


def test_runners_are_told_apart_and_one_without_a_name_is_unknown() -> None:
    history = polling((0, 10))
    history.caller = ""
    history.call("PollForTask", 20).call("PollForTask", 25)

    assert (of(history).polls, of(history, "unknown").polls, of(history, "unknown").unpolled) == (1, 2, 5.0)
