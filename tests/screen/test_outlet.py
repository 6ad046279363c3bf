"""A thread that writes to a terminal, so that nobody has to wait for one."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.processes import PATIENCE

from holter.screen.outlet import Outlet


@contextmanager
def piped() -> Iterator[tuple[Outlet, int]]:
    """An outlet into a pipe, and the end that is read."""
    reading, writing = os.pipe()
    outlet = Outlet(writing)
    try:
        yield outlet, reading
    finally:
        outlet.close()
        os.close(reading)
        outlet.settled(PATIENCE)
        os.close(writing)


def test_texts_come_in_the_order_in_which_they_were_sent() -> None:
    with piped() as (outlet, reading):
        for text in ("a", "", "ä\ud800", "c"):
            outlet.send(text)

        assert outlet.settled(PATIENCE)
        assert not outlet.busy
        assert os.read(reading, 100) == "aä?c".encode()


def test_who_does_not_read_holds_nobody_up() -> None:
    with piped() as (outlet, reading):
        begun = time.perf_counter()
        outlet.send("x" * 1_000_000)
        outlet.send("y")
        took = time.perf_counter() - begun

        assert outlet.busy
        assert not outlet.settled(0.05)
        assert took < 1
        left = 1_000_001
        while left:
            left -= len(os.read(reading, 65536))
        assert outlet.settled(PATIENCE)


def test_a_terminal_that_has_gone_away_is_not_written_to_any_more() -> None:
    reading, writing = os.pipe()
    outlet = Outlet(writing)
    os.close(reading)
    outlet.send("a")
    assert outlet.settled(PATIENCE)
    outlet.send("b")

    assert outlet.settled(PATIENCE)
    outlet.close()
    os.close(writing)


def test_the_thread_ends_with_it() -> None:
    with piped() as (outlet, _):
        outlet.send("a")
        outlet.close()
        outlet._thread.join(PATIENCE)

        assert not outlet._thread.is_alive()
