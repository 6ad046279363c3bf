"""Named sets of time limits. Every number carries its source, because the sources disagree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

LIMIT_SOURCES: Mapping[str, str] = MappingProxyType(
    {
        "ack": "AWS API reference, ReportTaskProgress: first report within 2 minutes",
        "advice": "AWS API reference, ReportTaskProgress: should call every 60 seconds",
        "silence": "AWS API reference, ReportTaskProgress: no status after 5 minutes, task is reassigned",
        "progress": "AWS API reference, ReportTaskProgress: every 15 minutes keeps ownership",
        "runner": "AWS API reference, ReportTaskRunnerHeartbeat: every 15 minutes",
        "poll": "AWS API reference, PollForTask: held open for up to 90 seconds",
    }
)

PIPELINE_SOURCE = "reportProgressTimeout of the pipeline's own definition"


@dataclass(frozen=True, slots=True)
class Limits:
    """Time limits in seconds."""

    ack: float = 120.0
    progress: float = 900.0
    silence: float = 300.0
    advice: float = 60.0
    runner: float = 900.0
    poll: float = 90.0


@dataclass(frozen=True, slots=True)
class Profile:
    """Limits with their tolerances and graces, all in seconds, before and after `scaled`."""

    name: str = "documented"
    limits: Limits = field(default_factory=Limits)
    tolerance: Mapping[str, float] = field(default_factory=lambda: {"advice": 15.0})
    grace: Mapping[str, float] = field(default_factory=lambda: {"cancel": 60.0, "terminate": 120.0})
    rules: Mapping[str, str] = field(default_factory=dict)
    scale: float = 1.0
    sources: Mapping[str, str] = LIMIT_SOURCES

    def scaled(self, scale: float) -> Profile:
        """Return the profile with every time multiplied, so that a test need not wait."""
        limits = Limits(*(seconds * scale for seconds in _numbers(self.limits)))
        return replace(
            self,
            limits=limits,
            tolerance={name: seconds * scale for name, seconds in self.tolerance.items()},
            grace={name: seconds * scale for name, seconds in self.grace.items()},
            scale=self.scale * scale,
        )


def _numbers(limits: Limits) -> tuple[float, ...]:
    return tuple(getattr(limits, name) for name in Limits.__slots__)
