"""Where a lease stands."""

from __future__ import annotations

import enum


class Phase(enum.StrEnum):
    """Where a lease stands; all but the first two are final."""

    HANDED_OUT = "handed out"
    HELD = "held"
    CANCELED = "canceled"
    ENDED = "ended"
    GONE = "gone"
    REASSIGNED = "reassigned"
    UNFINISHED = "unfinished"


HELD = Phase.HELD
"""As it is asked for with every call: Python 3.11 takes its time to find a member in its class."""

OPEN = (Phase.HANDED_OUT, HELD)
"""In these the runner still owes something."""
