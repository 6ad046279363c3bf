"""What is kept: a YAML stream, redacted, written one document at a time and read as a stream.

`open_cassette` reads one, `Writer` writes one; the rest are the values that they give and take. Names are
imported when they are first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from holter.cassette.format import Header
    from holter.cassette.reader import Entry, Reader, open_cassette
    from holter.cassette.redaction import Redactor
    from holter.cassette.writer import Writer
    from holter.errors import CassetteError, CassetteExistsError, CassetteLockedError
    from holter.wire.message import NOTHING, Broken, Call, Interaction, Mark, Moment, Origin, Reply, Try
    from holter.wire.redactor import Redacted

_WHERE = {
    "holter.cassette.format": ("Header",),
    "holter.cassette.reader": ("Entry", "Reader", "open_cassette"),
    "holter.cassette.redaction": ("Redactor",),
    "holter.cassette.writer": ("Writer",),
    "holter.errors": ("CassetteError", "CassetteExistsError", "CassetteLockedError"),
    "holter.wire.message": (
        *("NOTHING", "Broken", "Call", "Interaction", "Mark", "Moment", "Origin", "Reply", "Try"),
    ),
    "holter.wire.redactor": ("Redacted",),
}
_MODULE = {name: module for module, names in _WHERE.items() for name in names}

__all__ = [
    "NOTHING",
    "Broken",
    "Call",
    "CassetteError",
    "CassetteExistsError",
    "CassetteLockedError",
    "Entry",
    "Header",
    "Interaction",
    "Mark",
    "Moment",
    "Origin",
    "Reader",
    "Redacted",
    "Redactor",
    "Reply",
    "Try",
    "Writer",
    "open_cassette",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_MODULE[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
