"""`holter convert`: mitmproxy's flows, or a cassette, to a cassette as Holter writes it now."""

from __future__ import annotations

import os
import re
from dataclasses import replace

import click

from holter import conversion
from holter.cassette.chunks import regular
from holter.cassette.reader import open_cassette
from holter.cassette.redaction import STRICT, Redactor
from holter.cli.options import options
from holter.cli.progress import Watched
from holter.errors import CassetteError, CassetteExistsError, MissingExtraError
from holter.report.words import counted

_FLOWS = re.compile(rb"\d{1,12}:")
"""How a flow file begins: with the length of its first flow."""


@click.command(short_help="Make a cassette of mitmproxy's flows, or of a cassette.")
@options("redact", "redact_key")
@click.argument("source", metavar="IN")
@click.argument("target", metavar="OUT")
def command(*, source: str, target: str, redact: str, redact_key: tuple[str, ...]) -> None:
    """Make a cassette of mitmproxy's flows, or of a cassette.

    IN is a flow file of mitmproxy (`mitmdump -w`), of which the Data Pipeline calls are taken, or a
    cassette, which is redacted once more and written as this Holter writes it. OUT must not exist.
    """
    regular(source)
    if os.path.lexists(target):
        raise CassetteExistsError(f"{target}: exists already: name another file")
    said = (_flows if _is_flows(source) else _cassette)(source, target, redact, redact_key)
    click.echo(f"holter: {said}", err=True)


def _is_flows(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return _FLOWS.match(file.read(13)) is not None
    except OSError as why:
        raise CassetteError(f"{path}: cannot be read: {why.strerror}") from None


def _flows(source: str, target: str, redact: str, keys: tuple[str, ...]) -> str:
    try:
        from holter.mitm import engine
        from holter.mitm.flows import Flows
    except ModuleNotFoundError as missing:
        raise MissingExtraError("holter convert", "proxy", missing.name or "mitmproxy") from None
    flows = Flows(source)
    shown = Watched(flows, lambda: flows.position, flows.size, label=source, passes=2)
    starts = conversion.starts(shown)
    if starts is None:
        skipped = counted(flows.skipped, "other flow")
        raise CassetteError(f"{source}: holds no Data Pipeline call, but {skipped}")
    header = conversion.flows_header(f"{engine.description()} flows", round(starts.zero, 6), redact)
    entries = conversion.captured(shown, starts, Redactor(strict=redact == STRICT, keys=keys))
    calls = conversion.write(target, header, entries, keys)
    torn = f"; {flows.torn}" if flows.torn else ""
    return f"{target}: {counted(calls, 'call')}; {counted(flows.skipped, 'other flow')} left out{torn}"


def _cassette(source: str, target: str, redact: str, keys: tuple[str, ...]) -> str:
    reader = open_cassette(source)
    strict = STRICT in (redact, reader.header.redaction)
    header = replace(reader.header, redaction=STRICT if strict else redact)
    if strict:
        header = replace(header, service=None)
    shown = Watched(reader, lambda: reader.end, os.path.getsize(source), label=source, passes=2)
    entries = conversion.renewed(reader.header, shown, Redactor(strict=strict, keys=keys))
    calls = conversion.write(target, header, entries, keys)
    torn = f"; {reader.torn}" if reader.torn else ""
    return f"{target}: {counted(calls, 'call')}{torn}"
