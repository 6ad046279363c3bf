"""Gaps with time in them that nobody saw: told once, and again only where the rest of them is worse."""

from __future__ import annotations

import pytest

from holter.lease.audit import audited
from holter.lease.finding import Gap
from holter.lease.profile import DOCUMENTED
from holter.lease.standing import Standing, standing
from holter.wire.message import Mark

from .history import ZERO, History

OURS = {"ack-missing", "ack-late", "ack-slow", "gap-over-limit", "gap-over-5min", "gap-over-advice"}
OURS |= {"abandoned", "tail-over-5min", "tail-over-advice"}


def paused(history: History, since: float, until: float | None = None) -> History:
    """Pause from a moment on, up to which all calls are known; go on at another, or never."""
    history.entries.append(Mark("paused", ZERO + since, float(since), {"since": since, "oldest": since}))
    return history if until is None else history.mark("resumed", until)


def gaps(history: History) -> list[tuple[str, bool, Gap | None]]:
    """Return the findings about gaps: their rules, whether they are certain, how long they are."""
    found = audited(history.entries, DOCUMENTED).findings
    return [(one.rule, one.certainty == "certain", one.gap) for one in found if one.rule in OURS]


@pytest.mark.parametrize("end", ["stopped", "killed"])
def test_what_was_certain_when_recording_was_paused_stays_so_if_it_ends_then(end: str) -> None:
    history = paused(History().handed(0), 200)
    if end == "stopped":
        history.mark("stopped", 300)

    assert gaps(history) == [("ack-missing", True, Gap(200, 200))]


def test_a_pause_of_older_recordings_says_less_but_the_end_says_the_same() -> None:
    history = History().handed(0).mark("paused", 200)

    assert gaps(history) == [("ack-missing", False, Gap(0, 200))]
    assert gaps(history.mark("stopped", 300)) == [("ack-missing", True, Gap(200, 200))]


@pytest.mark.parametrize("silent", [0, 60, 500, 3000])
def test_a_lease_that_was_lost_before_is_not_lost_once_more(silent: int) -> None:
    unacked = paused(History().handed(0), 200, 400).mark("stopped", 400 + silent)
    held = paused(History().handed(0).beat(1), 1200, 1400).mark("stopped", 1400 + silent)

    assert gaps(unacked) == [("ack-missing", True, Gap(200, 400))]
    assert gaps(held) == [("gap-over-limit", True, Gap(1199, 1399))]


def test_it_is_told_as_expired_until_a_beat_is_taken() -> None:
    history = paused(History().handed(0).beat(1), 1200, 1400)
    audit = audited(history.entries, DOCUMENTED)
    again = audited(history.beat(1420).entries, DOCUMENTED)

    assert standing(audit.leases[0], 1430) is Standing.EXPIRED
    assert standing(again.leases[0], 1430) is Standing.HELD
    assert gaps(history) == [("gap-over-limit", True, Gap(1199, 1399))]


def test_of_the_second_part_only_what_is_worse_is_told() -> None:
    advised = History().handed(0).beat(1)
    same = paused(advised, 100, 150).beat(250).finished(251).mark("stopped", 252)
    assert gaps(same) == [("gap-over-advice", True, Gap(99, 149))]

    worse = paused(History().handed(0).beat(1), 300, 2000).beat(3000).finished(3001)
    assert gaps(worse) == [
        ("gap-over-advice", True, Gap(299, 1999)),
        ("gap-over-limit", True, Gap(1000, 2999)),
    ]


def test_a_first_beat_that_nobody_saw_is_not_told_as_slow() -> None:
    history = paused(History().handed(0), 90, 400)

    assert gaps(history) == [("ack-missing", False, Gap(0, 400))]
    assert gaps(history.beat(420).finished(421)) == [("ack-late", False, Gap(20, 420))]


def test_when_a_lease_was_renewed_last_is_not_sure_after_unseen_time() -> None:
    def unsure(history: History) -> bool:
        audit = audited([], DOCUMENTED)
        audit.read(history.entries)
        return audit.leases[0].unsure

    assert not unsure(History().handed(0).beat(1))
    assert unsure(paused(History().handed(0).beat(1), 300, 400))
    assert not unsure(paused(History().handed(0).beat(1), 300, 400).beat(410))
    assert not unsure(paused(History().handed(0).beat(1), 1200, 1400))


def test_a_loss_that_two_answers_show_is_told_once() -> None:
    history = paused(History().handed(0).beat(1), 50, 2000)
    history.failing(2010, 400, "TaskNotFoundException").handed(2020, "task-2")

    assert gaps(history) == [("gap-over-limit", False, Gap(10, 2009))]
