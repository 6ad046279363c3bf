"""JSON values spelled so that every JSON reader and every YAML reader finds the same value.

JSON is nearly YAML, but not quite: PyYAML refuses DEL and the C1 controls, folds NEL, U+2028 and U+2029
inside quotes, reads `1e3` as a string, and takes no key over 1024 characters on its own (YAML 1.1,
"simple keys"; its own reader, resolver and scanner). What is written here avoids all of these.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable

from holter.wire.message import Json
from holter.wire.regex import regex

WIDTH = 100
"""Characters up to which a value stays on one line."""

MAX_DEPTH = 104
"""Levels of nesting in a document: 100 of a message body (`wire.codec`) and 4 around it."""

_INSIDE = {dict, list}
_LONG_KEY = 1000  # written characters; YAML's limit of 1024 counts quotes and what follows too
_QUOTED = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_AWKWARD = regex("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
SURROGATE = regex("[\ud800-\udfff]")
_BARE_FLOAT = regex(r"e(?<=\de)(?<![\w.]\de)[-+]\d")  # begins with its letter: found much sooner
_LONG_RUN = regex(r'"[^"]{500}')
_TOKEN = regex(rf"({_QUOTED})(:?)|(?<![\d.])(-?\d)(e[-+]\d+)")
_KEY_MARK = regex(rf"({_QUOTED})|\? ")
_STRING = regex(_QUOTED)


def _writer(comma: str, colon: str) -> Callable[[Json], str]:
    """Return what `json.JSONEncoder.encode` does, but with the C encoder made once, not for every value."""
    plain = json.JSONEncoder(ensure_ascii=False, separators=(comma, colon), allow_nan=False)
    quoted = json.encoder.encode_basestring
    try:
        make: Callable[..., Callable[[Json, int], Iterable[str]]] = vars(json.encoder)["c_make_encoder"]
        parts = make(None, plain.default, quoted, None, colon, comma, False, False, False)
    except (KeyError, TypeError):  # another Python, without it or with another form of it
        return plain.encode
    return lambda value: quoted(value) if isinstance(value, str) else "".join(parts(value, 0))


compact = _writer(",", ":")
"""Return a value as JSON without blanks, as it is: `safe` makes YAML of it."""

_spaced = _writer(", ", ": ")


def one_line(value: Json) -> str:
    """Return a value on one line. A lone surrogate, which UTF-8 cannot carry, becomes U+FFFD."""
    return safe(compact(value))


def laid_out(value: Json) -> str:
    """Return a value after its key: on one line where that is short, else indented below the key.

    `safe` makes YAML of it. An object of one or two plain members, such as a field, is never broken.
    """
    text = compact(value)
    if len(text) > WIDTH and isinstance(value, (dict, list)):
        broken = _lay(value, 2)
        if "\n" in broken:
            return "\n  " + broken
    return " " + text


def _lay(value: Json, indent: int) -> str:
    if not isinstance(value, (dict, list)) or not value or _is_field(value):
        return _spaced(value)
    inner = indent + 2
    if isinstance(value, dict):
        parts = [f"{compact(key)}: {_lay(item, inner)}" for key, item in value.items()]
    else:
        parts = [_lay(item, inner) for item in value]
    start, end = "{}" if isinstance(value, dict) else "[]"
    if indent + sum(map(len, parts)) + 2 * len(parts) <= WIDTH and not any("\n" in part for part in parts):
        return f"{start}{', '.join(parts)}{end}"
    margin = "\n" + " " * inner
    return f"{start}{margin}{f',{margin}'.join(parts)}\n{' ' * indent}{end}"


def _is_field(value: dict[str, Json] | list[Json]) -> bool:
    if isinstance(value, list) or len(value) > 2:
        return False
    for item in value.values():  # noqa: SIM110 - in half the time of any()
        if type(item) in _INSIDE:
            return False
    return True


def safe(text: str) -> str:
    """Respell what JSON allows and YAML readers stumble over; its value stays the same."""
    if not text.isascii() or "\x7f" in text:
        text = _AWKWARD.sub(_escaped, text)
    if _BARE_FLOAT.search(text) or _may_hold_long_key(text):
        text = _TOKEN.sub(_respelled, text)
    return text


def _may_hold_long_key(text: str) -> bool:
    return len(text) > _LONG_KEY and ('\\"' in text or _LONG_RUN.search(text) is not None)


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return "\\ufffd" if 0xD800 <= code <= 0xDFFF else f"\\u{code:04x}"


def _respelled(token: re.Match[str]) -> str:
    quoted, colon, digit, exponent = token.groups()
    if digit:
        return f"{digit}.0{exponent}"
    return f"? {quoted}:" if colon and len(quoted) > _LONG_KEY else f"{quoted}{colon}"


def read(text: str) -> Json:
    """Return the value of a text of ours; `ValueError` where it is none, or says more than JSON can.

    Duplicate keys, numbers beyond a float, lone surrogates and nesting over `MAX_DEPTH` are refused.
    """
    if too_deep(text):
        raise ValueError(f"is nested over {MAX_DEPTH} levels")
    try:
        value: Json = _decoder.decode(text)
    except ValueError:
        if "? " not in text:
            raise
        value = _decoder.decode(_KEY_MARK.sub(r"\1", text))
    if "\\u" in text and SURROGATE.search(compact(value)):
        raise ValueError("holds a lone surrogate")
    return value


def odd_character(text: str) -> re.Match[str] | None:
    """Find a raw character that JSON and YAML readers take differently; it must be escaped."""
    return None if text.isascii() and "\x7f" not in text else _AWKWARD.search(text)


def too_deep(text: str) -> bool:
    """Tell whether brackets outside quotes nest deeper than `MAX_DEPTH`; cheap for all usual texts."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return False
    depth = 0
    for bracket in re.findall(r"[\[{}\]]", _STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > MAX_DEPTH:
            return True
    return False


def unclosed(text: str) -> bool:
    """Tell whether a text ends before its brackets are closed, as a torn one does."""
    rest = _STRING.sub("", text)
    return rest.count("[") + rest.count("{") > rest.count("]") + rest.count("}")


def unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """Build an object; `ValueError` names the key that stands twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"key {twice!r} stands twice")
    return found


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError(f"{text} does not fit a float")
    return value


def _refuse(constant: str) -> Json:
    raise ValueError(f"{constant} is not JSON")


_decoder = json.JSONDecoder(object_pairs_hook=unique, parse_float=_finite, parse_constant=_refuse)
