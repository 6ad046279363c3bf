"""`holter check`: is a cassette valid, free of secrets, and true to the protocol."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from holter.cassette.inspection import Inspector, Remark
from holter.cassette.reader import open_cassette
from holter.cli.files import cassettes
from holter.cli.progress import Watched
from holter.errors import CassetteError
from holter.report.words import counted, flat
from holter.wire.message import Interaction, Json

VERSION = 1
TORN, UNREADABLE = "torn", "unreadable"


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the outcome; `line` is where the document begins, `message` says the rest in words."""

    file: str
    kind: str
    message: str
    line: int | None = None
    seq: int | None = None
    op: str | None = None
    path: str | None = None

    def __str__(self) -> str:
        if self.line is None:
            return self.message  # an error of the reader says the place itself
        call = f"call {self.seq} {self.op}: " if self.op else ""
        return flat(f"{self.file}:{self.line}: {call}{self.message}")


@click.command(short_help="Look for secrets and breaches of the protocol in recordings.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="What to write.")
@click.argument("paths", metavar="FILE|DIR...", nargs=-1, required=True, type=click.Path(path_type=Path))
def command(*, paths: tuple[Path, ...], form: str) -> int:
    """Look for secrets and breaches of the protocol in recordings.

    Every document is read, held against what redaction masks, and against the operation tables. A secret
    is told by its place, never by what it is. Exits 1 when something is wrong with a file that can be
    read, 2 when one cannot.
    """
    problems: list[Problem] = []
    files = list(cassettes(paths))
    for path in files:
        found = list(_checked(path))  # before a line is written: it would land in the bar
        problems += found
        for problem in found if form == "text" else ():
            click.echo(str(problem))
    counts = Counter(problem.kind for problem in problems)
    if form == "json":
        click.echo(json.dumps(_value(files, problems, counts), indent=1))
    else:
        click.echo(_summary(len(files), counts), err=True)
    return 2 if counts[UNREADABLE] else 1 if counts else 0


def _checked(path: Path) -> Iterator[Problem]:
    name = str(path)
    try:
        reader = open_cassette(name)
        inspector = Inspector(reader.header)
        for remark in inspector.header():
            yield _problem(name, 1, remark)
        for entry in Watched(reader, lambda: reader.end, path.stat().st_size, label=name):
            for remark in inspector.entry(entry.value):
                call = entry.value if isinstance(entry.value, Interaction) else None
                yield _problem(name, entry.line, remark, call)
    except CassetteError as wrong:
        yield Problem(name, UNREADABLE, str(wrong))
        return
    if reader.torn:
        yield Problem(name, TORN, reader.torn)


def _problem(file: str, line: int, remark: Remark, call: Interaction | None = None) -> Problem:
    return Problem(
        file,
        remark.kind.value,
        str(remark),
        line,
        call.seq if call else None,
        call.op if call else None,
        remark.path,
    )


def _value(files: list[Path], problems: list[Problem], found: Counter[str]) -> dict[str, Json]:
    said: list[Json] = [{name: getattr(problem, name) for name in Problem.__slots__} for problem in problems]
    kinds = ("secret", "protocol", TORN, UNREADABLE)
    return {
        "version": VERSION,
        "files": [str(path) for path in files],
        "problems": said,
        "summary": {kind: found[kind] for kind in kinds},
    }


def _summary(files: int, found: Counter[str]) -> str:
    said = ", ".join(f"{count} {kind}" for kind, count in sorted(found.items())) or "nothing wrong"
    return f"holter: {counted(files, 'file')} checked: {said}"
