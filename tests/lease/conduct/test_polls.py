from __future__ import annotations

import pytest
from tests.lease.test_audit import live

from holter.lease.finding import Finding
from holter.lease.profile import DOCUMENTED
from holter.wire.message import Broken, Json, Origin, Try

from .stories import Story

CLIENT = Broken.CLIENT


def again(age: float, number: int = 2, id_: str = "a") -> Story:
    story = Story().poll(0, age, broken=CLIENT, tried=Try("a", 1))
    return story.poll(age + 1, tried=Try(id_, number))


CASES = {
    "held and answered": (Story().poll(0).poll(90), []),
    "given up and tried again": (again(60), ["poll-aborted", "poll-retried"]),
    "given up, another call": (again(60, id_="b"), ["poll-aborted?"]),
    "given up and never heard again": (Story().poll(0, 60, broken=CLIENT), ["poll-aborted?"]),
    "given up when the service had its time": (again(88.5), ["poll-retried"]),
    "just too early": (again(87.5), ["poll-aborted", "poll-retried"]),
    "the service broke it": (Story().poll(0, 60, broken=Broken.UPSTREAM, tried=Try("a", 1)).poll(61), []),
    "Java numbers none of its tries": (again(50, number=1), ["poll-aborted", "poll-retried"]),
    "two at once": (Story().poll(0).poll(10), ["poll-overlap?"]),
    "one after the other": (Story().poll(0, 10).poll(10), []),
    "two groups at once": (Story().poll(0).poll(10, group="other"), []),
    "two runners at once": (Story().poll(0).poll(10, caller="runner-2"), []),
}


@pytest.mark.parametrize("name", CASES)
def test_how_a_runner_waits(name: str) -> None:
    story, expected = CASES[name]

    assert story.shows(*expected)


LIVE = {
    "given up and tried again": (again(60), ["1,2 certain"]),
    "given up, another call": (again(60, id_="b"), ["1 possible"]),
    "given up and never heard again": (Story().poll(0, 60, broken=CLIENT), []),
    "given up three times": (
        again(60).poll(151, 60, broken=CLIENT, tried=Try("b", 1)).poll(212, tried=Try("b", 2)),
        ["1,2 certain"],
    ),
    "the try of an older call": (
        again(60, id_="b").poll(152, 60, broken=CLIENT, tried=Try("c", 1)).poll(213, tried=Try("c", 2)),
        ["1 possible", "3,4 certain"],
    ),
    "a poll of another group meanwhile": (
        Story()
        .poll(0, 60, broken=CLIENT, tried=Try("a", 1))
        .poll(60.2, 0.1, group="b")
        .poll(61, tried=Try("a", 2)),
        ["1,3 certain"],
    ),
    "a poll that was on its way": (
        Story().poll(0, 60, broken=CLIENT, tried=Try("a", 1)).poll(50, 10.5).poll(61, tried=Try("a", 2)),
        ["1,3 certain"],
    ),
    "nobody saw what followed": (
        Story().poll(0, 60, broken=CLIENT, tried=Try("a", 1)).mark("paused", 61).mark("resumed", 62).poll(63),
        ["1 possible"],
    ),
}


@pytest.mark.parametrize("name", LIVE)
def test_a_poll_that_was_given_up_is_told_of_once_while_it_goes_on(name: str) -> None:
    story, expected = LIVE[name]
    told: list[Finding] = []
    audit = live(story.entries, told)
    aborted = [one for one in told if one.rule == "poll-aborted"]

    assert [f"{','.join(map(str, one.interactions))} {one.certainty}" for one in aborted] == expected
    (finding,) = (one for one in audit.findings if one.rule == "poll-aborted")
    assert not aborted or finding.certainty == aborted[-1].certainty


def test_the_first_proof_of_many_is_shown() -> None:
    story = again(60).poll(151, 60, broken=CLIENT, tried=Try("b", 1)).poll(212, tried=Try("b", 2))
    aborted = next(one for one in story.found() if one.rule == "poll-aborted")

    assert (aborted.interactions, aborted.caller, aborted.task) == ((1, 2), "runner-1", None)
    assert aborted.message.startswith(
        "runner-1 gave up a poll after 60.00 s; the service may hold it for 90 s"
    )
    assert aborted.limit is not None
    assert aborted.fails("error")


def test_a_poll_that_a_fault_held_up_is_not_held_against_the_runner() -> None:
    story = Story()
    for at, broken, number in ((0.0, CLIENT, 1), (61.0, None, 2)):
        status = None if broken else 200
        request: Json = {"workerGroup": "wg"}
        story.call(
            "PollForTask", at, latency=60, request=request, status=status, broken=broken,
            origin=Origin.FAULT, tried=Try("a", number),
        )  # fmt: skip

    assert story.shows("poll-aborted!", "poll-retried")


def storm(count: int, every: float, origin: Origin = Origin.LIVE) -> Story:
    story = Story()
    for number in range(count):
        story.call("PollForTask", number * every, request={"workerGroup": "wg"}, origin=origin)
    return story


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        (storm(61, 0.49), ["poll-storm"]),
        (storm(61, 0.5), []),
        (storm(60, 0.1), []),
        (storm(61, 0.1, Origin.CASSETTE), []),
    ],
    ids=["three in a second", "two in a second", "a burst", "from a cassette"],
)
def test_a_storm_is_many_polls_for_nothing(story: Story, expected: list[str]) -> None:
    assert story.shows(*expected)


def test_a_storm_is_scaled() -> None:
    assert storm(61, 0.2).shows(profile=DOCUMENTED.scaled(0.1))


@pytest.mark.parametrize(
    ("at", "took", "expected"),
    [(30, 60, ["progress-blocked-by-poll?"]), (30, 40, []), (0.5, 60, []), (60, 61, [])],
    ids=["most of the gap", "a small part", "begun before", "longer than the gap"],
)
def test_a_gap_that_was_spent_polling(at: float, took: float, expected: list[str]) -> None:
    story = Story().began()

    assert story.poll(at, took, group="other").beat(101).ended(102).shows(*expected)
