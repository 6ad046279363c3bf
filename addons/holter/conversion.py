"""Makes cassettes of what was captured otherwise, and anew of cassettes: redacted, as Holter writes them."""

from __future__ import annotations

import contextlib
import os
import platform
import re
import secrets
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from holter import __version__
from holter.cassette.format import Header, text_of
from holter.cassette.reader import Entry
from holter.cassette.redaction import KEYS, STRICT, Redactor
from holter.cassette.writer import Writer
from holter.errors import CassetteError
from holter.flight import Given, answered, begun
from holter.wire.caller import Callers
from holter.wire.codec import print_of
from holter.wire.message import Broken, Call, Interaction, Json, Mark, Moment, Nothing, Payload, Reply

_ALIAS = re.compile(r"task-\d+")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A call that was captured and what came of it; all times are seconds since 1970 UTC."""

    call: Call
    reply: Reply | None
    broken: Broken | None
    first: float | None
    last: float


@dataclass(frozen=True, slots=True)
class Starts:
    """When exchanges began, in seconds since 1970 UTC.

    `zero` is the first start of all; `oldest`, for each call, the earliest among it and all that follow.
    """

    zero: float
    oldest: array[float]


def starts(exchanges: Iterable[Exchange]) -> Starts | None:
    """Return when exchanges began, None where there are none."""
    found = array("d", (exchange.call.asked.wall for exchange in exchanges))
    return Starts(min(found), _oldest(found)) if found else None


def captured(
    exchanges: Iterable[Exchange], begun: Starts, redactor: Redactor
) -> Iterator[Interaction | Mark]:
    """Yield what a recording of the exchanges would hold, which began as is said.

    Their wall clock is the only one there is, so gaps are as good as that.
    """
    zero = end = begun.zero
    yield Mark("started", round(zero, 6), 0.0, {"converted": "from flows; times by the wall clock"})
    callers = Callers()
    for seq, (exchange, first) in enumerate(zip(exchanges, begun.oldest, strict=True), 1):
        end = max(end, exchange.last)
        done = _interaction(exchange, zero, redactor, callers)
        yield replace(done, seq=seq, oldest=round(first - zero, 6))
    yield Mark("stopped", round(end, 6), round(end - zero, 6))


def _oldest(starts: array[float]) -> array[float]:
    """Return, for each call, the earliest start among it and all that follow."""
    oldest = array("d", starts)
    for index in range(len(oldest) - 2, -1, -1):
        oldest[index] = min(oldest[index], oldest[index + 1])
    return oldest


def _interaction(exchange: Exchange, zero: float, redactor: Redactor, callers: Callers) -> Interaction:
    wall = exchange.call.asked.wall
    asked = begun(replace(exchange.call, asked=Moment(wall, wall - zero)), redactor, callers)
    last = exchange.last - zero
    if exchange.reply is None:
        return replace(asked, mono=(asked.mono[0], None, round(last, 6)), broken=exchange.broken)
    first = last if exchange.first is None else exchange.first - zero
    times, host = (first, last), exchange.call.host
    return answered(asked, Given(exchange.reply, *times), redactor, callers, host=host)


def renewed(header: Header, entries: Iterable[Entry], redactor: Redactor) -> Iterator[Interaction | Mark]:
    """Yield what a cassette holds, redacted once more; what is an alias already stays, whatever it names.

    The entries are gone through twice.
    """
    for entry in entries:
        value = entry.value
        if isinstance(value, Interaction) and value.task and _ALIAS.fullmatch(value.task):
            redactor.seen(print_of(value.task), value.task)
        if header.redaction == STRICT:
            redactor.learn(text_of(value))
    for entry in entries:
        value = entry.value
        yield _again(value, redactor) if isinstance(value, Interaction) else _mark(value, redactor)


def _mark(mark: Mark, redactor: Redactor) -> Mark:
    more = redactor.call(Call("", dict(mark.more), Moment(0, 0))).payload
    return replace(mark, more=more if isinstance(more, dict) else {})


def _again(call: Interaction, redactor: Redactor) -> Interaction:
    asked = redactor.call(Call(call.op, call.request, Moment(0, 0)))
    response: Payload | Nothing = call.response
    task, paths = asked.task, [f"request{path[1:]}" for path in asked.paths]
    notes: dict[str, Json] = {**asked.notes}
    if not isinstance(response, Nothing):
        found = redactor.reply(call.op, Reply(call.status or 200, response))
        response, task = found.payload, task or found.task
        paths += [f"response{path[1:]}" for path in found.paths]
        notes.update(found.notes)
    known = call.task if call.task and _ALIAS.fullmatch(call.task) else None
    return replace(
        call,
        request=asked.payload,
        response=response,
        task=known or task,
        caller=redactor.caller(call.caller) if call.caller else call.caller,
        error=redactor.text(call.error) if call.error else call.error,
        tried=replace(call.tried, id=redactor.text(call.tried.id)) if call.tried else None,
        redacted=tuple(dict.fromkeys([*call.redacted, *paths])),
        notes={**notes, **call.notes},
    )


def flows_header(by: str, started: float, redaction: str) -> Header:
    """Return the header of a recording that is made of flows; `by` is what captured them."""
    made = f"holter {__version__}, {by}, python {platform.python_version()}"
    return Header(recording=secrets.token_hex(4), started=started, by=made, redaction=redaction)


def write(path: str, header: Header, entries: Iterable[Interaction | Mark], keys: Iterable[str] = ()) -> int:
    """Write a whole cassette and return how many calls it holds; nothing is left of one that cannot be whole.

    `CassetteExistsError` where there is a file already; `keys` are kept in its first mark that has them.
    """
    calls, names = 0, list(keys)
    writer = Writer.create(path, header)
    try:
        with writer:
            for entry in entries:
                calls += isinstance(entry, Interaction)
                value = entry
                if names and isinstance(entry, Mark) and entry.what == "started":
                    value = replace(entry, more={**entry.more, KEYS: [*names]})
                if not writer.append(value):
                    raise CassetteError(writer.problem or f"{path}: cannot be written")
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(path)
        raise
    return calls
