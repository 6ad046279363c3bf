"""Who says so: the documented source of every time limit."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

LIMIT_SOURCES: Mapping[str, str] = MappingProxyType(
    {
        "ack": "AWS API reference, ReportTaskProgress: acknowledge within 2 minutes",
        "advice": "AWS API reference, ReportTaskProgress: should be called every 60 seconds",
        "silence": "AWS API reference, ReportTaskProgress: reassigned after 5 minutes without a report",
        "progress": "AWS API reference, ReportTaskProgress: every 15 minutes keeps ownership",
        "runner": "AWS API reference, ReportTaskRunnerHeartbeat: every 15 minutes",
        "poll": "AWS API reference, PollForTask: held open for up to 90 seconds",
    }
)
