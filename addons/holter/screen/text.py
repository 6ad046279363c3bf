"""Text in the cells of a terminal: none of it steers the terminal, or is wider than its place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from rich.cells import cell_len, set_cell_size

from holter.report.words import flat

Span: TypeAlias = tuple[str, str]
"""A text and the name of its style, one of `paint.STYLES`."""

Row: TypeAlias = tuple[Span, ...]

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


def fitted(text: str, width: int) -> str:
    """Return a text that takes at most so many cells; an ellipsis stands for what is cut off."""
    line = flat(text)
    if width_of(line) <= width:
        return line
    return set_cell_size(line, width - 1).rstrip() + ELLIPSIS if width > 0 else ""


def cell(text: str, width: int, *, right: bool = False) -> str:
    """Return a text that takes exactly so many cells."""
    line = fitted(text, width)
    space = " " * (width - width_of(line))
    return space + line if right else line + space


def width_of(text: str) -> int:
    """Return how many cells a text takes."""
    return len(text) if text.isascii() else cell_len(text)


def row(*spans: Span, width: int) -> Row:
    """Return spans as one row that is at most so wide."""
    found, left = list[Span](), width
    for text, style in spans:
        if shown := fitted(text, left):
            found.append((shown, style))
            left -= width_of(shown)
    return tuple(found)


def flowed(items: Iterable[Row], width: int, *, most: int, gap: str = "   ") -> list[Row]:
    """Return items beside each other, on as many rows as they need, at most so many.

    Where there is no room for all, the last row ends with an ellipsis.
    """
    rows: list[list[Span]] = [[]]
    for item in items:
        taken = sum(width_of(flat(text)) for text, _ in rows[-1])
        wide = sum(width_of(flat(text)) for text, _ in item)
        if rows[-1] and taken + len(gap) + wide > width:
            if len(rows) == most:
                rows[-1].append((gap + ELLIPSIS, "dim"))
                break
            rows.append([])
        rows[-1] += [*([(gap, "")] if rows[-1] else []), *item]
    return [row(*spans, width=width) for spans in rows if spans]


def wrapped(text: str, width: int) -> list[str]:
    """Return a text on as many lines as it needs, cut anywhere so that it can be pasted."""
    lines, line, used = list[str](), "", 0
    for character in flat(text):
        wide = width_of(character)
        if used + wide > width and line:
            lines.append(line)
            line, used = "", 0
        line, used = line + character, used + wide
    return [*lines, line]


def lasting(seconds: float) -> str:
    """Return a duration in at most six characters: 4.2s, 42s, 7:05, 2h07, 3d04; below 0 with a minus."""
    if seconds < 0:
        return f"-{lasting(-seconds)}"
    if seconds < 9.95:
        return f"{seconds:.1f}s"
    whole = int(seconds)
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02}"
    hours = whole // 3600
    return f"{hours}h{whole // 60 % 60:02}" if hours < 100 else f"{hours // 24}d{hours % 24:02}"
