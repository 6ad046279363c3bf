"""Findings in mitmproxy's log."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from mitmproxy.addons.errorcheck import ErrorCheck
from mitmproxy.test import taddons

from holter.lease.finding import Certainty
from holter.lease.rules import Severity
from holter.mitm.logged import Logged

from .inside import call, finding, within


@pytest.mark.parametrize(
    ("more", "level"),
    [
        ({"severity": Severity.ERROR}, logging.ERROR),
        ({"severity": Severity.WARNING}, logging.WARNING),
        ({"severity": Severity.NOTE}, logging.INFO),
        ({"severity": Severity.ERROR, "certainty": Certainty.POSSIBLE}, logging.WARNING),
        ({"severity": Severity.ERROR, "cause": "fault"}, logging.WARNING),
        ({"severity": Severity.ERROR, "suppressed": "known"}, logging.INFO),
    ],
)
def test_a_finding_has_the_level_of_its_severity(
    more: dict[str, Any], level: int, caplog: pytest.LogCaptureFixture
) -> None:
    async def tell(around: taddons.context) -> None:
        Logged().found(finding(1, message="100% late", **more))

    caplog.set_level(logging.DEBUG)
    within(do=tell)

    ours = [record for record in caplog.records if record.name == "mitmproxy.holter"]
    assert [(record.levelno, "100% late" in record.getMessage()) for record in ours] == [(level, True)]


def test_while_mitmproxy_starts_no_finding_is_an_error_that_ends_it(caplog: pytest.LogCaptureFixture) -> None:
    async def tell(around: taddons.context) -> None:
        check = ErrorCheck()
        around.master.addons.add(check)
        Logged().found(finding(1, severity=Severity.ERROR))
        check.finish()
        Logged().found(finding(1, severity=Severity.ERROR))
        assert check.logger.has_errored == []

    within(do=tell)

    ours = [record.levelno for record in caplog.records if record.name == "mitmproxy.holter"]
    assert ours == [logging.WARNING, logging.ERROR]


def test_calls_are_information_and_trouble_is_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    listener = Logged()
    listener.called(call(1, at=1795224003.0), None)
    listener.trouble("lost 3%")

    assert [(record.levelname, record.getMessage()[:14]) for record in caplog.records] == [
        ("INFO", "01:20:03.000  "),
        ("WARNING", "holter: lost 3"),
    ]
