"""JSON as people read it: indented, lists of Fields as `key: value`, long texts on lines of their own.

It looks like YAML and mostly is, but is meant for the eye: keys such as `@sphere` stand there bare.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from holter.wire.message import Json

_STEP = "  "
_BARE = re.compile(r"[A-Za-z_*@][\w*@./:=-]*")


def readable(value: Json, indent: str = "") -> Iterator[str]:
    """Yield a value on lines that read like YAML.

    A list of the protocol's Fields, each a `key` with a `stringValue` or a `refValue`, becomes a mapping; a
    reference is shown as `-> id`, and a key that stands there several times has a list.
    """
    value = fields(value)
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _member(f"{indent}{_key(key)}:", inner, indent)
    elif isinstance(value, list) and value:
        for inner in value:
            yield from _member(f"{indent}-", inner, indent)
    else:
        yield f"{indent}{_scalar(value)}"


def fields(value: Json) -> Json:
    """Return a list of Fields as an object, and any other value as it is."""
    if not isinstance(value, list) or not value:
        return value
    found: dict[str, list[Json]] = {}
    for one in value:
        if not isinstance(one, dict) or not isinstance(key := one.get("key"), str):
            return value
        if one.keys() - {"key", "stringValue", "refValue"}:
            return value
        ref = one.get("refValue")
        found.setdefault(key, []).append(_Ref(ref) if isinstance(ref, str) else one.get("stringValue"))
    return {key: said[0] if len(said) == 1 else said for key, said in found.items()}


class _Ref(str):
    """The id of another object."""


def _member(front: str, value: Json, indent: str) -> Iterator[str]:
    if isinstance(value, str) and "\n" in value and _shows(value):
        yield f"{front} |"
        yield from (f"{indent}{_STEP}{line}" for line in value.split("\n"))
    elif isinstance(value, dict | list) and value:
        yield front
        yield from readable(value, indent + _STEP)
    else:
        yield f"{front} {_scalar(value)}"


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _quoted(key)


def _scalar(value: Json) -> str:
    if isinstance(value, _Ref):
        return f"-> {value if _shows(value) else _quoted(value)}"
    if isinstance(value, str):
        return _quoted(value)
    return json.dumps(value)


def _quoted(text: str) -> str:
    """Return a text in quotes, what does not print as an escape."""
    said = json.dumps(text, ensure_ascii=False)
    return "".join(one if one.isprintable() else _escaped(ord(one)) for one in said)


def _escaped(code: int) -> str:
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _shows(text: str) -> bool:
    return all(one.isprintable() or one == "\n" for one in text)
