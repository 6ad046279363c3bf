"""Lays the board out in rows of text, as wide and as high as the terminal is now."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from holter.faults.roster import Row as Fault
from holter.lease.finding import Finding, State
from holter.lease.rules import Severity
from holter.report.words import clock, flat
from holter.screen.model import Board
from holter.screen.news import excused
from holter.screen.table import table
from holter.screen.text import Row, Span, flowed, lasting, row, width_of, wrapped

KEYS = (
    ("p", "pause", "let calls pass unseen, neither kept nor judged; again: go on"),
    ("f", "fault", "arm a fault, such as ReportTaskProgress:cancel:at_most=1, or one of those by its number"),
    ("d", "disarm", "take a fault out, by its number or name"),
    ("m", "mark", "write a note into the recording"),
    ("?", "help", "show this, how to start the runner, and where the page is"),
    ("q", "quit", "end the run, as Ctrl-C does"),
)
_BLANK: Row = ()
_SAID = 3
"""Rows that the answer to a key may take."""

_LOW, _SMALL = 20, 8
"""Rows of a terminal below which totals take one row each; rows in the middle below which leases have all."""

_AROUND = 7
"""Rows besides those of leases and findings: title, totals, head, the line of the keys, space between."""


@dataclass(frozen=True, slots=True)
class Aside:
    """What the board shows besides the run: what it is called, how to start the runner, and what was said.

    `prompt` is a question and what is being typed to answer it, `said` what the last key came to, which was
    refused where it is `wrong`. `troubles` are lines about Holter itself, the latest last.
    """

    title: str
    start: Sequence[str] = ()
    keys: bool = True
    help: bool = False
    prompt: tuple[str, str] | None = None
    said: str = ""
    wrong: bool = False
    troubles: Sequence[str] = ()


def room(height: int) -> tuple[int, int]:
    """Return how many leases and how many findings are worth asking for, at a height in rows."""
    return max(1, height - _AROUND), max(1, height // 3)


def frame(board: Board, aside: Aside, width: int, height: int) -> list[Row]:
    """Return exactly as many rows as the terminal has, none wider than it."""
    top = [_title(board, aside, width), *_totals(board, width, most=2 if height >= _LOW else 1)]
    bottom = [*_said(aside, width), _line(aside, width)]
    top = top[: max(0, height - len(bottom))]
    space = max(0, height - len(top) - len(bottom))
    middle = _middle(board, aside, width, space)
    middle += [_BLANK] * (space - len(middle))
    return [*top, *middle[:space], *bottom][-height:]


def _middle(board: Board, aside: Aside, width: int, space: int) -> list[Row]:
    if aside.help:
        return [_BLANK, *_help(width), _BLANK, *_start(aside, width)]
    if not (board.leases.open or board.calls or board.findings):
        return [_BLANK, *_start(aside, width)]
    findings = _findings(board, width, most=space // 3) if space >= _SMALL else []
    leases = table(board.leases, width, space - len(findings) - 2)
    return [_BLANK, *leases, *[_BLANK] * (space - len(findings) - len(leases) - 1), *findings]


def _title(board: Board, aside: Aside, width: int) -> Row:
    scale = "" if board.scale == 1 else f", times x {board.scale:g}"
    right = f"{board.profile}{scale}   {lasting(board.running)} "
    paused: list[Span] = [(" PAUSED, calls pass unseen ", "paused"), (" ", "")] if board.paused else []
    names: list[Span] = [(" holter ", "title"), *paused, (aside.title, "")]
    left = row(*names, width=max(0, width - width_of(right) - 2))
    space = " " * max(2, width - sum(width_of(text) for text, _ in left) - width_of(right))
    return row(*left, (space, ""), (right, "dim"), width=width)


def _totals(board: Board, width: int, most: int) -> list[Row]:
    calls: list[Row] = [_count(board.calls, "call"), *(_count(n, name) for name, n in board.operations)]
    return [
        ((" ", ""), *one)
        for rows in (
            flowed([*_leases(board), *_counts(board)], width - 1, most=most),
            flowed([*calls, ((f"{board.in_flight:,}", ""), (" on the way", "dim"))], width - 1, most=most),
            flowed(_faults(board), width - 1, most=most),
        )
        for one in rows
    ]


def _count(number: int, word: str, style: str = "") -> Row:
    """Return `1 call`, `2 calls`, and the name of an operation as it is."""
    plural = "s" if number != 1 and word.islower() else ""
    return (f"{number:,}", style), (f" {word}{plural}", style or "dim")


def _leases(board: Board) -> Iterator[Row]:
    yield _count(board.leases.open, "open lease")
    if board.leases.late:
        yield ((f"{board.leases.late:,} expired", "over"),)


def _counts(board: Board) -> Iterator[Row]:
    for severity in reversed(Severity):
        number = board.counts.get(severity, 0)
        yield _count(number, severity.value, severity.value if number else "")
    if board.excused:
        yield (f"{board.excused:,}", ""), (" excused", "dim")
    yield (f"{board.lost:,}", "over" if board.lost else ""), (" lost", "over" if board.lost else "dim")


def _faults(board: Board) -> Iterator[Row]:
    if board.faults:
        armed = sum(fault.state == "armed" for fault in board.faults)
        yield *_count(armed, "fault"), (f" armed, {board.decided:,} met", "dim")
    for number, fault in enumerate(board.faults, 1):
        yield (f"{number} ", "key"), (fault.name, ""), (f" ({_standing(fault)})", "dim")


def _standing(fault: Fault) -> str:
    left = f", {lasting(fault.left)} left" if fault.left is not None else ""
    return f"{fault.state}, met {fault.met:,}{left}"


def _findings(board: Board, width: int, most: int) -> list[Row]:
    """Return a head, and the findings that came last, the newest first."""
    if not board.findings:
        return [row(("   no findings", "dim"), width=width)]
    total = sum(board.counts.values()) + board.excused
    shown = board.findings[: max(1, most - 1)]
    earlier = f", and {total - len(shown):,} earlier" if total > len(shown) else ""
    head = row(("   ", ""), (f"findings, the newest first{earlier}", "head"), width=width)
    return [head, *(_finding(one, width) for one in shown)]


def _finding(finding: Finding, width: int) -> Row:
    style = "dim" if excused(finding) else finding.severity.value
    doubt = f" {finding.certainty}" if finding.certainty != "certain" else ""
    notes = [
        *(["still open"] if finding.state is State.OPEN else []),
        *(["a fault of ours"] if finding.cause == "fault" else []),
        *([f"suppressed: {finding.suppressed}"] if finding.suppressed else []),
    ]
    return row(
        (f"   {clock(finding.at)[:8]}  ", "dim"),
        (f"{str(finding.severity).upper()}{doubt} {finding.rule}", style),
        (f" ({', '.join(notes)})" if notes else "", "dim"),
        (f"  {finding.message}", ""),
        width=width,
    )


def _start(aside: Aside, width: int) -> list[Row]:
    lines = (part for line in aside.start for part in wrapped(line, max(1, width - 4)))
    return [row(("   ", ""), (line, ""), width=width) for line in lines]


def _help(width: int) -> list[Row]:
    return [
        row((f"   {key}  ", "key"), (f"{name:8}", "name"), (what, ""), width=width)
        for key, name, what in KEYS
    ]


def _said(aside: Aside, width: int) -> list[Row]:
    rows: list[Row] = []
    if aside.troubles:
        earlier = f"  (and {len(aside.troubles) - 1:,} before)" if len(aside.troubles) > 1 else ""
        rows.append(row((f" {aside.troubles[-1]}{earlier}", "risk"), width=width))
    if aside.said:
        style = "risk" if aside.wrong else "calm"
        lines = textwrap.wrap(flat(aside.said), max(2, width - 1))[:_SAID]
        rows += [row((f" {line}", style), width=width) for line in lines]
    return rows


def _line(aside: Aside, width: int) -> Row:
    """Return the line of the keys, or of what is being typed."""
    if aside.prompt:
        question, typed = aside.prompt
        tail = _tail(typed, width - width_of(question) - 4)
        return row((f" {question} ", "key"), (tail, ""), (" ", "cursor"), width=width)
    if not aside.keys:
        return row((" end with Ctrl-C", "dim"), width=width)
    names = (((f" {key} ", "key"), (name, "dim")) for key, name, _ in KEYS)
    return next(iter(flowed(names, width, most=1, gap="  ")), _BLANK)


def _tail(text: str, width: int) -> str:
    while text and width_of(text) > width:
        text = text[1:]
    return text
