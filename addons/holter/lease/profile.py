"""Named sets of time limits. Every number carries its source, because the sources disagree."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import field, replace
from types import MappingProxyType
from typing import Any

from holter.lease.rules import RULES, Severity
from holter.lease.sources import LIMIT_SOURCES
from holter.lease.suppression import Suppression
from holter.wire.message import Json
from holter.wire.value import value

PIPELINE_LIMIT = "reportProgressTimeout"
PIPELINE_SOURCE = "reportProgressTimeout in the pipeline's definition"

ATTEMPT_LIMIT = "attemptTimeout"
ATTEMPT_SOURCE = "attemptTimeout in the pipeline's definition"


@value
class Limits:
    """Time limits in seconds; `LIMIT_SOURCES` tells where each comes from."""

    ack: float = 120.0
    progress: float = 900.0
    silence: float = 300.0
    advice: float = 60.0
    runner: float = 900.0
    poll: float = 90.0


@value
class Profile:
    """Limits, tolerances and graces in seconds, already scaled, and rules re-graded or switched off.

    `advice` has a tolerance of 15 seconds so that a timer of 60 seconds is not nagged about its jitter;
    `network` is allowed for only where the service itself has shown that a lease was lost. `timeout` takes
    the place of every pipeline's reportProgressTimeout, and `attempt` of every attemptTimeout, to see what
    would have been. `replay` is how a replay under this profile matches and paces, read there. No recording
    keeps these three.
    """

    name: str = "documented"
    limits: Limits = field(default_factory=Limits)
    tolerance: Mapping[str, float] = field(default_factory=lambda: {"advice": 15.0, "network": 2.0})
    grace: Mapping[str, float] = field(default_factory=lambda: {"cancel": 60.0, "terminate": 120.0})
    rules: Mapping[str, str] = field(default_factory=dict)
    suppress: tuple[Suppression, ...] = ()
    scale: float = 1.0
    sources: Mapping[str, str] = field(default_factory=lambda: LIMIT_SOURCES)
    timeout: float | None = None
    attempt: float | None = None
    replay: Mapping[str, Any] = field(default_factory=dict)

    def scaled(self, scale: float) -> Profile:
        """Return the profile with every time multiplied, so that a test need not wait."""
        limits = {name: seconds * scale for name, seconds in dataclasses.asdict(self.limits).items()}
        return replace(
            self,
            limits=Limits(**limits),
            tolerance={name: seconds * scale for name, seconds in self.tolerance.items()},
            grace={name: seconds * scale for name, seconds in self.grace.items()},
            scale=self.scale * scale,
            timeout=None if self.timeout is None else self.timeout * scale,
            attempt=None if self.attempt is None else self.attempt * scale,
        )

    def as_json(self) -> dict[str, Json]:
        """Return the resolved profile as a cassette's header keeps it."""
        return {
            "name": self.name,
            "scale": self.scale,
            "limits": dict(dataclasses.asdict(self.limits)),
            "tolerance": dict(self.tolerance),
            "grace": dict(self.grace),
            "rules": dict(self.rules),
            "suppress": [one.as_json() for one in self.suppress],
        }


DOCUMENTED = Profile()
STRICT = replace(DOCUMENTED, name="strict", rules={"gap-over-5min": "error", "tail-over-5min": "error"})
RELAXED = replace(
    DOCUMENTED,
    name="relaxed",
    rules={
        rule.id: "off"
        for rule in RULES.values()
        if rule.severity is not Severity.ERROR
        and rule.id not in ("finished-without-ack", "suppression-expired")
    },
)

PROFILES: Mapping[str, Profile] = MappingProxyType(
    {profile.name: profile for profile in (DOCUMENTED, STRICT, RELAXED)}
)
