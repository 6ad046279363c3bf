"""`holter show`: the calls of a recording as a table, or one of them whole."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

import click

from holter.cassette.reader import Entry, Reader, open_cassette
from holter.cli.progress import Watched
from holter.errors import UsageError
from holter.report.selection import Selection, When, when
from holter.report.table import HEADING, mark_row, row, whole
from holter.wire.message import Interaction
from holter.wire.operations import OPERATIONS


def _moment(_ctx: click.Context, param: click.Parameter, text: str | None) -> When | None:
    try:
        return None if text is None else when(text)
    except ValueError as why:
        raise UsageError(f"{param.opts[0]}: {why}") from None


def _operation(_ctx: click.Context, _param: click.Parameter, text: str | None) -> str | None:
    if text is None:
        return None
    known = {name.lower(): name for name in OPERATIONS}
    if text.lower() not in known:
        raise UsageError(f"--op: {text!r} is none of {', '.join(OPERATIONS)}")
    return known[text.lower()]


@click.command(short_help="Show the calls of a recording.")
@click.option("--task", metavar="ALIAS", help="Only calls about this task, such as task-1.")
@click.option("--op", metavar="NAME", callback=_operation, help="Only calls of this operation.")
@click.option("--from", "since", metavar="TIME", callback=_moment, help="Only what was asked from here on.")
@click.option("--to", "until", metavar="TIME", callback=_moment, help="Only what was asked up to here.")
@click.option("--errors", is_flag=True, help="Only calls that were refused or got no answer.")
@click.option("--marks", is_flag=True, help="Show marks too.")
@click.argument("file")
@click.argument("seq", required=False, type=click.IntRange(1))
def command(*, file: str, seq: int | None, marks: bool, **filters: Any) -> None:
    """Show the calls of a recording as a table, or the call with number SEQ whole.

    A TIME is a number of seconds since the recording began, or an ISO 8601 time such as
    2026-11-21T01:20:03Z. On a terminal, the output goes through a pager.
    """
    reader = open_cassette(file)
    shown = Watched(reader, lambda: reader.end, os.path.getsize(file), label=file)
    paged = sys.stdout.isatty()
    if not paged:
        shown.hush()
    if seq is not None:
        if marks or any(filters.values()):
            raise UsageError("SEQ is one call: leave the filters out")
        lines = _one(file, shown, seq)
    else:
        lines = _table(shown, Selection(**filters, start=_start(reader)), marks)
    if paged:
        _paged(lines, shown)
    else:
        sys.stdout.writelines(f"{line}\n" for line in lines)  # click.echo would flush every line
    if reader.torn:
        click.echo(f"holter: {reader.torn}", err=True)


def _start(reader: Reader) -> float | None:
    if reader.header.started is not None:
        return reader.header.started
    return next((entry.value.at for entry in reader if entry.value.at is not None), None)


def _paged(lines: Iterator[str], shown: Watched[Entry]) -> None:
    """Give the lines to a pager as they come, from the first screenful on; what is shown till then, ends."""
    first = list(islice(lines, shutil.get_terminal_size().lines))
    shown.hush()
    click.echo_via_pager(f"{line}\n" for line in chain(first, lines))


def _table(entries: Iterable[Entry], selection: Selection, marks: bool) -> Iterator[str]:
    yield HEADING
    for entry, seq in _numbered(entries):
        if isinstance(entry.value, Interaction):
            if selection.takes(entry.value):
                yield row(entry.line, seq, entry.value)
        elif marks and selection.takes(entry.value):
            yield mark_row(entry.line, entry.value)


def _one(file: str, entries: Iterable[Entry], wanted: int) -> Iterator[str]:
    """Return the lines of one call; looked for before anything is printed."""
    for entry, seq in _numbered(entries):
        if seq == wanted and isinstance(entry.value, Interaction):
            return whole(entry.line, seq, entry.value)
    raise UsageError(f"{file}: holds no call {wanted}")


def _numbered(entries: Iterable[Entry]) -> Iterator[tuple[Entry, int]]:
    """Yield all entries; a call that has no number, being written by hand, counts on from the last."""
    seq = 0
    for entry in entries:
        if isinstance(entry.value, Interaction):
            seq = entry.value.seq or seq + 1
        yield entry, seq
