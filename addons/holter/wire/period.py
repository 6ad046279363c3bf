"""AWS Data Pipeline's Period type: `15 minutes`, `1 Hour`, `2 days`."""

from __future__ import annotations

import re

from holter.wire.regex import regex

_UNITS = {
    "minute": 60.0,
    "hour": 3_600.0,
    "day": 86_400.0,
    "week": 604_800.0,
    "month": 2_629_800.0,  # a twelfth of 365.25 days
    "year": 31_557_600.0,
}
_PERIOD = regex(r"\s*0*([1-9][0-9]{0,8})\s+(minute|hour|day|week|month|year)s?\s*", re.IGNORECASE)


def seconds(text: str) -> float | None:
    """Return a period in seconds, or None where it is none, such as an unevaluated `#{...}`.

    Any positive number counts, in any case, singular or plural, as the developer guide itself spells
    them ("Simple data types: Period", and its own examples below the stated minimum of 15 minutes).
    """
    match = _PERIOD.fullmatch(text)
    if match is None:
        return None
    return int(match[1]) * _UNITS[match[2].lower()]
