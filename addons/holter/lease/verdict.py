"""What renews a lease: what one call to the service did to it, judged by what came back."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence

from holter.wire.message import Broken, Interaction, Origin, Payload
from holter.wire.operations import DATA_PIPELINE, OPERATIONS, Role

_OURS = (_FAULT, _REFUSED) = (Origin.FAULT, Origin.REFUSED)
_ANSWERS: Mapping[Role, Sequence[Payload]] = {
    Role.BEAT: ({DATA_PIPELINE.cancel: False},),
    Role.FINISH: ({}, b""),
}
"""What the service answers to calls about a task, as long as all is well."""

_USUAL = {row.name: (row.role, _ANSWERS[row.role]) for row in OPERATIONS.values() if row.role in _ANSWERS}
_UNUSUAL = (None, ())
_HEARD = (None, Broken.CLIENT)
"""With these, a status is the service's own, whoever was still there to hear it."""


class Verdict(enum.StrEnum):
    """Whether the service received a call and took it."""

    TAKEN = "taken"  # answered 200: received between asked and the answer's first byte
    PERHAPS = "perhaps"  # 5xx, or broken after it was passed on: nobody but the service knows
    REFUSED = "refused"  # 4xx from the service: received, and it did not count
    OURS = "ours"  # answered by Holter before it was passed on: the service never saw it


def verdict(interaction: Interaction) -> Verdict:
    """Judge one finished call; every row of the table is a case of this function's test."""
    status = interaction.status
    if interaction.origin in _OURS:
        if interaction.upstream is None:
            return Verdict.OURS
        status = _status(interaction.upstream.get("status"))
    if status is None or (interaction.broken not in _HEARD and status >= 300):
        return Verdict.PERHAPS
    if 200 <= status < 300:
        return Verdict.TAKEN
    return Verdict.REFUSED if 400 <= status < 500 else Verdict.PERHAPS


def ordinary(call: Interaction) -> Role | None:
    """Return the role of a call about a task that the service simply took, with nothing noted of it.

    Of any other call it is None.
    """
    part, usual = _USUAL.get(call.op, _UNUSUAL)
    if part is None or call.status != 200 or call.response not in usual:
        return None
    origin = call.origin
    if call.error or call.broken is not None or call.notes or origin is _FAULT or origin is _REFUSED:
        return None
    return part


def _status(value: object) -> int | None:
    return value if isinstance(value, int) else None
