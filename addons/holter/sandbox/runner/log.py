"""The runner's log: plain lines on stderr, with the time, never a taskId."""

from __future__ import annotations

import sys
from datetime import UTC, datetime


def say(text: str) -> None:
    """Write one line."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    sys.stderr.write(f"{now} runner: {' '.join(text.split())}\n")
    sys.stderr.flush()
