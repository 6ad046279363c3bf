"""The page of recordings, frozen in one file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from holter.board.opened import bodies
from holter.cassette.chunks import Chunk
from holter.cassette.reader import read
from holter.cli.recording import Recording
from holter.lease.audit import Audit
from holter.report import html, page
from holter.report.page import About
from holter.report.strip import Strip
from holter.wire.message import Interaction, Json


def render(recording: Recording, audit: Audit, strip: Strip) -> bytes:
    """Return the page of what was read and judged."""
    about = About(recording.title, recording.name, lost=recording.lost, places=recording.places)
    named = {seq for finding in audit.findings for seq in finding.interactions}
    return html.render({**page.value(audit, strip, about), "bodies": bodies(_calls(recording), named)})


def _calls(recording: Recording) -> Iterator[tuple[int, Callable[[], Interaction]]]:
    """Yield the calls, from the files anew, by the numbers and names of the whole."""
    numbers = {(place.file, place.line): seq for seq, place in recording.places.items()}
    for reader, file in zip(recording.readers, recording.files, strict=True):
        for chunk, raw in reader.documents():
            seq = numbers.get((file.path, chunk.place.line))
            if seq is not None:
                yield seq, partial(_call, chunk, raw, seq, file.renamed)


def _call(chunk: Chunk, raw: bytes, seq: int, names: Mapping[str, str]) -> Interaction:
    value = read(chunk, raw).value
    if not isinstance(value, Interaction):
        raise chunk.place.wrong("was changed while it was read")
    return _renamed(replace(value, seq=seq), names)


def _renamed(call: Interaction, names: Mapping[str, str]) -> Interaction:
    """Return a call with its task called as in the whole, in its bodies too."""
    own = call.task
    if own is None or own not in names:
        return call
    request = call.request if isinstance(call.request, bytes) else _put(call.request, own, names[own])
    response = call.response
    if isinstance(response, dict | list):
        response = _put(response, own, names[own])
    return replace(call, task=names[own], request=request, response=response)


def _put(body: Json, own: str, whole: str) -> Json:
    if isinstance(body, dict):
        return {key: _put(value, own, whole) for key, value in body.items()}
    if isinstance(body, list):
        return [_put(value, own, whole) for value in body]
    return whole if body == own else body
