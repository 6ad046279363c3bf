"""Where a gap lies in time."""

from __future__ import annotations

from dataclasses import replace

from tests.lease.history import ZERO, History

from holter.lease.finding import Gap
from holter.lease.profile import DOCUMENTED
from holter.report.reach import reach


def test_a_gap_begins_its_limit_and_tolerance_before_the_moment_of_its_finding() -> None:
    (found, *_) = History().handed(0).beat(1, 100).finished(101).findings()
    gone = reach(found, DOCUMENTED)

    assert (found.rule, found.limit and found.limit.name) == ("gap-over-advice", "advice")
    assert gone is not None
    assert [round(moment - ZERO, 6) for moment in gone] == [1.0, 100.0, 100.0]


def test_the_longest_reading_is_never_shorter_than_the_shortest() -> None:
    (found, *_) = History().handed(0).beat(1, 100).finished(101).findings()
    odd = reach(replace(found, gap=Gap(99.0, 90.0)), DOCUMENTED)

    assert odd is not None
    assert odd.certain == odd.possible


def test_what_is_no_gap_reaches_nowhere() -> None:
    (found, *_) = History().handed(0).beat(1, 100).finished(101).findings()

    assert reach(replace(found, gap=None), DOCUMENTED) is None
    assert reach(replace(found, limit=None), DOCUMENTED) is None
