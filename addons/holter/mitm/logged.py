"""A run told to mitmproxy's log: each finding at the level that its severity has there."""

from __future__ import annotations

import logging

from holter.lease.finding import Certainty, Finding
from holter.lease.rules import Severity
from holter.mitm import engine
from holter.report.lines import Lines

log = logging.getLogger("mitmproxy.holter")
"""Below mitmproxy's own logger, whose level the user sets."""

LEVELS = {Severity.ERROR: logging.ERROR, Severity.WARNING: logging.WARNING, Severity.NOTE: logging.INFO}


class Logged(Lines):
    """Writes calls as information, trouble as warnings, findings by their severity."""

    def __init__(self) -> None:
        super().__init__(log.info, log.warning)

    def found(self, finding: Finding) -> None:
        """Log a finding."""
        level = _level(finding)
        Lines(lambda line: log.log(level, "%s", line)).found(finding)


def _level(finding: Finding) -> int:
    """Return the level of a finding; one that fails no run is no error."""
    if finding.suppressed:
        return logging.INFO
    level = LEVELS[finding.severity]
    sure = finding.certainty is Certainty.CERTAIN and finding.cause != "fault"
    soft = not sure or engine.is_starting()  # then mitmproxy would not start for an error
    return min(level, logging.WARNING) if soft else level
