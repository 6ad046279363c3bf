"""Colours for findings on a terminal; click takes them away again where there is none."""

from __future__ import annotations

import os
import re

import click

from holter.wire.regex import regex

_COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}
_FINDING = regex(
    r"^((?:\d\d:\d\d:\d\d\.\d{3}  )?)((error|warning|note)(?: possible)? [a-z0-9-]+)(?=: )",
    re.MULTILINE | re.IGNORECASE,
)


def painted(text: str) -> str:
    """Return a report or a line of a run with severities and rules in colour, unless NO_COLOR is set."""
    if os.environ.get("NO_COLOR"):
        return text
    return _FINDING.sub(lambda found: found[1] + click.style(found[2], fg=_COLOURS[found[3].lower()]), text)


def tell(line: str, *, err: bool = False) -> None:
    """Print a line or a report, in colour where there is a terminal."""
    click.echo(painted(line), err=err)
