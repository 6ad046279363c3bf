"""What is told of a run that goes on, after the page was fetched."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from tests.faults.scenes import BEAT

from holter.board import live as module
from holter.board.live import Told
from holter.wire.codec import answer
from holter.wire.message import Call, Json

from .rig import Rig

TASK: Json = {"taskObject": {"taskId": "real-1", "attemptId": "@A_2026-01-01T00:00:00_Attempt=1"}}


def say(rig: Rig, op: str, body: Json, reply: Json, key: int = 1) -> None:
    session, now = rig.trial.session, rig.trial.clock.now()
    session.on_call(key, Call(op, body, now, peer="10.0.0.1:1"))
    session.on_reply(key, answer(reply), now.mono, now.mono)


def handed(rig: Rig) -> None:
    say(rig, "PollForTask", {"workerGroup": "w", "hostname": "r"}, TASK)


def beat(rig: Rig) -> None:
    say(rig, BEAT, {"taskId": "real-1"}, {"canceled": False})


def quiet() -> Rig:
    return Rig("when: {op: CreatePipeline}, then: {close: true}")


def news(rig: Rig, told: Told) -> dict[str, list[Any]]:
    found = rig.api.live.since(told)
    assert found is not None
    named: dict[str, list[Any]] = {}
    for name, value in found:
        named.setdefault(name, []).append(value)
    return named


def test_a_first_look_tells_how_all_stands_and_a_second_nothing() -> None:
    rig, told = quiet(), Told(0)

    assert set(news(rig, told)) == {"blind", "faults", "state"}
    assert news(rig, told) == {}


def test_a_hand_out_and_a_beat_are_calls_and_their_lease_comes_once_behind_them() -> None:
    rig, told = quiet(), Told(0)
    handed(rig)
    beat(rig)
    found = news(rig, told)

    assert [(one["seq"], one["op"], one["kind"], one["lease"]) for one in found["call"]] == [
        (1, "PollForTask", "h", 0),
        (2, "ReportTaskProgress", "a", 0),
    ]
    assert found["call"][1]["task"] == "task-1"
    (lease,) = found["lease"]
    assert (lease["id"], lease["task"], lease["t1"], lease["beats"]["ok"]) == (0, "task-1", None, 1)
    assert lease["deadline"] > lease["t0"]
    assert "dots" not in lease


def test_a_call_that_is_no_leases_has_none() -> None:
    rig, told = quiet(), Told(0)
    say(rig, "ReportTaskRunnerHeartbeat", {"taskrunnerId": "x"}, {"terminate": True})
    (call,) = news(rig, told)["call"]

    assert (call["kind"], call["lease"], call["task"]) == ("t", None, None)


def test_a_lease_that_has_ended_comes_whole() -> None:
    rig, told = quiet(), Told(0)
    handed(rig)
    beat(rig)
    news(rig, told)
    say(rig, "SetTaskStatus", {"taskId": "real-1", "taskStatus": "FINISHED"}, {})
    (lease,) = news(rig, told)["lease"]

    assert (lease["outcome"], lease["deadline"]) == ("finished", None)
    assert lease["interval"] == {}
    assert lease["t1"] is not None


def test_a_lease_that_is_handed_out_again_changes_the_one_before() -> None:
    rig, told = quiet(), Told(0)
    handed(rig)
    news(rig, told)
    again: Json = {"taskObject": {**TASK["taskObject"], "taskId": "real-2"}}  # type: ignore[index, call-overload, dict-item]
    say(rig, "PollForTask", {"workerGroup": "w", "hostname": "r"}, again)
    first, second = news(rig, told)["lease"]

    assert (first["id"], first["redelivered_as"], second["redelivery_of"]) == (0, "task-2", "task-1")


def test_a_pause_is_a_state_and_when_it_ends_a_blind_time_that_touches_all_open_leases() -> None:
    rig, told = quiet(), Told(0)
    handed(rig)
    news(rig, told)
    rig.trial.session.pause(rig.trial.clock.now())
    paused = news(rig, told)
    assert [one["paused"] for one in paused["state"]] == [True]
    (unseen,) = paused["blind"][0]["blind"]
    assert (unseen["to"], unseen["why"]) == (None, "Holter was paused")
    assert asyncio.run(rig.api.live.page())["blind"] == [unseen]
    rig.trial.session.resume(rig.trial.clock.now())
    found = news(rig, told)

    (seen,) = found["blind"][0]["blind"]
    assert seen["from"] == unseen["from"] <= seen["to"]
    assert [one["id"] for one in found["lease"]] == [0]


def test_who_comes_back_after_unseen_time_is_told_how_leases_stand_that_it_touched() -> None:
    rig = quiet()
    handed(rig)
    beat(rig)
    assert "lease" not in news(rig, Told(rig.watch.journal.last))
    rig.trial.session.pause(rig.trial.clock.now())
    rig.trial.clock.skip(5)
    rig.trial.session.resume(rig.trial.clock.now())
    (lease,) = news(rig, Told(rig.watch.journal.last))["lease"]

    assert (lease["task"], lease["unsure"]) == ("task-1", True)


def test_a_look_that_is_overdue_is_time_that_nobody_sees_until_it_is_over() -> None:
    rig, told = quiet(), Told(0)
    rig.trial.session.tick(rig.trial.clock.now(), again=0.2)
    handed(rig)
    news(rig, told)
    rig.trial.clock.skip(60)
    (unseen,) = news(rig, told)["blind"][0]["blind"]
    assert (unseen["to"], unseen["why"]) == (None, "Holter is late")
    rig.trial.session.tick(rig.trial.clock.now(), again=0.2)
    (seen,) = news(rig, told)["blind"][0]["blind"]

    assert (seen["why"], seen["from"]) == ("Holter's own loop was late", unseen["from"])


def test_a_rule_that_is_armed_is_told() -> None:
    rig, told = quiet(), Told(0)
    news(rig, told)
    rig.ask("POST", "/v1/faults", '"PollForTask:close"')

    assert len(news(rig, told)["faults"][0]["rules"]) == 2


def test_the_end_tells_of_leases_left_over_and_their_findings() -> None:
    rig, told = quiet(), Told(0)
    handed(rig)
    news(rig, told)
    rig.trial.clock.skip(1000)
    rig.trial.close()
    found = news(rig, told)

    assert [one["outcome"] for one in found["lease"]] == ["unfinished"]
    assert [one["state"] for one in found["finding"]]
    assert rig.api.live.closed


def test_a_finding_that_is_withdrawn_is_told_to_pages_and_open_no_more() -> None:
    rig, told = quiet(), Told(0)
    handed(rig)
    rig.trial.clock.skip(40)
    rig.trial.session.tick(rig.trial.clock.now())
    (opened,) = news(rig, told)["finding"]
    assert (opened["rule"], opened["state"]) == ("ack-slow", "open")
    assert [one["state"] for one in rig.ask("GET", "/v1/findings")["findings"]] == ["open"]
    rig.trial.close()
    found = [one for one in news(rig, told)["finding"] if one["rule"] == "ack-slow"]

    assert [(one["state"], one["at"], one["certain_to"]) for one in found] == [
        ("withdrawn", opened["at"], None)
    ]
    assert [*rig.watch.open] == []
    assert "ack-slow" not in {one["rule"] for one in rig.ask("GET", "/v1/findings")["findings"]}


def test_so_much_is_told_at_once_and_the_rest_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    rig, told = quiet(), Told(0)
    for _ in range(3):
        beat(rig)

    assert [len(news(rig, told).get("call", ())) for _ in range(3)] == [2, 1, 0]


def test_who_asks_for_what_is_forgotten_is_told_so() -> None:
    rig = quiet()
    beat(rig)
    assert rig.api.live.since(Told(7)) is None
    rig.watch.strip._shed(1)

    assert rig.api.live.since(Told(0)) is None


def test_while_the_page_is_made_other_work_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SLICE", -1.0)
    rig = quiet()
    for _ in range(3):
        beat(rig)

    async def run() -> tuple[int, dict[str, Json]]:
        making, turns = asyncio.ensure_future(rig.api.live.page()), 0
        while not making.done():
            await asyncio.sleep(0)
            turns += 1
            if turns == 2:
                beat(rig)
        return turns, making.result()

    turns, found = asyncio.run(run())
    assert turns > 4
    assert found["after"] == 3
    assert isinstance(found["calls"], dict)
    assert found["calls"]["seq"] == [1, 2, 3]
