"""`holter audit`: the heartbeats of recordings, judged from the file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from holter.cli.colour import painted
from holter.cli.options import options
from holter.cli.recording import Recording, found
from holter.errors import UsageError
from holter.lease.audit import Audit
from holter.lease.profile import DOCUMENTED, Profile
from holter.lease.profilefile import named, recorded
from holter.lease.whatif import WhatIf, changed, what_if
from holter.settings import SETTINGS

if TYPE_CHECKING:
    from holter.report.comparison import Row

FORMATS = ("text", "json", "junit", "trace", "html")
_OF_ONE = ("trace", "html")

_T = TypeVar("_T")


@click.command(short_help="Judge the heartbeats of recordings.")
@options("fail_on")
@click.option("--profile", metavar="NAME|FILE", help="Judge by this instead of the profile recorded.")
@click.option("--scale", metavar="F", help="Multiply the limits of --profile; by default as recorded.")
@click.option(
    "--what-if",
    "asked",
    multiple=True,
    metavar="LIMIT=DURATION",
    help="Judge by another limit, such as reportProgressTimeout=5m; several of them give a table.",
)
@click.option("--separately", is_flag=True, help="Judge each file on its own, one report after the other.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="What to write.")
@click.option("-o", "--output", metavar="OUT", help="Write to this file instead of standard output.")
@click.argument("paths", metavar="FILE|DIR|PATTERN...", nargs=-1, required=True)
def command(
    *,
    paths: tuple[str, ...],
    fail_on: str,
    profile: str | None,
    scale: str | None,
    asked: tuple[str, ...],
    separately: bool,
    form: str,
    output: str | None,
) -> int:
    """Judge the heartbeats of recordings.

    Several files are judged as one recording, in the order of time: what was recorded before and after a
    restart, or by several proxies side by side.

    --what-if takes any limit of the profile, or reportProgressTimeout and attemptTimeout in place of every
    pipeline's own. A duration is 90, 90s, 5m, 1h or '30 minutes', and scaled as the recording is. Limits that
    belong together stand in one --what-if with commas between; each further one is a row of a table.

    Exits 1 when there are certain findings at or above --fail-on (with --what-if: by any of those limits)
    or when entries were lost while recording, 2 when a file cannot be read.
    """
    files, others = found(paths), [what_if(text) for text in asked]
    several = separately and len(files) > 1
    if several and (form in _OF_ONE or len(others) > 1):
        what = "a table of --what-if" if len(others) > 1 else f"--format {form}"
        raise UsageError(f"{what} shows one recording: leave out --separately, or give one file")
    if len(others) > 1:
        recording = Recording(files)
        rows = _rows(recording, _profile(recording, profile, scale), others, fail_on)
        _write(output, _table(recording, rows, form), form)
        return 1 if any(_failed(recording, row.audit, fail_on) for row in rows[1:]) else 0
    if form == "html":
        whole = Recording(files)
        return _page(whole, _by(whole, profile, scale, others), fail_on, output)
    groups = [[file] for file in files] if several else [files]
    judged = [_judged(Recording(group), profile, scale, others) for group in groups]
    report = _junit(judged, fail_on) if form == "junit" else _RENDER[form](judged)
    _write(output, report, form)
    return 1 if any(_failed(recording, audit, fail_on) for recording, audit in judged) else 0


def _page(recording: Recording, by: Profile, fail_on: str, output: str | None) -> int:
    """Write the page of a recording; return the exit code."""
    from holter.cli import frozen  # only who wants a page needs all that

    audit, strip = recording.drawn(by, _today())
    _write(output, frozen.render(recording, audit, strip), "html")
    return 1 if _failed(recording, audit, fail_on) else 0


def _by(recording: Recording, profile: str | None, scale: str | None, others: Sequence[WhatIf]) -> Profile:
    by = _profile(recording, profile, scale)
    return others[0].apply(by) if others else by


def _judged(
    recording: Recording, profile: str | None, scale: str | None, others: Sequence[WhatIf]
) -> tuple[Recording, Audit]:
    return recording, recording.audit(_by(recording, profile, scale, others), _today())


def _today() -> date:
    return datetime.now(UTC).date()


def _rows(recording: Recording, profile: Profile, others: Sequence[WhatIf], fail_on: str) -> list[Row]:
    from holter.report.comparison import Row  # as every form of a report, loaded for those who want it

    rows = [Row(None, {}, recording.audit(profile, _today()), fail_on)]
    for other in others:
        judge = other.apply(profile)
        rows.append(Row(other.text, {**changed(judge)}, recording.audit(judge, _today()), fail_on))
    return rows


def _table(recording: Recording, rows: Sequence[Row], form: str) -> str:
    from holter.report import comparison

    if form == "json":
        return comparison.render(rows, recording=recording.name)
    if form != "text":
        raise UsageError(f"--format {form} takes one --what-if at a time")
    return comparison.text(rows, title=recording.title)


def _failed(recording: Recording, audit: Audit, fail_on: str) -> bool:
    lost = recording.lost > 0 and fail_on != "never"
    return lost or any(finding.fails(fail_on) for finding in audit.findings)


def _profile(recording: Recording, name: str | None, scale: str | None) -> Profile:
    kept = [recorded(header.profile) if header.profile else DOCUMENTED for header in recording.headers]
    paths = [reader.path for reader in recording.readers]
    factor = SETTINGS["scale"].read(scale) if scale else _same([one.scale for one in kept], paths, "--scale")
    if name:
        return named(name).scaled(factor)
    unscaled = _same(kept, paths, "--profile")
    return unscaled.scaled(factor / unscaled.scale)


def _same(values: Sequence[_T], paths: Sequence[str], option: str) -> _T:
    for value, path in zip(values, paths, strict=True):
        if value != values[0]:
            raise UsageError(
                f"{path} was not made with the same {option[2:]} as {paths[0]}: choose one with {option}, or "
                "judge each alone with --separately"
            )
    return values[0]


def _text(judged: Sequence[tuple[Recording, Audit]]) -> str:
    from holter.report import text

    reports = []
    for recording, audit in judged:
        places = None if recording.one else recording.places
        report = text.render(audit, title=recording.title, places=places).rstrip()
        reports.append("\n".join([report, *recording.remarks]) + "\n")
    return "\n".join(reports)


def _json(judged: Sequence[tuple[Recording, Audit]]) -> str:
    """Return one report; of several, one a line."""
    import json

    from holter.report.json import value

    values = [
        value(audit, files=recording.files, lost=recording.lost, places=recording.places)
        for recording, audit in judged
    ]
    if len(values) == 1:
        return json.dumps(values[0], indent=1) + "\n"
    return "".join(json.dumps(each) + "\n" for each in values)


def _junit(judged: Sequence[tuple[Recording, Audit]], fail_on: str) -> str:
    from holter.report import junit

    return junit.render(
        [
            junit.suite(audit, name=recording.title, fail_on=fail_on, lost=recording.lost)
            for recording, audit in judged
        ]
    )


def _trace(judged: Sequence[tuple[Recording, Audit]]) -> str:
    from holter.report import trace

    return trace.render(judged[0][1])


_RENDER: dict[str, Callable[[Sequence[tuple[Recording, Audit]]], str]] = {
    "text": _text,
    "json": _json,
    "trace": _trace,
}


def _write(output: str | None, report: str | bytes, form: str) -> None:
    if output is None:
        click.echo(painted(report) if form == "text" and isinstance(report, str) else report, nl=False)
        return
    try:
        Path(output).write_bytes(report if isinstance(report, bytes) else report.encode())
    except OSError as why:
        raise UsageError(f"--output: {output} cannot be written: {why.strerror}") from None
