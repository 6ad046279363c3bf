"""What renews a lease: what one call to the service did to it, judged by what came back."""

from __future__ import annotations

import enum

from holter.wire.message import Interaction, Origin
from holter.wire.operations import DATA_PIPELINE, OPERATIONS, Role

_FAULT, _REFUSED = Origin.FAULT, Origin.REFUSED
_BEATS = frozenset(row.name for row in OPERATIONS.values() if row.role is Role.BEAT)
_CANCEL = DATA_PIPELINE.cancel


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
    if status is None or (interaction.broken and status >= 300):
        return Verdict.PERHAPS
    if 200 <= status < 300:
        return Verdict.TAKEN
    return Verdict.REFUSED if 400 <= status < 500 else Verdict.PERHAPS


def is_plain_beat(call: Interaction) -> bool:
    """Tell whether a call is a beat that the service took in so many words, without cancelling its task."""
    if call.status != 200 or call.op not in _BEATS or call.error or call.broken is not None:
        return False
    if call.origin is _FAULT or call.origin is _REFUSED:
        return False
    answer = call.response
    return not (isinstance(answer, dict) and answer.get(_CANCEL) is True)


def _status(value: object) -> int | None:
    return value if isinstance(value, int) else None
