"""Text in the cells of a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holter.screen.text import cell, fitted, flowed, lasting, row, width_of, wrapped

ANY = st.text(max_size=40) | st.text(st.sampled_from("a漢é\u0301\u202e\x1b\x9b\r\n[]🙂"), max_size=40)


@given(ANY, st.integers(0, 30))
def test_nothing_is_wider_than_its_place_or_steers_a_terminal(text: str, width: int) -> None:
    shown = fitted(text, width)

    assert width_of(shown) <= width
    assert shown.isprintable()
    assert width_of(cell(text, width)) == width == width_of(cell(text, width, right=True))


@given(st.lists(st.tuples(ANY, st.just("")), max_size=5), st.integers(0, 30))
def test_a_row_is_not_wider_than_its_place(spans: list[tuple[str, str]], width: int) -> None:
    assert sum(width_of(text) for text, _ in row(*spans, width=width)) <= width


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("task-1", 6, "task-1"),
        ("task-12", 6, "task-…"),
        ("漢字漢字", 5, "漢字…"),
        ("a\x1b[31mb", 20, "a [31mb"),
        ("[red]x[/]", 20, "[red]x[/]"),
        ("x", 0, ""),
    ],
)
def test_what_is_cut_off_is_said(text: str, width: int, shown: str) -> None:
    assert fitted(text, width) == shown


def test_an_empty_span_hides_none_behind_it() -> None:
    assert row(("a", ""), ("", ""), ("b", ""), width=5) == (("a", ""), ("b", ""))


def test_items_stand_beside_each_other_on_as_many_rows_as_there_may_be() -> None:
    items = [((name, ""),) for name in ("one", "two", "three", "four")]
    read = ["".join(text for text, _ in found) for found in flowed(items, 12, most=9)]

    assert read == ["one   two", "three   four"]
    assert ["".join(text for text, _ in found) for found in flowed(items, 14, most=1)] == ["one   two   …"]
    assert flowed([], 12, most=2) == []


@given(st.text(max_size=60), st.integers(2, 20))
def test_a_wrapped_text_can_be_put_together_again(text: str, width: int) -> None:
    lines = wrapped(text, width)

    assert "".join(lines) == "".join(one if one.isprintable() else " " for one in text)
    assert all(width_of(line) <= width for line in lines)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0.0s"),
        (4.24, "4.2s"),
        (9.94, "9.9s"),
        (9.96, "9s"),
        (42.9, "42s"),
        (60, "1:00"),
        (3599, "59:59"),
        (3600, "1h00"),
        (7625, "2h07"),
        (359_999, "99h59"),
        (360_000, "4d04"),
        (-12, "-12s"),
        (-0.04, "-0.0s"),
    ],
)
def test_durations_are_short(seconds: float, said: str) -> None:
    assert lasting(seconds) == said


@given(st.floats(-8_000_000, 8_000_000))
def test_durations_fit_their_column(seconds: float) -> None:
    assert len(lasting(seconds)) <= 5 + (seconds < 0)
