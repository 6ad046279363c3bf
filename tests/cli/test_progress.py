from __future__ import annotations

import io
import itertools

from holter.cli.progress import watched


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(seconds: float, out: io.StringIO) -> str:
    """What is shown while 1000 items pass in so many seconds."""
    ticks = itertools.count()
    items = watched(
        range(1000), lambda: 500, 1000, label="x.yaml", out=out, now=lambda: next(ticks) * seconds / 16
    )
    assert list(items) == list(range(1000))
    return out.getvalue()


def test_what_takes_long_shows_a_bar_on_a_terminal() -> None:
    text = shown(5, Terminal())

    assert "x.yaml" in text
    assert "100%" in text


def test_what_is_quick_or_not_on_a_terminal_shows_nothing() -> None:
    assert shown(0.5, Terminal()) == ""
    assert shown(5, io.StringIO()) == ""
