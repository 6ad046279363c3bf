"""The calls of a recording, one line each, and one of them whole."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime

from holter.report.words import answered, flat, iso, said, shorten
from holter.wire.message import Interaction, Json, Mark, Nothing, Payload

_ROW = "{:>6} {:>5}  {:<18}  {:<25}  {:<8}  {:<28}  {:<34}  {:>8}"

HEADING = _ROW.format("line", "seq", "time (UTC)", "operation", "task", "said", "answer", "seconds")


def row(line: int, seq: int, call: Interaction) -> str:
    """Return a call: where it stands, when it came, what was said and answered, and how long that took."""
    fault = f" [fault: {call.fault}]" if call.fault else ""
    cells = (
        shorten(call.op, 25),
        shorten(call.task or "-", 20),
        shorten(said(call) or "-", 28),
        shorten(answered(call), 34),
        _duration(call),
    )
    return flat(_ROW.format(line, seq, _when(call.at), *cells) + fault).rstrip()


def mark_row(line: int, mark: Mark) -> str:
    """Return a mark: where it stands, when it was made, and what it says."""
    more = shorten(json.dumps(dict(mark.more), ensure_ascii=False), 80) if mark.more else ""
    return flat(f"{line:>6} {'-':>5}  {_when(mark.at):<18}  [{mark.what}] {more}").rstrip()


def whole(line: int, seq: int, call: Interaction) -> Iterator[str]:
    """Yield one call in full, line by line."""
    yield flat(f"call {seq}, line {line}: {call.op}")
    tried = call.tried
    facts = {
        "at": iso(call.at) if call.at is not None else None,
        "mono": ", ".join("-" if one is None else f"{one:g}" for one in call.mono) if call.ended else None,
        "caller": call.caller,
        "task": call.task,
        "print": call.print,
        "try": f"{tried.n} of {tried.max or '?'}, id {tried.id}" if tried else None,
        "answer": answered(call),
        "status": call.status,
        "broken": call.broken,
        "origin": call.origin,
        "fault": call.fault,
        "redacted": ", ".join(call.redacted) or None,
    }
    for name, fact in facts.items():
        if fact is not None:
            yield flat(f"  {name + ':':<10}{fact}")
    yield from (flat(f"  note:     {name}: {_plain(value)}") for name, value in call.notes.items())
    yield from _body("request", call.request)
    if not isinstance(call.response, Nothing):
        yield from _body("response", call.response)


def _plain(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)


def _body(what: str, body: Payload) -> Iterator[str]:
    yield ""
    if isinstance(body, bytes):
        yield f"{what}, {len(body)} bytes that are not JSON, as base64:"
        yield base64.b64encode(body).decode()
        return
    yield f"{what}:"
    for line in json.dumps(body, indent=2, ensure_ascii=False).split("\n"):
        yield "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in line)


def _when(at: float | None) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%m-%d %H:%M:%S.%f")[:-3] if at is not None else "-"


def _duration(call: Interaction) -> str:
    ended = call.mono[2]
    return f"{ended - call.asked:.3f}" if ended is not None and call.asked is not None else "-"
