"""The documents of a cassette: header, mark and call, as values and as text (docs/cassette-format.md)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from holter.cassette import fields, yamltext
from holter.cassette.callline import call_line
from holter.errors import CassetteError
from holter.wire.message import NOTHING, Interaction, Json, Mark, Nothing, Payload
from holter.wire.value import value

VERSION = 1

SEPARATOR = "---\n"
"""Stands before every document but the first."""

_BASE64 = "_base64"
_BODIES = ("request", "request_base64", "response", "response_base64")


@value
class Header:
    """What a recording says of itself.

    `recording` names it for good, `started` is seconds since 1970 UTC, `by` the programs that wrote it,
    `service` the host it spoke to, `profile` the resolved time limits, `redaction` how secrets were masked.
    """

    recording: str | None = None
    started: float | None = None
    by: str | None = None
    service: str | None = None
    profile: Mapping[str, Json] | None = None
    redaction: str | None = None
    version: int = VERSION


def header_text(header: Header) -> str:
    """Return the first document of a cassette."""
    said: dict[str, Json] = {
        "holter": header.version,
        "recording": header.recording,
        "started": fields.time_text(header.started),
        "by": header.by,
        "service": header.service,
        "profile": None if header.profile is None else dict(header.profile),
        "redaction": header.redaction,
    }
    return "".join(f"{key}: {yamltext.one_line(value)}\n" for key, value in said.items() if value is not None)


def interaction_text(interaction: Interaction) -> str:
    """Return the document of one call, without a separator.

    A call without an answer ends in `...`, so that a document torn before its answer is told apart.
    """
    request = _body_text("request", interaction.request)
    response = "...\n" if interaction.response is NOTHING else _body_text("response", interaction.response)
    return yamltext.safe(f"call: {call_line(interaction)}\n{request}{response}")  # once, for it takes time


def mark_text(mark: Mark) -> str:
    """Return the document of a mark, without a separator."""
    said: dict[str, Json] = {"what": mark.what, "at": fields.time_text(mark.at), "mono": mark.mono}
    if twice := said.keys() & mark.more.keys():
        raise CassetteError(f"a mark says {', '.join(sorted(twice))} twice")
    said = {key: value for key, value in said.items() if value is not None}
    return f"mark: {yamltext.one_line({**said, **mark.more})}\n"


def text_of(value: Interaction | Mark) -> str:
    """Return the document of a call or a mark, without a separator."""
    return mark_text(value) if isinstance(value, Mark) else interaction_text(value)


def _body_text(key: str, body: Payload) -> str:
    if isinstance(body, bytes):
        return f'{key}{_BASE64}: "{base64.b64encode(body).decode()}"\n'
    return f"{key}:{yamltext.laid_out(body)}\n"


def header_of(document: Mapping[str, Json]) -> Header:
    """Read the first document; `CassetteError` says why it is none."""
    version = document.get("holter")
    if version is None:
        raise CassetteError(_foreign(document))
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise CassetteError(f"holter must be the format's number, such as {VERSION}, not {version!r}")
    if version > VERSION:
        raise CassetteError(
            f"was made by a newer Holter (format {version}, this one reads up to {VERSION}): update holter"
        )
    said = {key: value for key, value in document.items() if key != "holter"}
    return Header(version=version, **fields.read(said, fields.HEADER, "the header"))


def _foreign(document: Mapping[str, Json]) -> str:
    if "interactions" in document:
        return "is a cassette of VCR, not of Holter: record anew with `holter record`"
    return (
        f"is no Holter cassette: its first document has no `holter: {VERSION}`; `holter record` makes one, "
        "and `holter convert` makes one of what mitmdump kept"
    )


def value_of(document: Mapping[str, Json]) -> Interaction | Mark:
    """Read any document but the first; `CassetteError` says what is wrong with it."""
    if "mark" in document:
        _refuse_unknown(document, ("mark",))
        return mark_of(document["mark"])
    if "call" not in document:
        raise CassetteError(f"has neither `call:` nor `mark:`, but {', '.join(document) or 'nothing'}")
    _refuse_unknown(document, ("call", *_BODIES))
    request = _body(document, "request")
    if request is NOTHING:
        raise CassetteError("has no request: write `request: {}` where it was empty")
    return interaction_of(document["call"], request, _body(document, "response"))


def interaction_of(call: Json, request: Payload, response: Payload | Nothing = NOTHING) -> Interaction:
    """Put a `call` line and its bodies together; `CassetteError` names a key that is wrong or unknown."""
    if not isinstance(call, dict):
        raise CassetteError(f"call must be an object, not {call!r:.60}")
    found: dict[str, Any] = fields.read(call, fields.CALL, "call")
    if not found.get("op"):
        raise CassetteError('call has no operation: write {"op":"PollForTask"} or another')
    return Interaction(request=request, response=response, **found)


def mark_of(mark: Json) -> Mark:
    """Read a mark; `CassetteError` names what is wrong with it."""
    if not isinstance(mark, dict) or not mark.get("what"):
        raise CassetteError(f'mark must be an object such as {{"what":"note"}}, not {mark!r:.60}')
    said = {key: value for key, value in mark.items() if key in fields.MARK}
    more = {key: value for key, value in mark.items() if key not in fields.MARK}
    return Mark(more=more, **fields.read(said, fields.MARK, "mark"))


def _body(document: Mapping[str, Json], key: str) -> Payload | Nothing:
    if key + _BASE64 not in document:
        return document.get(key, NOTHING)
    if key in document:
        raise CassetteError(f"has both {key} and {key}{_BASE64}: leave one out")
    text = document[key + _BASE64]
    try:
        return base64.b64decode(text.encode() if isinstance(text, str) else b"?", validate=True)
    except binascii.Error:
        raise CassetteError(f"{key}{_BASE64} is not base64 text") from None


def _refuse_unknown(document: Mapping[str, Json], known: tuple[str, ...]) -> None:
    for key in document:
        if key not in known:
            raise CassetteError(f"unknown key {key!r} in the document{fields.meant(key, known)}")
