"""Rows of text as what a terminal is sent: only the rows that have changed, in the colours that it has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS, Console
from rich.style import Style

from holter.screen.table import EMPTY, FULL
from holter.screen.text import ELLIPSIS, Row, width_of

STYLES: Mapping[str, str] = {
    "": "none",
    "dim": "dim",
    "head": "dim underline",
    "name": "bold",
    "title": "bold reverse",
    "key": "bold cyan",
    "cursor": "reverse",
    "paused": "bold reverse yellow",
    "track": "bright_black",
    "calm": "green",
    "half": "yellow",
    "risk": "bold red",
    "over": "bold red",
    "expired": "bold red reverse",
    "note": "cyan",
    "warning": "yellow",
    "error": "bold red",
}
"""What each name of a style looks like. None of them is the only sign of what it says."""

PLAIN = str.maketrans({FULL: "#", EMPTY: "-", ELLIPSIS: "~"})
"""What is put where a terminal knows no Unicode."""

ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l"
"""The alternate screen, without a cursor; what is too wide is cut off."""

LEAVE = "\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l"
"""The screen that was there before, as it was."""

_CLEAR_REST = "\x1b[0m\x1b[K"  # behind the last column it would take that too


class Painter:
    """Keeps what a terminal shows, and says what changes it."""

    def __init__(self, console: Console, encoding: str = "utf-8") -> None:
        self._plain = None if encoding.lower().startswith("utf") else PLAIN
        self._styles = {name: _ansi(Style.parse(said), console) for name, said in STYLES.items()}
        self._shown: list[Row] = []
        self._size = (0, 0)

    def forget(self) -> None:
        """Take it that the terminal shows something else now."""
        self._size = (0, 0)

    def painted(self, rows: Sequence[Row], size: tuple[int, int]) -> str:
        """Return what makes a terminal of a size, in columns and lines, show some rows."""
        whole = size != self._size
        before: list[Row | None] = [None] * len(rows) if whole else [*self._shown]
        self._shown, self._size = [*rows], size
        changed = [
            f"\x1b[{number};1H{self._row(row)}{_CLEAR_REST if _width(row) < size[0] else ''}"
            for number, (row, old) in enumerate(zip(rows, before, strict=True), 1)
            if row != old
        ]
        return ("\x1b[0m\x1b[2J" if whole else "") + "".join(changed)

    def _row(self, row: Row) -> str:
        text = "".join(self._styles[style](text) for text, style in row)
        return text.translate(self._plain) if self._plain else text


def _width(row: Row) -> int:
    return sum(width_of(text) for text, _ in row)


def _ansi(style: Style, console: Console) -> Callable[[str], str]:
    """Return what puts a text in a style, in the colours that the terminal has, else by weight alone."""
    system = COLOR_SYSTEMS[console.color_system] if console.color_system else None
    if console.no_color or system is None:
        style, system = style.without_color, ColorSystem.STANDARD
    return lambda text: style.render(text, color_system=system)
