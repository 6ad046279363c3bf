"""A body that is not JSON as text can carry it: redacted as far as it can be read, else not kept."""

from __future__ import annotations

import json

from holter.cassette import yamltext
from holter.cassette.secrets import REDACTED
from holter.cassette.walk import ASKED, HANDED_OUT, Walk
from holter.wire.message import Json
from holter.wire.operations import DATA_PIPELINE
from holter.wire.regex import regex

_HANDLE = regex(rf'"{DATA_PIPELINE.handle}"\s*:\s*("[^"\\]*(?:\\.[^"\\]*)*")')
_HANDOUT = f'"{DATA_PIPELINE.handout}"'
_TELLTALE = regex(rf'{DATA_PIPELINE.handle}|instanceIdentity|evaluatedExpression|"\*')


def redacted(raw: bytes, walk: Walk) -> bytes:
    """Return a body as it may be kept.

    JSON with half surrogate pairs, or nested too deep, is redacted as JSON and spelled anew where that
    changed anything. Any other body is kept as it is, or, where it may hold a secret, not at all; where
    more is hidden than secrets, any body: nobody knows what stands in it.
    """
    try:
        value: Json = json.loads(raw.decode(), object_pairs_hook=yamltext.unique)
        kept = walk.body(value)
        return raw if kept == value else json.dumps(kept).encode()
    except (ValueError, RecursionError):
        return _kept(raw, walk)


def _kept(raw: bytes, walk: Walk) -> bytes:
    text = raw.replace(b"\0", b"").decode(errors="surrogateescape")  # without NUL, UTF-16 is read too
    handles = {match[1] for match in _HANDLE.finditer(text)}
    if len(handles) == 1 and (real := _string(handles.pop())):
        walk.alias(real, HANDED_OUT if _HANDOUT in text else ASKED)
    unsure = bool(text) and (walk.accounts is not None or bool(walk.hidden))
    if text == REDACTED or not (unsure or _TELLTALE.search(text) or walk.text(text) != text):
        return raw
    walk.paths[:] = ["$"]
    return REDACTED.encode()


def _string(quoted: str) -> str:
    try:
        return str(json.loads(quoted))
    except ValueError:
        return ""
