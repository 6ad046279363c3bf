"""One call as its recording has it, with what the operation tables say about it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from holter.cassette.fields import call_of
from holter.wire.message import Interaction, Json, Nothing

ROOM = 1_000_000
"""Characters of JSON that the calls in a report may take, and as many again those that findings name."""


def opened(call: Interaction, *, checks: bool = True) -> dict[str, Json]:
    """Return a call with its bodies, redacted; one that is no JSON is left out, and `opaque` names it."""
    bodies = {"request": call.request, "response": call.response}
    said: dict[str, Json] = {
        name: body for name, body in bodies.items() if not isinstance(body, bytes | Nothing)
    }
    found: dict[str, Json] = {"call": call_of(call), **said}
    if checks:
        from holter.cassette.inspection import protocol  # only who opens a call needs it

        found["opaque"] = [name for name, body in bodies.items() if isinstance(body, bytes) and body]
        found["checks"] = [{"path": one.path, "says": one.text} for one in protocol(call)]
    return found


def bodies(
    calls: Iterable[tuple[int, Callable[[], Interaction]]], named: set[int], room: int = ROOM
) -> dict[str, Json]:
    """Return the calls that a report opens without a server: those that findings name, and others.

    Each kind is taken as long as there is room; a call is made only if it may be wanted.
    """
    found: dict[str, Json] = {}
    left = {True: room, False: room}
    for seq, made in calls:
        which = seq in named
        if left[which] > 0:
            value = opened(made())
            left[which] -= len(json.dumps(value))
            if left[which] >= 0:
                found[str(seq)] = value
    return found
