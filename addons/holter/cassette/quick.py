"""A call in our own layout, read by msgspec: several times as fast as with care, and never otherwise.

msgspec overlooks keys that stand twice, and accepts spellings that are none of ours. So whatever it
read is written again and must give the very text, but for blanks; where it does not, the document is
read with care (`document`, `format`), which has the last word and the words for what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, cast

from msgspec import Meta, MsgspecError, Struct, field
from msgspec.json import Decoder, Encoder
from msgspec.json import format as without_blanks

from holter.cassette import yamltext
from holter.cassette.chunks import many
from holter.wire.message import NOTHING, Broken, Interaction, Origin, Try
from holter.wire.value import state

LAYOUT = re.compile(rb"call: (.*)\nrequest:( .*|(?:\n .*)+)(?:\nresponse:( .*|(?:\n .*)+))?\n?")
_BEHIND = (b" ", b"\n")
_LONG = 1024  # bytes of a document that is no short one
_SHALLOW = 2 * yamltext.MAX_DEPTH
"""Bytes of bodies so short that they cannot nest too deep: every bracket is closed again."""
_Draft: Any = state(type("_Draft", (), {"__annotations__": dict.fromkeys(Interaction.__match_args__)}))
"""An Interaction that is not frozen yet, which is made in a third of the time."""


class _Try(Struct, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    id: str
    n: int
    max: int | None = None


class _Line(Struct, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """The keys of `fields.CALL` with their types, in the order in which they are written.

    The bodies are no keys of it: they are added later, and have names that no document of ours can hold.
    """

    seq: int = 0
    op: str = ""
    moment: Annotated[datetime, Meta(tz=True)] | None = field(default=None, name="at")
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
    request: Any = field(default=NOTHING, name="request\x7f")
    response: Any = field(default=NOTHING, name="response\x7f")

    @property
    def at(self) -> float | None:
        """Wall clock of the request's first byte, seconds since 1970 UTC."""
        return None if self.moment is None else self.moment.timestamp()

    @property
    def asked(self) -> float | None:
        """As `Interaction.asked`."""
        return self.mono[0]

    @property
    def ended(self) -> float | None:
        """As `Interaction.ended`."""
        return next((moment for moment in reversed(self.mono) if moment is not None), None)


_line_of = Decoder(_Line).decode
_json_of = Decoder().decode
_text_of = Encoder().encode


def call(raw: bytes) -> Interaction | None:
    """Return the call of a document, or None where it must be read with care."""
    said = _said(raw.removesuffix(b"\n"), False)
    return None if said is None else _built(said)


def _said(raw: bytes, plain: bool) -> _Line | None:
    head, _, bodies = raw.partition(b"\nrequest:")
    request, answer, response = bodies.partition(b"\nresponse:")
    line = head[6:]
    below = _is_below(request) and (not answer or _is_below(response))
    if head[:6] != b"call: " or not below or not (plain or _is_plain(raw)):
        return None
    try:
        said, asked = _line_of(line), _json_of(request)
        answered = _json_of(response) if answer else NOTHING
        if not _is_written(asked, request) or (answer and not _is_written(answered, response)):
            return None
    except (MsgspecError, ValueError, RecursionError):
        return None
    if not said.op or _text_of(said) != line:
        return None
    may_be_deep = len(bodies) > _SHALLOW or said.upstream or said.notes
    if may_be_deep and _may_be_deep(raw) and yamltext.too_deep(raw.decode(errors="replace")):
        return None
    said.request, said.response = asked, answered
    return said


def _is_below(body: bytes) -> bool:
    """Tell whether a body stands behind its key, and all its further lines farther in."""
    return body[:1] in _BEHIND and body.count(b"\n ") == many(body, b"\n")


def _may_be_deep(raw: bytes) -> bool:
    return many(raw, b"[") + many(raw, b"{") > yamltext.MAX_DEPTH


def _is_written(value: Any, text: bytes) -> bool:
    """Tell whether a text is how a value is written, but for blanks."""
    again: bytes = _text_of(value)
    return again == text[1:] or again == without_blanks(text, indent=-1)


_ANSWERS: dict[bytes, Any] = {b'{"canceled":false}': {"canceled": False}, b"{}": {}}
"""Answers that come again and again, each decoded once: whoever hears a call changes nothing in it."""


def _short(raw: bytes) -> _Line | None:
    if len(raw) > _LONG:
        return None
    head, _, bodies = raw.partition(b"\nrequest: ")
    request, _, response = bodies.partition(b"\nresponse: ")
    if not response or len(bodies) > _SHALLOW or head[:6] != b"call: ":
        return None
    line, answered = head[6:], _ANSWERS.get(response)
    try:
        said, asked = _line_of(line), _json_of(request)
        if answered is None and _text_of(answered := _json_of(response)) != response:
            return None
    except (MsgspecError, ValueError, RecursionError):
        return None
    if _text_of(said) != line or _text_of(asked) != request or not said.op or said.upstream or said.notes:
        return None
    said.request, said.response = asked, answered
    return said


short = cast("Callable[[bytes], Interaction | None]", _short)
"""Return the call of a document as `heard` does, if it is one of three short lines, as most are, else None.

The document is known to be ASCII without DEL.
"""

heard = cast("Callable[[bytes, bool], Interaction | None]", _said)
"""Return the call of a document as an audit takes it: an Interaction in all but its class and its cost.

The document comes without the newline at its end; the second argument says that it is known to be ASCII
without DEL. None where it must be read with care.
"""


def _is_plain(raw: bytes) -> bool:
    """Tell whether a text holds nothing that YAML readers take differently, in whatever encoding."""
    if raw.isascii() and b"\x7f" not in raw:
        return True
    return yamltext.odd_character(raw.decode(errors="replace")) is None


def _built(said: _Line) -> Interaction:
    tried = None if said.tried is None else Try(said.tried.id, said.tried.n, said.tried.max)
    call: Interaction = _Draft(  # by position, in the order of its members: by name, it would take longer
        said.op, said.request, said.response, said.seq, said.at, said.mono, said.caller, said.task,
        said.print, tried, said.status, said.error, said.broken, said.origin, said.fault, said.upstream,
        said.oldest, said.redacted, said.notes,
    )  # fmt: skip
    call.__class__ = Interaction  # Python allows this to classes of the same slots (data model, __slots__)
    return call
