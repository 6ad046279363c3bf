"""The text of one document: our own layout read line by line as JSON, anything else as YAML."""

from __future__ import annotations

import re

from holter.cassette import byhand, yamltext
from holter.cassette.byhand import WrongLineError
from holter.wire.message import Json
from holter.wire.regex import regex

_KEY = regex(r"\n([a-z]\w*):(?=[ \r\n])", re.ASCII)
_COMMENT = regex(r"(?:#[^\r\n]*\n)+")
_STARTS = ('call: {"', 'mark: {"', "holter: ")
_ENDS = ("\n", "}", "]", '"')
_LAST_KEYS = {"mark", "response", "response_base64", "redaction"}


def parse(raw: bytes) -> dict[str, Json]:
    """Return the mapping that a document holds; `WrongLineError` where it is damaged or not allowed."""
    text = _decoded(raw)
    found = own(text)
    return byhand.load(text) if found is None else found


def own(text: str) -> dict[str, Json] | None:
    """Return the mapping of a document in our own layout, also below comments, else None."""
    if text.startswith("#") and (comment := _COMMENT.match(text)):
        text = text[comment.end() :]
    if "\n#" in text:  # a comment elsewhere is the usual mark of a hand
        return None
    before, *rest = _KEY.split("\n" + text)
    if before or not rest:
        return None
    try:
        found = {key: yamltext.read(value) for key, value in zip(rest[::2], rest[1::2], strict=True)}
    except ValueError:
        return None
    return found if 2 * len(found) == len(rest) else None


def whole(raw: bytes) -> bytes:
    """Return what is whole of a file's last document: all of it, all but a stray end, or nothing.

    The file may have been cut at any byte, or padded with NUL by a file system that lost power. A
    document that is not in our own layout was written by somebody, not torn by a crash: it is kept.
    """
    kept = raw.rstrip(b"\0")
    head, newline, last = kept.rpartition(b"\n")
    if last and b"---".startswith(last):
        kept = head + newline
    return kept if _is_whole(kept.decode(errors="replace")) else b""


def _is_whole(text: str) -> bool:
    if not text.startswith(_STARTS):
        return not any(start.startswith(text) for start in _STARTS)
    found = own(text)
    if found is None:  # edited, unless it ends in the middle of something
        return text.endswith("\n") and not text.endswith(":\n") and not yamltext.unclosed(text)
    return text.endswith(_ENDS) and not _LAST_KEYS.isdisjoint(found)


def _decoded(raw: bytes) -> str:
    if b"\0" in raw:
        raise WrongLineError(
            "holds a NUL byte: damaged, or no cassette; restore it from a copy", _line(raw, raw.index(b"\0"))
        )
    try:
        text = raw.decode()
    except UnicodeDecodeError as wrong:
        what = f"is not UTF-8 (byte 0x{raw[wrong.start]:02X}): save it as UTF-8, or give a cassette"
        raise WrongLineError(what, _line(raw, wrong.start)) from None
    if odd := yamltext.odd_character(text):
        code = ord(odd[0])
        what = f"holds a raw U+{code:04X}, which YAML readers change or refuse: write \\u{code:04x} in quotes"
        raise WrongLineError(what, text.count("\n", 0, odd.start()))
    return text


def _line(raw: bytes, position: int) -> int:
    return raw.count(b"\n", 0, position)
