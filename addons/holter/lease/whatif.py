"""Other limits for a recording that exists, to see what the audit would have said."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import replace

from holter.errors import UsageError
from holter.lease.profile import ATTEMPT_LIMIT, PIPELINE_LIMIT, Profile
from holter.lease.sources import LIMIT_SOURCES
from holter.wire import period
from holter.wire.near import near
from holter.wire.value import value

LIMITS = (PIPELINE_LIMIT, ATTEMPT_LIMIT, *LIMIT_SOURCES)
"""The limits that can be set: those of a profile, and the pipeline's own."""

SOURCE = "--what-if"

_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0}
_SHORT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([smhd]?)")


@value
class WhatIf:
    """Limits to judge by instead, in seconds before scaling; `text` is what was asked."""

    text: str
    limits: Mapping[str, float]

    def apply(self, profile: Profile) -> Profile:
        """Return a profile with these limits, scaled as the profile is."""
        scaled = {name: seconds * profile.scale for name, seconds in self.limits.items()}
        timeout = scaled.pop(PIPELINE_LIMIT, profile.timeout)
        attempt = scaled.pop(ATTEMPT_LIMIT, profile.attempt)
        return replace(
            profile,
            limits=replace(profile.limits, **scaled),
            timeout=timeout,
            attempt=attempt,
            sources={**profile.sources, **dict.fromkeys(scaled, SOURCE)},
        )


def what_if(text: str) -> WhatIf:
    """Read `LIMIT=DURATION`, or several of them with commas between; `UsageError` says what is wrong."""
    limits: dict[str, float] = {}
    for part in text.split(","):
        name, equals, length = (piece.strip() for piece in part.partition("="))
        if not equals:
            raise UsageError(f"--what-if: {part.strip()!r} is not LIMIT=DURATION, such as ack=60s")
        if name not in LIMITS:
            meant = near(name, LIMITS)
            hint = f"did you mean {meant}?" if meant else f"known: {', '.join(LIMITS)}"
            raise UsageError(f"--what-if: {name}: is no limit ({hint})")
        if name in limits:
            raise UsageError(f"--what-if: {name} stands twice in {text!r}")
        limits[name] = duration(length)
    return WhatIf(text, limits)


def duration(text: str) -> float:
    """Read seconds from `90`, `90s`, `5m`, `1h`, `2d` or AWS's `30 minutes`; else `UsageError`."""
    short = _SHORT.fullmatch(text)
    found = float(short[1]) * _UNITS[short[2]] if short else period.seconds(text)
    if not found or found == float("inf"):
        raise UsageError(f"--what-if: {text!r} is no duration, such as 90s, 5m, 1h or '30 minutes'")
    return found


def changed(profile: Profile) -> dict[str, float]:
    """Return the limits of a profile that were set by a what-if, in its scaled seconds."""
    limits = dataclasses.asdict(profile.limits)
    found = {name: limits[name] for name, source in profile.sources.items() if source == SOURCE}
    own = {PIPELINE_LIMIT: profile.timeout, ATTEMPT_LIMIT: profile.attempt}
    return {**found, **{name: seconds for name, seconds in own.items() if seconds is not None}}
