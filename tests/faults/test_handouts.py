"""The tasks that were handed out."""

from __future__ import annotations

import pytest

from holter.faults.handouts import Handouts
from holter.wire.codec import answer, error_reply
from holter.wire.message import Reply

from .scenes import BEAT, END, POLL, asked


def handed(handouts: Handouts, task: str, group: str = "wg") -> None:
    handouts.learn(asked(POLL, body={"workerGroup": group}), answer({"taskObject": {"taskId": task}}))


def latest(handouts: Handouts, group: str = "wg") -> list[str]:
    return [given.handle for given in handouts.latest(group)]


def test_the_latest_of_a_worker_group_comes_first() -> None:
    handouts = Handouts()
    for task, group in (("a", "wg"), ("b", "other"), ("c", "wg"), ("a", "wg")):
        handed(handouts, task, group)

    assert (latest(handouts), latest(handouts, "other")) == (["a", "c"], ["b"])


@pytest.mark.parametrize(
    "reply",
    [answer({}), answer({"taskObject": None}), answer({"taskObject": {}}), Reply(200, b""), Reply(500, {})],
)
def test_what_hands_out_nothing_is_not_kept(reply: Reply) -> None:
    handouts = Handouts()
    handouts.learn(asked(POLL), reply)

    assert latest(handouts) == []


def test_a_task_whose_end_the_service_took_is_forgotten() -> None:
    handouts = Handouts()
    handed(handouts, "a")
    handouts.learn(asked(END, "a"), error_reply("InternalServiceError", "no"))
    assert handouts.of(asked(BEAT, "a")) is not None
    handouts.learn(asked(END, "a"), Reply(200, b""))

    assert (latest(handouts), handouts.of(asked(BEAT, "a"))) == ([], None)


def test_what_names_no_task_has_no_hand_out() -> None:
    handouts = Handouts()
    handed(handouts, "a")

    assert [handouts.of(call) for call in (asked(POLL), asked(body=b"x"), asked(body={"taskId": 3}))] == [
        None
    ] * 3


def test_only_so_many_are_kept() -> None:
    handouts = Handouts()
    for number in range(1_200):
        handed(handouts, str(number))

    assert len(latest(handouts)) == 1_000
    assert latest(handouts)[0] == "1199"
