"""Open leases as a table."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holter.screen.model import LeaseRow, Leases, Level
from holter.screen.table import EMPTY, FULL, SIGNS, bar, table

from .rig import shown, wide


def lease(share: float, task: str = "task-1", **more: str) -> LeaseRow:
    said = {"activity": "Copy", "runner": "worker-1", "answer": "ok", **more}
    return LeaseRow(task, said["activity"], said["runner"], 61, 4.2, 900 * (1 - share), share, said["answer"])


def leases(*rows: LeaseRow, more: int = 0) -> Leases:
    late = tuple(row for row in rows if row.level is Level.OVER)
    held = tuple(row for row in rows if row.level is not Level.OVER)
    return Leases(late, held, len(rows) + more, len(late), 0.07)


def test_every_level_has_a_sign_of_its_own_besides_its_colour() -> None:
    assert len(set(SIGNS.values())) == len(Level)
    rows = shown(table(leases(*(lease(share) for share in (1.2, 0.85, 0.6, 0.1))), 100, 9))

    assert [row[1] for row in rows[1:]] == ["X", "!", "-", " "]
    assert ["EXPIRED" in row for row in rows[1:]] == [True, False, False, False]


def test_a_row_says_all_that_there_is() -> None:
    head, row = shown(table(leases(lease(0.25)), 100, 9))

    assert head.split() == ["task", "activity", "runner", "age", "beat", "lease", "left", "answer"]
    words = row.split()
    assert words[:5] == ["task-1", "Copy", "worker-1", "1:01", "4.2s"]
    assert words[6:] == ["11:15", "ok"]
    assert set(words[5]) == {FULL, EMPTY}


def test_before_the_first_beat_it_says_so() -> None:
    row = LeaseRow("task-1", "Copy", "worker-1", None, None, 60, 0.5, "")

    assert "none" in shown(table(leases(row), 100, 9))[1]


@given(st.floats(0, 3), st.integers(1, 60))
def test_a_bar_empties_towards_the_deadline(share: float, width: int) -> None:
    (full, _), (empty, _) = bar(share, width, "calm")

    assert len(full) + len(empty) == width
    assert bool(full) == (share < 1)
    assert abs(len(full) - width * max(0, 1 - share)) <= 1


def test_what_does_not_fit_is_counted() -> None:
    rows = shown(table(leases(*(lease(0.9 - n / 100) for n in range(8)), more=492), 100, 6))

    assert len(rows) == 6
    assert rows[-1].strip() == "and 496 more; the calmest has 93% of its lease left"
    rows = shown(table(leases(*(lease(1 + n) for n in range(8)), lease(0.1)), 100, 6))
    assert rows[-1].strip() == "and 5 more, 5 of them expired; the calmest has 93% of its lease left"


def test_a_name_gets_the_room_that_it_needs_where_there_is_some() -> None:
    long = lease(0.1, activity="NightlyReportToTheWarehouse", runner="worker-17.eu-west-1.internal")

    assert (
        "NightlyReportToTheWarehouse  worker-17.eu-west-1.internal" in shown(table(leases(long), 200, 9))[1]
    )
    assert "Nigh" in shown(table(leases(long), 60, 9))[1]


@pytest.mark.parametrize(
    ("width", "columns"),
    [
        (70, "task activity runner age beat lease left answer"),
        (61, "task activity runner age beat lease left"),
        (55, "task activity runner beat lease left"),
        (49, "task activity beat lease left"),
        (40, "task beat lease left"),
        (30, "task lease left"),
    ],
)
def test_a_narrow_terminal_goes_without_columns_and_cuts_none(width: int, columns: str) -> None:
    rows = table(leases(lease(0.85, "task-1234"), lease(1.5, "task-12345")), width, 9)

    assert wide(rows) < width
    head, late, held = shown(rows)
    assert head.split() == columns.split()
    assert late.split()[:2] == ["X", "task-12345"]
    assert "EXPIRED" in late
    assert "2:15" in held
    assert "\N{HORIZONTAL ELLIPSIS}" not in "".join((head, late, held))


@pytest.mark.parametrize("most", range(4))
def test_there_are_never_too_many_rows(most: int) -> None:
    assert len(table(leases(*(lease(0.1) for _ in range(5))), 80, most)) <= most
    assert len(table(Leases(), 80, most)) <= most


@given(st.text(max_size=50), st.text(max_size=50), st.integers(1, 220))
def test_no_name_makes_a_row_too_wide(task: str, other: str, width: int) -> None:
    rows = table(leases(lease(0.3, task, activity=other, runner=task, answer=other)), width, 9)

    assert wide(rows) <= width


def test_while_nobody_looks_only_what_was_over_before_is_told() -> None:
    unseen = replace(leases(lease(1.2, "task-2"), lease(0.85), more=7), seen=False)
    _, over, held, rest = shown(table(unseen, 100, 9))

    assert (over[1], held[1]) == ("X", "?")
    assert ("EXPIRED" in over, "not seen" in held) == (True, True)
    assert "2:15" not in held
    assert FULL not in held
    assert rest.endswith("and 7 more; none is seen now")
    for width in range(20, 200):
        assert wide(table(unseen, width, 9)) <= width


def test_a_beat_that_nobody_may_have_seen_is_not_told() -> None:
    row = replace(lease(0.25), unsure=True)

    assert shown(table(leases(row), 100, 9))[1].split()[4] == "?"
    over = replace(row, share=0.999, left=-5.0)
    assert "not seen" in shown(table(leases(over), 100, 9))[1]
