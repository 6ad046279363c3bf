"""What renews a lease: what one call to the service did to it, judged by what came back."""

from __future__ import annotations

import enum

from holter.wire.message import Broken, Interaction, Origin
from holter.wire.operations import DATA_PIPELINE, OPERATIONS, Role

_FAULT, _REFUSED = Origin.FAULT, Origin.REFUSED
_BEATS = frozenset(row.name for row in OPERATIONS.values() if row.role is Role.BEAT)
_GOES_ON = {DATA_PIPELINE.cancel: False}
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
    if interaction.origin in (Origin.FAULT, Origin.REFUSED):
        if interaction.upstream is None:
            return Verdict.OURS
        status = _status(interaction.upstream.get("status"))
    if status is None or (interaction.broken not in _HEARD and status >= 300):
        return Verdict.PERHAPS
    if 200 <= status < 300:
        return Verdict.TAKEN
    return Verdict.REFUSED if 400 <= status < 500 else Verdict.PERHAPS


def is_ordinary_beat(call: Interaction) -> bool:
    """Tell whether a call is a beat that the service took in so many words, with nothing noted of it."""
    if call.status != 200 or call.op not in _BEATS or call.response != _GOES_ON:
        return False
    if call.error or call.broken is not None or call.notes:
        return False
    origin = call.origin
    return origin is not _FAULT and origin is not _REFUSED


def _status(value: object) -> int | None:
    return value if isinstance(value, int) else None
