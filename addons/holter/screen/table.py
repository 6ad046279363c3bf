"""Open leases as a table: each with a bar that empties towards its deadline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from holter.report.words import flat
from holter.screen.model import LeaseRow, Leases, Level
from holter.screen.text import Row, Span, cell, lasting, row, width_of

SIGNS = {Level.CALM: " ", Level.HALF: "-", Level.RISK: "!", Level.OVER: "X"}
"""What a lease begins with: how much of it is used up, for those who see no colours."""

STYLES = {Level.CALM: "calm", Level.HALF: "half", Level.RISK: "risk", Level.OVER: "over"}
FULL, EMPTY = "\N{BOX DRAWINGS HEAVY HORIZONTAL}", "\N{BOX DRAWINGS LIGHT HORIZONTAL}"

_OVER = "EXPIRED"
_TIME, _LEFT = 5, 6
_LEAST = {"task": 6, "activity": 8, "runner": 6, "bar": 8, "answer": 6}
_MOST = (
    ("task", 10),
    ("activity", 14),
    ("runner", 12),
    ("answer", 16),
    ("activity", 28),
    ("runner", 30),
    ("answer", 40),
    ("task", 14),
    ("bar", 40),
)
"""Columns, the cells that they take at least, and in what order they get more, as far as they need it."""

_ENDLESS = 1000

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
    rows = [_head(widths, width), *(_lease(one, widths, width) for one in shown)]
    if leases.open > len(shown):
        rows.append(_rest(leases, shown, width))
    return rows


def bar(share: float, width: int, style: str) -> tuple[Span, Span]:
    """Return what is left of a lease as so many full cells, and what is used up as empty ones."""
    full = 0 if share >= 1 else max(1, round((1 - share) * width))
    return (FULL * full, style), (EMPTY * (width - full), "track")


def _expired(width: int) -> tuple[Span, Span]:
    return (_OVER, "expired"), (EMPTY * (width - len(_OVER)), "track")


def _widths(shown: Sequence[LeaseRow], width: int) -> Mapping[str, int]:
    """Share the width out: every column has its least, and what is left over goes where it is needed."""
    given = dict(_LEAST)
    gaps = 7 * len(_gap(width))
    spare = max(0, width - 4 - sum(given.values()) - 2 * _TIME - _LEFT - gaps)
    for name, most in _MOST:
        more = min(spare, max(0, min(_need(name, shown), most) - given[name]))
        given[name] += more
        spare -= more
    return given


def _need(name: str, shown: Sequence[LeaseRow]) -> int:
    """Return how many cells a column can make use of; a bar can of any number."""
    if name == "bar":
        return _ENDLESS
    return max((width_of(flat(getattr(one, name))) for one in shown), default=0)


def _gap(width: int) -> str:
    return "  " if width >= _WIDE else " "


def _head(widths: Mapping[str, int], width: int) -> Row:
    names = (
        *(cell(name, widths[name]) for name in ("task", "activity", "runner")),
        *(f"{name:>{_TIME}}" for name in ("age", "beat")),
        cell("lease", widths["bar"]),
        f"{'left':>{_LEFT}}",
        cell("answer", widths["answer"]),
    )
    return row(("   ", ""), (_gap(width).join(names), "head"), width=width)


def _lease(one: LeaseRow, widths: Mapping[str, int], width: int) -> Row:
    style, gap = STYLES[one.level], _gap(width)
    late, urgent = one.level is Level.OVER, one.level >= Level.RISK
    age = "" if one.age is None else lasting(one.age)
    beat = "none" if one.beat is None else lasting(one.beat)
    gauge = _expired(widths["bar"]) if late else bar(one.share, widths["bar"], style)
    return row(
        (f" {SIGNS[one.level]} ", style),
        (cell(one.task, widths["task"]), style if urgent else "name"),
        (gap + cell(one.activity, widths["activity"]), ""),
        (gap + cell(one.runner, widths["runner"]), ""),
        (f"{gap}{age:>{_TIME}}", "dim"),
        (f"{gap}{beat:>{_TIME}}{gap}", ""),
        *gauge,
        (f"{gap}{lasting(one.left):>{_LEFT}}{gap}", style if urgent else ""),
        (cell(one.answer, widths["answer"]), "dim" if one.answer == "ok" else ""),
        width=width,
    )


def _rest(leases: Leases, shown: Sequence[LeaseRow], width: int) -> Row:
    late = leases.late - sum(one.level is Level.OVER for one in shown)
    expired = f", {late:,} of them expired" if late else ""
    calm = f"the calmest has {max(0.0, 1 - leases.calmest):.0%} of its lease left"
    return row((f"   and {leases.open - len(shown):,} more{expired}; {calm}", "dim"), width=width)
