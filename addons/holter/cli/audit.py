"""`holter audit`: the heartbeats of recordings, judged from the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import click

from holter.cassette.reader import Reader, open_cassette
from holter.cli.files import cassettes
from holter.cli.options import options
from holter.cli.progress import watched
from holter.errors import CassetteError, UsageError
from holter.lease.audit import Audit, audited
from holter.lease.profile import DOCUMENTED, Profile
from holter.lease.profilefile import named, recorded
from holter.report import json, text
from holter.settings import SETTINGS
from holter.wire.message import Interaction, Mark

FORMATS = ("text", "json")


class _File:
    """One recording being read: what it holds, where each interaction stands, what was lost."""

    def __init__(self, path: Path) -> None:
        self.reader: Reader = open_cassette(str(path))
        self.size = path.stat().st_size
        self.lines: dict[int, int] = {}
        self.lost = 0
        self.timed = False

    def entries(self) -> Iterator[Interaction | Mark]:
        """Yield everything, taking notes on the way."""
        reader = self.reader
        for entry in watched(reader, lambda: reader.end, self.size, label=reader.path):
            value = entry.value
            if isinstance(value, Interaction):
                self.lines[value.seq] = entry.line
                self.timed = self.timed or value.asked is not None
            elif value.what == "lost":
                count = value.more.get("count")
                self.lost += count if isinstance(count, int) else 1
            yield value


@click.command(short_help="Judge the heartbeats of recordings.")
@options("fail_on")
@click.option("--profile", metavar="NAME|FILE", help="Judge by this instead of the profile recorded.")
@click.option("--scale", metavar="F", help="Multiply the limits of --profile; by default as recorded.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="What to write.")
@click.option("-o", "--output", metavar="OUT", help="Write to this file instead of standard output.")
@click.argument("paths", metavar="FILE|DIR...", nargs=-1, required=True, type=click.Path(path_type=Path))
def command(
    *,
    paths: tuple[Path, ...],
    fail_on: str,
    profile: str | None,
    scale: str | None,
    form: str,
    output: str | None,
) -> int:
    """Judge the heartbeats of recordings.

    Exits 1 when there are certain findings at or above --fail-on or when entries were lost while
    recording, 2 when a file cannot be read.
    """
    reports: list[str] = []
    failed = False
    files = list(cassettes(paths))
    if form == "json" and len(files) > 1:
        raise UsageError("--format json takes one recording at a time")
    for path in files:
        file = _File(path)
        audit = audited(file.entries(), _profile(file.reader, profile, scale))
        if not file.timed and file.lines:
            raise CassetteError(f"{path}: holds no times, so that nothing can be audited")
        lost = file.lost > 0 and fail_on != "never"
        failed = failed or lost or any(finding.fails(fail_on) for finding in audit.findings)
        reports.append(_RENDER[form](path, file, audit))
    _write(output, "\n".join(reports))
    return 1 if failed else 0


def _profile(reader: Reader, name: str | None, scale: str | None) -> Profile:
    kept = recorded(reader.header.profile) if reader.header.profile else DOCUMENTED
    factor = SETTINGS["scale"].read(scale) if scale else kept.scale
    if name:
        return named(name).scaled(factor)
    return kept.scaled(factor / kept.scale)


def _text(path: Path, file: _File, audit: Audit) -> str:
    torn = f"\n{file.reader.torn}" if file.reader.torn else ""
    lost = f"\n{file.lost} entries were lost while recording" if file.lost else ""
    return text.render(audit, title=str(path)).rstrip() + torn + lost + "\n"


def _json(_path: Path, file: _File, audit: Audit) -> str:
    recording = file.reader.header.recording
    return json.render(audit, recording=recording, lost=file.lost, lines=file.lines)


_RENDER: dict[str, Callable[[Path, _File, Audit], str]] = {"text": _text, "json": _json}


def _write(output: str | None, report: str) -> None:
    if output is None:
        click.echo(report, nl=False)
        return
    try:
        Path(output).write_text(report, encoding="utf-8")
    except OSError as why:
        raise UsageError(f"--output: {output} cannot be written: {why.strerror}") from None
