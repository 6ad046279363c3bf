"""The `call` line, put together by hand: it is half of all that is written, and so costs half as much.

A test holds it against `fields.call_of`, which says the same as a value.
"""

from __future__ import annotations

import json.encoder

from holter.cassette import yamltext
from holter.cassette.fields import time_text
from holter.wire.message import Interaction

_quoted = json.encoder.encode_basestring
_NEVER = (None, None, None)


def call_line(call: Interaction) -> str:
    """Return what `fields.call_of` says, as JSON on one line; `yamltext.safe` makes YAML of it."""
    said = [f'"seq":{call.seq},"op":{_quoted(call.op)}' if call.seq else f'"op":{_quoted(call.op)}']
    if call.at is not None:
        said.append(f'"at":"{time_text(call.at)}"')
    if call.mono != _NEVER:
        said.append(f'"mono":[{",".join(map(_number, call.mono))}]')
    if call.caller is not None:
        said.append(f'"caller":{_quoted(call.caller)}')
    if call.task is not None:
        said.append(f'"task":{_quoted(call.task)}')
    if call.print is not None:
        said.append(f'"print":{_quoted(call.print)}')
    if tried := call.tried:
        most = "" if tried.max is None else f',"max":{tried.max}'
        said.append(f'"try":{{"id":{_quoted(tried.id)},"n":{tried.n}{most}}}')
    if call.status is not None:
        said.append(f'"status":{call.status}')
    _end(call, said)
    if call.oldest is not None and call.upstream is None and not (call.redacted or call.notes):
        said.append(f'"oldest":{_number(call.oldest)}')
    else:
        said += _rest(call)
    return f"{{{','.join(said)}}}"


def _end(call: Interaction, said: list[str]) -> None:
    if call.error is not None:
        said.append(f'"error":{_quoted(call.error)}')
    if call.broken is not None:
        said.append(f'"broken":{_quoted(call.broken)}')
    if call.origin is not None:
        said.append(f'"origin":{_quoted(call.origin)}')
    if call.fault is not None:
        said.append(f'"fault":{_quoted(call.fault)}')


def _number(moment: float | None) -> str:
    if type(moment) is float and moment * 0 == 0:  # neither infinite nor no number at all
        return repr(moment)
    return yamltext.compact(moment)


def _rest(call: Interaction) -> list[str]:
    said = []
    if call.upstream is not None:
        said.append(f'"upstream":{yamltext.compact(dict(call.upstream))}')
    if call.oldest is not None:
        said.append(f'"oldest":{_number(call.oldest)}')
    if call.redacted:
        said.append(f'"redacted":{yamltext.compact(list(call.redacted))}')
    if call.notes:
        said.append(f'"notes":{yamltext.compact(dict(call.notes))}')
    return said
