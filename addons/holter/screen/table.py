"""Open leases as a table: each with a bar that empties towards its deadline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from holter.report.words import flat
from holter.screen.model import LeaseRow, Leases, Level
from holter.screen.text import Row, Span, cell, lasting, row, width_of

SIGNS = {Level.CALM: " ", Level.HALF: "-", Level.RISK: "!", Level.OVER: "X"}
"""What a lease begins with: how much of it is used up, for those who see no colours."""

UNSEEN = "?"
"""What a lease begins with while nobody looks, and nobody knows."""

STYLES = {Level.CALM: "calm", Level.HALF: "half", Level.RISK: "risk", Level.OVER: "over"}
FULL, EMPTY = "\N{BOX DRAWINGS HEAVY HORIZONTAL}", "\N{BOX DRAWINGS LIGHT HORIZONTAL}"

_OVER, _UNSEEN = "EXPIRED", "not seen"
_LEAST = {"task": 6, "activity": 8, "runner": 6, "age": 5, "beat": 5, "lease": 8, "left": 6, "answer": 6}
"""Columns from left to right, and the cells that they take at least."""

_WHOLE = 10
"""Cells up to which a task's name is not cut while there is a column that can be left out."""

_SPARED = ("answer", "age", "runner", "activity", "beat")
"""Columns that a narrow terminal goes without, the first of them first."""

_MOST = (
    ("activity", 14),
    ("runner", 12),
    ("answer", 16),
    ("activity", 28),
    ("runner", 30),
    ("answer", 40),
    ("task", 14),
    ("lease", 40),
)
"""In what order columns get more, as far as they need it, and up to how many cells."""

_RIGHT = ("age", "beat", "left")

_ENDLESS = 1000

_MARGIN = "   "
_WIDE = 100
"""Columns of a terminal from which on there are two cells between those of the table, and not one."""


def table(leases: Leases, width: int, most: int) -> list[Row]:
    """Return a head, as many leases as there is room for, and a row that tells of the rest."""
    if not leases.open:
        return [row(("   no open leases", "dim"), width=width)][: max(0, most)]
    if most < 2:
        return []
    shown = leases.fitting(most - 1 if leases.open < most else most - 2)
    widths = _widths(shown, width)
    rows = [_head(widths, width), *(_lease(one, widths, width, seen=leases.seen) for one in shown)]
    if leases.open > len(shown):
        rows.append(_rest(leases, shown, width))
    return rows


def bar(share: float, width: int, style: str) -> tuple[Span, Span]:
    """Return what is left of a lease as so many full cells, and what is used up as empty ones."""
    full = 0 if share >= 1 else max(1, round((1 - share) * width))
    return (FULL * full, style), (EMPTY * (width - full), "track")


def _instead(word: str, style: str, width: int) -> tuple[Span, Span]:
    """Return a word in place of what is left of a lease."""
    return (word, style), (EMPTY * (width - len(word)), "track")


def _widths(shown: Sequence[LeaseRow], width: int) -> Mapping[str, int]:
    """Share the width out: every column has its least, and what is left over goes where it is needed."""
    given = {**_LEAST, "task": max(_LEAST["task"], min(_need("task", shown), _WHOLE))}
    for name in _SPARED:
        if _spare(given, width) < 0:
            del given[name]
    spare = max(0, _spare(given, width))
    for name, most in _MOST:
        if name in given:
            more = min(spare, max(0, min(_need(name, shown), most) - given[name]))
            given[name] += more
            spare -= more
    return given


def _spare(given: Mapping[str, int], width: int) -> int:
    """Return how many cells are left besides these columns, the space between them and the margins."""
    gaps = (len(given) - 1) * len(_gap(width))
    return width - len(_MARGIN) - 1 - sum(given.values()) - gaps


def _need(name: str, shown: Sequence[LeaseRow]) -> int:
    """Return how many cells a column can make use of; a bar can of any number."""
    if name == "lease":
        return _ENDLESS
    return max((width_of(flat(getattr(one, name))) for one in shown), default=0)


def _gap(width: int) -> str:
    return "  " if width >= _WIDE else " "


def _head(widths: Mapping[str, int], width: int) -> Row:
    names = (cell(name, wide, right=name in _RIGHT) for name, wide in widths.items())
    return row((_MARGIN, ""), (_gap(width).join(names), "head"), width=width)


def _lease(one: LeaseRow, widths: Mapping[str, int], width: int, *, seen: bool) -> Row:
    """Return a row; what was over before nobody looked any more is over, of all else nobody knows."""
    known, gap = (seen and not one.unknown) or one.level is Level.OVER, (_gap(width), "")
    sign, style = (SIGNS[one.level], STYLES[one.level]) if known else (UNSEEN, "dim")
    cells = {**_cells(one, widths, style, urgent=known and one.level >= Level.RISK)}
    if not known:
        cells |= {"lease": _instead(_UNSEEN, "dim", widths["lease"]), "left": ((" " * widths["left"], ""),)}
    spans = [span for name in widths for span in (gap, *cells[name])]
    return row((f" {sign} ", style), *spans[1:], width=width)


def _cells(one: LeaseRow, widths: Mapping[str, int], style: str, *, urgent: bool) -> Mapping[str, Row]:
    """Return what a row says in each of its columns."""
    late = one.level is Level.OVER
    said = {
        "task": (one.task, style if urgent else "name"),
        "activity": (one.activity, ""),
        "runner": (one.runner, ""),
        "age": ("" if one.age is None else lasting(one.age), "dim"),
        "beat": (UNSEEN if one.unsure else "none" if one.beat is None else lasting(one.beat), ""),
        "left": (lasting(one.left), style if urgent else ""),
        "answer": (one.answer, "dim" if one.answer == "ok" else ""),
    }
    found: dict[str, Row] = {
        name: ((cell(text, widths[name], right=name in _RIGHT), look),)
        for name, (text, look) in said.items()
        if name in widths
    }
    wide = widths["lease"]
    return {**found, "lease": _instead(_OVER, "expired", wide) if late else bar(one.share, wide, style)}


def _rest(leases: Leases, shown: Sequence[LeaseRow], width: int) -> Row:
    late = leases.late - sum(one.level is Level.OVER for one in shown)
    expired = f", {late:,} of them expired" if late else ""
    calm = f"the calmest has {max(0.0, 1 - leases.calmest):.0%} of its lease left"
    more = f"   and {leases.open - len(shown):,} more{expired}; {calm if leases.seen else 'none is seen now'}"
    return row((more, "dim"), width=width)
