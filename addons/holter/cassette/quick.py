"""A call in our own layout, read by msgspec: several times as fast as with care, and never otherwise.

msgspec overlooks keys that stand twice, and accepts spellings that are none of ours. So whatever it
read is written again and must give the very text, but for blanks; where it does not, the document is
read with care (`document`, `format`), which has the last word and the words for what is wrong.
"""

from __future__ import annotations

import re
from dataclasses import make_dataclass
from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, MsgspecError, Struct, field
from msgspec.json import Decoder, Encoder

from holter.cassette import yamltext
from holter.wire.message import NOTHING, Broken, Interaction, Json, Nothing, Origin, Try

LAYOUT = re.compile(rb"call: (.*)\nrequest:( .*|(?:\n .*)+)\n(?:response:( .*|(?:\n .*)+)\n)?")
_BLANKS = b" \n"
_Draft: Any = make_dataclass("_Draft", Interaction.__slots__, slots=True, eq=False, repr=False)
"""An Interaction that is not frozen yet, which is made in a third of the time."""


class _Try(Struct, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    id: str
    n: int
    max: int | None = None


class _Line(Struct, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """The keys of `fields.CALL` with their types, in the order in which they are written."""

    seq: int = 0
    op: str = ""
    at: Annotated[datetime, Meta(tz=True)] | None = None
    mono: tuple[float | None, float | None, float | None] = (None, None, None)
    caller: str | None = None
    task: str | None = None
    print: str | None = None
    tried: _Try | None = field(default=None, name="try")
    status: int | None = None
    error: str | None = None
    broken: Broken | None = None
    origin: Origin | None = None
    fault: str | None = None
    upstream: dict[str, Any] | None = None
    oldest: float | None = None
    redacted: tuple[str, ...] = ()
    notes: dict[str, Any] = field(default_factory=dict)


_line_of = Decoder(_Line).decode
_json_of = Decoder().decode
_text_of = Encoder().encode


def call(raw: bytes) -> Interaction | None:
    """Return the call of a document, or None where it must be read with care."""
    found = LAYOUT.fullmatch(raw)
    if found is None or _is_odd(raw):
        return None
    line, request, response = found.groups()
    try:
        said, asked = _line_of(line), _json_of(request)
        answered = NOTHING if response is None else _json_of(response)
    except (MsgspecError, ValueError, RecursionError):
        return None
    sure = said.op and _is_same(said, line) and _is_same(asked, request)
    return _built(said, asked, answered) if sure and (not response or _is_same(answered, response)) else None


def _is_odd(raw: bytes) -> bool:
    """Tell whether a text may nest too deep, or hold characters that a cassette must not."""
    if b"\x7f" in raw or raw.count(b"[") + raw.count(b"{") > yamltext.MAX_DEPTH or not raw.isascii():
        text = raw.decode(errors="replace")
        return yamltext.odd_character(text) is not None or yamltext.too_deep(text)
    return False


def _is_same(value: object, text: bytes) -> bool:
    again = _text_of(value)
    return again == text.strip() or again.translate(None, _BLANKS) == text.translate(None, _BLANKS)


def _built(said: _Line, request: Json, response: Json | Nothing) -> Interaction:
    at = None if said.at is None else said.at.timestamp()
    tried = None if said.tried is None else Try(said.tried.id, said.tried.n, said.tried.max)
    call: Interaction = _Draft(  # by position, in the order of its members: by name, it would take longer
        said.op, request, response, said.seq, at, said.mono, said.caller, said.task, said.print, tried,
        said.status, said.error, said.broken, said.origin, said.fault, said.upstream, said.oldest,
        said.redacted, said.notes,
    )  # fmt: skip
    call.__class__ = Interaction  # Python allows this to classes of the same slots (data model, __slots__)
    return call
