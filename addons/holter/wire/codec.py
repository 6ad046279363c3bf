"""AWS JSON 1.1 to and from values: targets, bodies, errors, and one canonical spelling of JSON."""

from __future__ import annotations

import functools
import hashlib
import json
import math
from collections.abc import Callable, Iterable
from typing import Any

from holter.wire.facts import signed_at
from holter.wire.message import (
    NOTHING,
    Call,
    Headers,
    Json,
    Moment,
    Named,
    Nothing,
    Payload,
    Reply,
    Try,
)
from holter.wire.operations import DATA_PIPELINE, ERROR_STATUS
from holter.wire.regex import regex

_DECODE: Callable[[bytes], Any] | None
_ENCODE: Callable[[Any], bytes]
try:
    from msgspec.json import Decoder, Encoder
except ModuleNotFoundError:  # in a bare clone: all the same, only slower
    _DECODE = None
else:
    _DECODE, _ENCODE = Decoder().decode, Encoder().encode

_TARGET = regex(rf"{DATA_PIPELINE.prefix}(?:_\d{{8}})?\.(\w+)")
_ATTEMPT = regex(r"attempt=(\d+)(?:;\s*max=(\d+))?")
THROTTLED = frozenset(
    {
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestLimitExceeded",
        "TooManyRequestsException",
    }
)
"""Error codes of a caller that was too fast (botocore, `data/_retry.json`)."""

_LONE_SURROGATE = regex("[\ud800-\udfff]")
_MAX_DEPTH = 100
_BACKSLASH, _QUOTE = b'\\"'  # as numbers: a byte is found in a third of the time that a text of one takes
_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_SORTED = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def header(headers: Iterable[tuple[str, str]], name: str) -> str | None:
    """Return the first value of a header, whatever the case of its name."""
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), None)


def operation(given: Named) -> str | None:
    """Return the Data Pipeline operation that `X-Amz-Target` names, or None for any other request.

    Both spellings count: `DataPipeline.X` of the SDKs and `DataPipeline_20121129.X` of the developer
    guide's page on making HTTP requests by hand.
    """
    return _targeted(given.get("x-amz-target"))


@functools.lru_cache(256)
def _targeted(target: str | None) -> str | None:
    match = _TARGET.fullmatch(target or "")
    return match.group(1) if match else None


def named(headers: Headers) -> dict[str, str]:
    """Return the first value of each header by its name in lower case."""
    return {key.lower(): value for key, value in reversed(headers)}


def parse_call(given: Named, body: bytes, asked: Moment, *, host: str = "", peer: str = "") -> Call | None:
    """Read a request by its headers and its body; None when it is no Data Pipeline call."""
    op = _targeted(given.get("x-amz-target"))
    if op is None:
        return None
    signed = signed_at(given.get("x-amz-date"))
    return Call(op, decode(body), asked, host, peer, given.get("user-agent", ""), parse_try(given), signed)


def parse_try(given: Named) -> Try | None:
    """Read an SDK's own numbering of its tries; boto's legacy mode leaves `max` out of the first."""
    invocation = given.get("amz-sdk-invocation-id")
    return Try(invocation, *_counted(given.get("amz-sdk-request", ""))) if invocation else None


@functools.lru_cache(256)
def _counted(said: str) -> tuple[int, int | None]:
    attempt = _ATTEMPT.search(said)
    if attempt is None:
        return 1, None
    return int(attempt[1]), int(attempt[2]) if attempt[2] else None


def decode(body: bytes) -> Payload:
    """Return the JSON value of a body, or the bytes where they are not JSON that text can carry."""
    found = _quickly(body)
    return _carefully(body) if isinstance(found, Nothing) else found


def _quickly(body: bytes) -> Json | Nothing:
    """Return the value of a body that is surely the one of `_carefully`; most are, in a third of the time.

    msgspec overlooks keys that stand twice. Without a backslash, quotes stand around strings only: as many
    quotes are written again as were read, unless a key was overlooked.
    """
    if _DECODE is None or _BACKSLASH in body or body.count(b"[") + body.count(b"{") > _MAX_DEPTH:
        return NOTHING
    try:
        value: Json = _DECODE(body)
        return value if _ENCODE(value).count(_QUOTE) == body.count(_QUOTE) else NOTHING
    except (ValueError, RecursionError):
        return NOTHING


def _carefully(body: bytes) -> Payload:
    try:
        text = body.decode("utf-8")
        value: Json = _READ(text)
    except (ValueError, RecursionError):
        return body
    deep = text.count("[") + text.count("{") > _MAX_DEPTH and _depth(value) > _MAX_DEPTH
    if deep or ("\\u" in text and _LONE_SURROGATE.search(canonical(value))):
        return body
    return value


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _refuse(constant: str) -> Json:
    raise ValueError(f"{constant} is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError(f"{text} does not fit a float")
    return value


_READ = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse, parse_float=_finite).decode


def _depth(value: Json) -> int:
    deepest, level = 0, [value]
    while level and deepest <= _MAX_DEPTH:
        deepest += 1
        level = [inner for outer in level for inner in _inside(outer)]
    return deepest


def _inside(value: Json) -> Iterable[Json]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def encode(body: Payload) -> bytes:
    """Return the bytes of a body, as compact JSON unless it is bytes already."""
    if isinstance(body, bytes):
        return body
    return _COMPACT.encode(body).encode()


compact: Callable[[Json], bytes] = encode if _DECODE is None else _ENCODE
"""Returns the bytes of a value in the least time; other than by `encode`, NaN and infinity become `null`."""


def canonical(body: Payload) -> str:
    """Return one spelling for equal bodies: sorted keys, no blanks; raw bytes as their SHA-256."""
    if isinstance(body, bytes):
        return "sha256:" + hashlib.sha256(body).hexdigest()
    return _SORTED.encode(body)


def print_of(task_id: str) -> str:
    """Return a task's print: the first 16 hex digits of SHA-256 of its real taskId."""
    return hashlib.sha256(task_id.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def error_code(reply: Reply) -> str | None:
    """Return the error code of an answer, or None where it is none.

    The body's `__type`, else the `x-amzn-ErrorType` header, else the body's `code`, each without
    namespace and URL (Smithy, AWS JSON 1.1, "operation error serialization"); else the bare status.
    """
    if reply.status < 400:
        return None
    body = reply.body if isinstance(reply.body, dict) else {}
    for found in (body.get("__type"), header(reply.headers, "x-amzn-errortype"), body.get("code")):
        if isinstance(found, str) and found:
            return found.split(":")[0].rsplit("#", 1)[-1]
    return str(reply.status)


def passing(status: int | None, code: str | None) -> bool:
    """Tell whether an error is one that trying again may help against: a server's fault, or throttling."""
    return (status or 0) >= 500 or status == 429 or code in THROTTLED


def error_reply(code: str, message: str, status: int | None = None) -> Reply:
    """Build an error answer in the shape that every SDK reads: `__type`, `message` and the header."""
    body: Json = {"__type": code, "message": message}
    return Reply(status or ERROR_STATUS.get(code, 400), body, (("x-amzn-ErrorType", code),))


def answer(body: Json) -> Reply:
    """Build a successful answer."""
    return Reply(200, body)
