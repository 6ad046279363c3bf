"""Bytes of a terminal as keys, and a line that is edited."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holter.screen.keys import LONGEST, Entry, Keyboard


@pytest.mark.parametrize(
    ("data", "keys"),
    [
        (b"p", ["p"]),
        (b"ab\r", ["a", "b", "enter"]),
        (b"\n\x7f\x08", ["enter", "backspace", "backspace"]),
        (b"\x1b", ["escape"]),
        (b"\x1b[A\x1b[1;5Cq", ["q"]),
        (b"\x1bOPq", ["q"]),
        (b"\x1bx", []),
        (b"\x1b\x1b", ["escape", "escape"]),
        (b"\x15\x17\x0c\x07", ["clear", "word", "redraw", "escape"]),
        ("ä漢".encode(), ["ä", "漢"]),
        (b"\x00\x01\xff\t", []),
    ],
)
def test_bytes_are_keys(data: bytes, keys: list[str]) -> None:
    assert list(Keyboard().keys(data)) == keys


def test_a_character_may_come_in_two_parts() -> None:
    keyboard = Keyboard()
    first, second = "ä".encode()

    assert [*keyboard.keys(bytes([first])), *keyboard.keys(bytes([second]))] == ["ä"]


@given(st.binary(max_size=60))
def test_whatever_comes_keys_are_printable_or_named(data: bytes) -> None:
    assert all(key.isprintable() and key for key in Keyboard().keys(data))


def test_a_line_is_edited() -> None:
    entry = Entry("note:", "ab")
    for key in ("c", "backspace", " ", "d", "e", "escape", "enter"):
        entry.press(key)
    assert entry.text == "ab de"
    entry.press("word")
    assert entry.text == "ab"
    entry.press("clear")
    assert entry.text == ""
    entry.press("backspace")
    assert entry.text == ""


def test_a_line_does_not_grow_for_ever() -> None:
    entry = Entry("note:", "x" * LONGEST)
    entry.press("y")

    assert entry.text == "x" * LONGEST
