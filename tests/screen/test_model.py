"""What the board shows of a run at a moment."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lease.history import History

from holter.lease.rules import Severity
from holter.screen.model import LeaseRow, Leases, Level, level, worst
from holter.wire.message import Moment

from .rig import Rig, many


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.0, Level.CALM),
        (0.49, Level.CALM),
        (0.5, Level.HALF),
        (0.79, Level.HALF),
        (0.8, Level.RISK),
        (0.999, Level.RISK),
        (1.0, Level.OVER),
        (7.0, Level.OVER),
    ],
)
def test_a_lease_is_as_bad_as_the_share_that_is_used_up(share: float, expected: Level) -> None:
    assert level(share) is expected


def test_a_lease_that_beats() -> None:
    (row,) = Rig(History().handed(10).beat(70, 130)).board(230).leases.fitting(5)

    assert row == LeaseRow("task-1", "Copy", "runner-1", 220, 100, 800, 100 / 900, "ok")
    assert row.level is Level.CALM


def test_a_lease_that_was_not_acknowledged_has_the_time_for_that() -> None:
    (row,) = Rig(History().handed(10)).board(110).leases.fitting(5)

    assert (row.beat, row.left, row.share, row.answer) == (None, 20, 100 / 120, "")
    assert row.level is Level.RISK


def test_a_lease_whose_hand_out_nobody_saw() -> None:
    (row,) = Rig(History().beat(10)).board(100).leases.fitting(5)

    assert (row.age, row.activity, row.beat, row.left) == (None, "-", 90, 810)


def test_a_refused_beat_is_what_was_answered_last() -> None:
    history = History().handed(0).beat(10).failing(20, 500, "InternalServiceError")
    (row,) = Rig(history).board(30).leases.fitting(5)

    assert row.answer == "500 InternalServiceError"


def test_what_has_ended_is_not_there_any_more() -> None:
    rig = Rig(many(3).finished(500, "task-2"))

    assert {row.task for row in rig.board(510).leases.fitting(9)} == {"task-1", "task-3"}
    assert rig.board(510).leases.open == 2


def test_totals() -> None:
    rig = Rig(many(14), "when: {op: ReportTaskProgress, nth: 2}, then: {cancel: true}")
    board = rig.board(300, leases=3)

    assert board.operations == (("PollForTask", 14), ("ReportTaskProgress", 12))
    assert (board.calls, board.in_flight, board.lost, board.decided, board.paused) == (26, 0, 0, 0, False)
    assert (board.leases.open, board.leases.late, len(board.leases.fitting(3))) == (14, 2, 3)
    assert [(fault.name, fault.state) for fault in board.faults] == [("r1", "armed")]
    assert board.counts[Severity.ERROR] == 2
    assert [finding.rule for finding in board.findings].count("ack-missing") == 2


def test_a_pause_is_told() -> None:
    rig = Rig(History())
    rig.trial.session.pause(Moment(0.0, 1.0))

    assert rig.board(2).paused


SHARES = st.lists(st.floats(0, 5), max_size=60).map(lambda shares: [*zip(shares, range(60), strict=False)])


def leases(shares: list[tuple[float, int]], room: int) -> Leases:
    late, held = worst(shares, room)
    rows = [
        tuple(LeaseRow(str(number), "", "", 0, 0, 0, share, "") for share, number in some)
        for some in (late, held)
    ]
    return Leases(rows[0], rows[1], len(shares), sum(share >= 1 for share, _ in shares))


@given(SHARES, st.integers(0, 70), st.integers(0, 70))
def test_there_are_as_many_as_fit_and_none_is_worse_than_its_kin_that_is_shown(
    shares: list[tuple[float, int]], room: int, more: int
) -> None:
    fitting = leases(shares, room + more).fitting(room)
    got = [row.share for row in fitting]
    late, held = [share for share in got if share >= 1], [share for share in got if share < 1]

    assert len(fitting) == min(room, len(shares))
    assert got == [*sorted(late), *sorted(held, reverse=True)]
    assert late == sorted(share for share, _ in shares if share >= 1)[: len(late)]
    assert held == sorted((share for share, _ in shares if share < 1), reverse=True)[: len(held)]


@given(SHARES, st.integers(1, 70))
def test_the_late_leave_half_of_the_room_to_those_that_need_it(
    shares: list[tuple[float, int]], room: int
) -> None:
    got = leases(shares, room).fitting(room)
    savable = sum(share < 1 for share, _ in shares)

    assert sum(row.level is not Level.OVER for row in got) >= min(savable, room - room // 2)


def test_while_it_is_paused_leases_stand_as_they_were_last_seen() -> None:
    rig = Rig(many(2, every=10))
    rig.trial.session.pause(Moment(0.0, 100.0))
    board = rig.board(5000)

    assert (board.leases.seen, board.leases.late) == (False, 0)
    assert [row.left for row in board.leases.fitting(5)] == [20, 870]
    rig.trial.session.resume(Moment(0.0, 5000.0))
    assert rig.board(5100).leases.seen
    assert [row.left for row in rig.board(5100).leases.fitting(5)] == [800, 800]
    assert all(row.unsure for row in rig.board(5100).leases.fitting(5))
    later = rig.board(6000).leases
    assert (later.late, [row.unknown for row in later.fitting(5)]) == (0, [True, True])
