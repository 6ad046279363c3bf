"""A terminal that is taken and given back."""

from __future__ import annotations

import contextlib
import os
import termios
from collections.abc import Iterator

import pytest
from tests.processes import PATIENCE

from holter.screen.paint import ENTER, LEAVE
from holter.screen.terminal import Terminal


class Pair:
    """Both ends of a terminal."""

    def __init__(self) -> None:
        self.ours, self.theirs = os.openpty()
        self.terminal = Terminal(self.theirs, self.theirs)

    @property
    def mode(self) -> list[object]:
        return termios.tcgetattr(self.theirs)

    def shown(self, length: int) -> str:
        found = b""
        while len(found) < length:
            found += os.read(self.ours, length - len(found))
        return found.decode()


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair()
    yield made
    made.terminal.close()
    os.close(made.ours)
    os.close(made.theirs)


def test_keys_come_one_by_one_while_it_is_taken_and_all_is_as_before_after_it(pair: Pair) -> None:
    before = pair.mode
    pair.terminal.take()
    os.write(pair.ours, b"q")

    assert pair.terminal.read(10) == b"q"
    assert pair.shown(len(ENTER)) == ENTER
    assert pair.mode != before
    pair.terminal.give_back()
    assert pair.mode == before
    assert pair.shown(len(LEAVE)) == LEAVE


def test_it_is_given_back_once(pair: Pair) -> None:
    pair.terminal.take()
    pair.terminal.give_back()
    pair.terminal.give_back()
    os.write(pair.theirs, b".")

    assert pair.shown(len(ENTER) + len(LEAVE) + 1) == f"{ENTER}{LEAVE}."


def test_what_was_taken_twice_is_given_back_as_it_was_first(pair: Pair) -> None:
    before = pair.mode
    pair.terminal.take()
    pair.terminal.take()
    pair.terminal.give_back()

    assert pair.mode == before


def test_ctrl_c_is_still_a_signal(pair: Pair) -> None:
    pair.terminal.take()
    local = pair.mode[3]

    assert isinstance(local, int)
    assert local & termios.ISIG
    assert not local & (termios.ECHO | termios.ICANON)


def test_its_size_is_followed_and_a_usual_one_is_taken_for_none(pair: Pair) -> None:
    assert pair.terminal.size == (80, 24)
    termios.tcsetwinsize(pair.theirs, (50, 200))

    assert pair.terminal.size == (200, 50)


def test_one_that_nobody_else_controls_is_ours(pair: Pair) -> None:
    assert pair.terminal.ours


def test_without_keys_only_the_screen_is_taken() -> None:
    ours, theirs = os.openpty()
    before = termios.tcgetattr(theirs)
    terminal = Terminal(theirs, None)
    terminal.take()
    terminal.write("x")

    assert terminal.read(10) == b""
    assert termios.tcgetattr(theirs) == before
    terminal.close()
    os.close(theirs)
    assert _whole(ours) == f"{ENTER}x{LEAVE}"
    os.close(ours)


def _whole(pty: int) -> str:
    """Return all that was written to a terminal that nobody holds open any more; it comes in parts."""
    found = b""
    with contextlib.suppress(OSError):
        while part := os.read(pty, 200):
            found += part
    return found.decode()


def test_a_terminal_that_has_gone_away_is_no_error() -> None:
    ours, theirs = os.openpty()
    terminal = Terminal(theirs, theirs)
    terminal.take()
    os.close(ours)

    assert terminal.read(10) == b""
    terminal.close()
    assert terminal._outlet.settled(PATIENCE)
    os.close(theirs)
