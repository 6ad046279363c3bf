from __future__ import annotations

import pytest

from holter.wire.message import Origin

from .stories import DELETED, Story


def expired(error: str = "ExpiredTokenException", status: int = 403, origin: Origin = Origin.LIVE) -> Story:
    story = Story().alive(0).began().alive(500)
    for at in range(60, 900, 60):
        story.call("ReportTaskProgress", at, task="task-1", status=status, error=error, origin=origin)
    return story


CASES = {
    "renewed in time": (expired().beat(900).ended(950), []),
    "renewed at the limit": (expired().beat(960).ended(961), []),
    "renewed too late": (expired().beat(961).ended(962), ["auth-expired-stall"]),
    "never renewed": (expired().gone(930, DELETED), []),
    "another error": (expired("AccessDeniedException").beat(961).ended(962), []),
    "an old request": (expired("RequestExpired", 400).beat(961).ended(962), ["auth-expired-stall"]),
    "a fault of ours": (expired(origin=Origin.FAULT).beat(961).ended(962), ["auth-expired-stall!"]),
    "Holter was away": (expired().restart(900).beat(20).ended(21), []),
}


@pytest.mark.parametrize("name", CASES)
def test_credentials_that_expire(name: str) -> None:
    story, expected = CASES[name]

    assert story.shows(*expected)


def test_until_the_end_of_the_recording() -> None:
    story = expired()
    story.call("ReportTaskProgress", 1000, task="task-1", status=403, error="ExpiredTokenException")
    found = {one.rule: one for one in story.found()}

    stall = found["auth-expired-stall"]
    assert stall.gap is not None
    assert (stall.gap.certain, stall.interactions) == (990.0, (4,))
    assert stall.message == "task-1 met ExpiredTokenException, and nothing was taken for 990.00 s"


def test_the_limit_is_the_pipeline_s() -> None:
    story = Story().began(reportProgressTimeout="5 minutes")
    story.call("ReportTaskProgress", 60, task="task-1", status=403, error="ExpiredToken")

    assert story.beat(361).ended(362).shows("auth-expired-stall")
