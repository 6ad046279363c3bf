from __future__ import annotations

import pytest

from holter.lease.profile import DOCUMENTED

from .stories import Story


def polling(since: float, until: float, story: Story | None = None) -> Story:
    story, at = story or Story(), since
    while at < until:
        story.poll(at, min(90.0, until - at))
        at += 90
    return story


CASES = {
    "every 15 minutes": (polling(0, 900, Story().alive(0)).alive(900), []),
    "there all the time, too late": (polling(0, 916, Story().alive(0)).alive(916), ["runner-heartbeat-gap"]),
    "there all the time, never again": (polling(0, 990, Story().alive(0)), ["runner-heartbeat-gap"]),
    "away in between": (
        polling(700, 1100, polling(0, 500, Story().alive(0))).alive(1100),
        [],
    ),
    "never, for a while": (polling(0, 1005), []),
    "never, for long": (polling(0, 1006), ["runner-heartbeat-absent"]),
    "no poller": (Story().beat(*range(0, 1000, 60)), ["task-id-unknown?"]),
    "Holter was away": (polling(0, 600, polling(0, 500, Story().alive(0)).restart(500)), []),
    "one host": (Story().alive(0, 100, 200), []),
    "another host from now on": (Story().alive(0).alive(100, 200, caller="b"), []),
    "two hosts at once": (Story().alive(0).alive(100, caller="b").alive(200), ["taskrunner-id-shared"]),
    "two hosts, two ids": (Story().alive(0).alive(100, caller="b", name="tr-2").alive(200), []),
}


@pytest.mark.parametrize("name", CASES)
def test_a_runner_says_that_it_is_there(name: str) -> None:
    story, expected = CASES[name]

    assert story.shows(*expected)


def test_the_finding_says_how_long() -> None:
    (found,) = polling(0, 990, Story().alive(0)).found()

    assert found.gap is not None
    assert (found.gap.certain, found.limit and found.limit.seconds) == (990.0, 900.0)
    assert found.message == "runner-1 was there for 990.00 s without ReportTaskRunnerHeartbeat"


def test_the_limit_is_the_profile_s() -> None:
    assert polling(0, 1006).shows(profile=DOCUMENTED.scaled(2))


def test_a_heartbeat_without_a_hostname_proves_no_second_host() -> None:
    story = Story().alive(0)
    story.call("ReportTaskRunnerHeartbeat", 1, request={"taskrunnerId": "tr-1"}, caller="10.0.0.1 Boto3")

    assert story.alive(2).shows()
