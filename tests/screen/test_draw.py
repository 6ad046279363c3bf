"""The board as rows of text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lease.history import History

from holter.screen import draw
from holter.screen.model import Board
from holter.wire.message import Moment

from .rig import Rig, framed, many, wide

RULE = "when: {op: ReportTaskProgress, nth: 2}, then: {cancel: true}"
ASIDES: tuple[dict[str, object], ...] = (
    {},
    {"help": True, "start": ["export A=1"]},
    {"prompt": ("note:", "x" * 300)},
    {"said": "armed", "troubles": ["holter: one", "holter: two"]},
    {"keys": False},
)
BOARDS = [
    Rig(History()).board(5),
    Rig(many(9), RULE, RULE, RULE).board(300),
    Rig(many(60)).board(1500, leases=100, findings=40),
]


@given(st.sampled_from(BOARDS), st.sampled_from(ASIDES), st.integers(1, 220), st.integers(1, 60))
def test_a_frame_is_as_wide_and_as_high_as_the_terminal(
    board: Board, aside: dict[str, object], width: int, height: int
) -> None:
    rows = draw.frame(board, draw.Aside("recording to run.yaml", **aside), width, height)  # type: ignore[arg-type]

    assert len(rows) == height
    assert wide(rows) <= width


def test_before_the_first_call_it_says_how_to_start_the_runner() -> None:
    rows = framed(BOARDS[0], start=["export HTTPS_PROXY=http://127.0.0.1:1", "export " + "x" * 100])

    assert "   export HTTPS_PROXY=http://127.0.0.1:1" in rows
    assert "x" * 60 in "".join(rows)
    assert "".join(rows).count("x") >= 100
    assert not any("activity" in row for row in rows)


def test_with_calls_it_shows_leases_totals_faults_and_findings() -> None:
    rows = framed(BOARDS[1])
    text = "\n".join(rows)

    assert rows[0].split() == ["holter", "recording", "documented", "5:00"]
    assert "9 open leases   2 expired   2 errors" in rows[1]
    assert "16 calls   9 PollForTask   7 ReportTaskProgress   0 on the way" in rows[2]
    assert "3 faults armed, 0 met   1 r1 (armed, met 0)" in rows[3]
    assert re.search(r"^ X task-8 +Copy2 +runner-1 +4:53 +none EXPIRED─+ +-2:53", text, re.MULTILINE)
    assert re.search(r"ERROR ack-missing \(still open\)  task-8 was handed out", text)
    assert rows[-1].split() == [
        "p",
        "pause",
        "f",
        "fault",
        "d",
        "disarm",
        "m",
        "mark",
        "?",
        "help",
        "q",
        "quit",
    ]


def test_as_many_leases_as_fit_are_shown_and_the_others_counted() -> None:
    small, large = (framed(BOARDS[2], 200, height) for height in (24, 50))
    tasks = [sum(bool(re.match(r" [X!\- ] task-\d", row)) for row in rows) for rows in (small, large)]

    assert 8 <= tasks[0] < tasks[1] < 60
    assert f"and {60 - tasks[0]} more" in "\n".join(small)
    assert "earlier" in "\n".join(small)


def test_a_pause_is_to_be_seen() -> None:
    rig = Rig(History())
    rig.trial.session.pause(Moment(0.0, 1.0))

    assert "PAUSED, calls pass unseen" in framed(rig.board(2))[0]


def test_help_tells_every_key_and_how_to_start_the_runner() -> None:
    text = "\n".join(framed(BOARDS[1], help=True, start=["export A=1"]))

    assert all(f"   {key}  {name}" in text for key, name, _ in draw.KEYS)
    assert "export A=1" in text


def test_what_is_typed_takes_the_place_of_the_keys() -> None:
    assert framed(BOARDS[1], prompt=("note:", "deployed"))[-1] == " note: deployed"
    assert framed(BOARDS[1], prompt=("note:", "a" * 200 + "b"))[-1].endswith("ab")
    assert framed(BOARDS[1], keys=False)[-1] == " end with Ctrl-C"


def test_troubles_and_answers_stand_above_it() -> None:
    rows = framed(BOARDS[1], said="armed: x", troubles=["holter: disk full", "holter: it works again"])

    assert rows[-3:-1] == [" holter: it works again  (and 1 before)", " armed: x"]


@pytest.mark.parametrize("text", ["[red]x[/]", "\x1b[31mx", "\x9b2J", "a\nb", "\u202egnp.exe"])
def test_what_was_recorded_is_printed_as_it_is_and_steers_nothing(text: str) -> None:
    history = History(caller=text).handed(0, "task-1", f"{text}_2026-01-02T00:00:00_Attempt=1")
    history.failing(1, 400, text).failing(2, 400, text)
    rows = framed(Rig(history).board(500), 200, 24, title=text, said=text, troubles=[text], start=[text])
    plain = "".join(one if one.isprintable() else " " for one in text)

    assert "".join(rows).isprintable()
    assert plain.rstrip() in rows[0]
    assert sum(plain.strip() in row for row in rows) >= 3


def test_what_is_excused_is_marked_as_such() -> None:
    history = History().handed(0).beat(1)
    rows = framed(Rig(history).board(2000))

    assert any("gap-over-limit (still open)" in row for row in rows)
