"""Rows as what a terminal is sent."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from holter.screen.paint import STYLES, Painter
from holter.screen.table import EMPTY, FULL

SIZE = (20, 3)


def painter(**environment: str) -> Painter:
    settings = {"TERM": "xterm-256color", **environment}
    return Painter(Console(file=io.StringIO(), force_terminal=True, _environ=settings))


def test_all_is_painted_once_and_then_what_has_changed() -> None:
    made = painter()
    first = made.painted([(("a", ""),), (("b", ""),), ()], SIZE)
    second = made.painted([(("a", ""),), (("c", ""),), ()], SIZE)

    assert first.startswith("\x1b[0m\x1b[2J")
    assert all(f"\x1b[{number};1H" in first for number in (1, 2, 3))
    assert second == "\x1b[2;1Hc\x1b[0m\x1b[K"
    assert made.painted([(("a", ""),), (("c", ""),), ()], SIZE) == ""


def test_another_size_and_what_was_forgotten_are_painted_anew() -> None:
    made = painter()
    rows = [(("a", ""),), ()]
    made.painted(rows, (20, 2))

    assert made.painted([*rows, ()], SIZE).startswith("\x1b[0m\x1b[2J")
    assert made.painted([*rows, ()], SIZE) == ""
    made.forget()
    assert made.painted([*rows, ()], SIZE).startswith("\x1b[0m\x1b[2J")


def test_a_row_up_to_the_last_column_is_not_cut_by_clearing_what_is_behind_it() -> None:
    assert painter().painted([(("x" * 20, ""),)], (20, 1)).endswith("x" * 20)


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"COLORTERM": "truecolor"}, True), ({"TERM": "vt100"}, True)],
)
def test_colours_are_those_of_the_terminal_unless_somebody_wants_none(
    environment: dict[str, str], coloured: bool
) -> None:
    sent = painter(**environment).painted([(("x", "error"),)], (20, 1))

    assert ("\x1b[1;31mx" in sent) == coloured
    assert "\x1b[1" in sent


@pytest.mark.parametrize("style", STYLES)
def test_a_text_comes_out_as_it_went_in(style: str) -> None:
    assert "[red]x[/] " in painter().painted([(("[red]x[/] ", style),)], (20, 1))


def test_a_terminal_without_unicode_gets_what_it_knows() -> None:
    plain = Painter(Console(file=io.StringIO(), force_terminal=True, _environ={}), "ANSI_X3.4-1968")
    sent = plain.painted([((FULL * 2 + EMPTY + "…", ""),)], (20, 1))

    assert "##-~" in sent
    assert sent.isascii()
