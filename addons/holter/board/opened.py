"""One call as its recording has it, with what the operation tables say about it."""

from __future__ import annotations

from holter.cassette.fields import call_of
from holter.wire.message import Interaction, Json, Nothing


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
