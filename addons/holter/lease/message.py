"""The sentence of a finding."""

from __future__ import annotations

from collections import Counter

from holter.lease.finding import Gap
from holter.lease.watch import Broken

_WHAT = {
    "ack-missing": "was handed out and not acknowledged for {gap}",
    "ack-late": "was acknowledged {gap} after it was handed out",
    "ack-slow": "was acknowledged only {gap} after it was handed out",
    "finished-without-ack": "ended {gap} after it was handed out, without any ReportTaskProgress",
    "gap-over-advice": "had no beat for {gap}",
    "gap-over-5min": "had no beat for {gap}",
    "gap-over-limit": "had no beat for {gap}",
    "tail-over-advice": "had no beat for the last {gap}",
    "tail-over-5min": "had no beat for the last {gap}",
    "tail-over-limit": "had no beat for {gap} before SetTaskStatus",
    "attempt-timeout-passed": "was not done {gap} after it was handed out",
    "abandoned": "had no beat for the last {gap} and never got a SetTaskStatus",
}

_SO_FAR = {"ack-slow": _WHAT["ack-missing"]}
"""What is said otherwise while the gap is still open."""


def describe(task: str, broken: Broken, *, closed: bool = True) -> str:
    """Say what happened, for how long, and which limit that breaks."""
    limit, gap, rule = broken.bar.limit, broken.gap, broken.bar.rule
    what = _WHAT[rule] if closed else _SO_FAR.get(rule, _WHAT[rule])
    text = f"{task} {what.format(gap=_seconds(gap, limit.seconds))}"
    if broken.shown:
        text += ", then the service took it away"
    if limit.seconds:
        text += f"; the limit is {_plain(limit.seconds)} s ({limit.name})"
    if broken.shown and gap.possible <= limit.seconds:
        text += ", which the service counts from a moment earlier"
    if broken.cause == "fault":
        text += "; beats in it were answered by a fault of ours"
    if broken.refused:
        counted = Counter(broken.refused)
        text += "; refused in it: " + ", ".join(
            f"{count} x {error}" for error, count in sorted(counted.items())
        )
    return text


def _plain(seconds: float) -> str:
    return f"{seconds:.6f}".rstrip("0").rstrip(".")


def _seconds(gap: Gap, limit: float) -> str:
    """Return a gap in hundredths, or as finely as it takes to tell it from the limit."""
    digits = next((some for some in range(2, 6) if round(gap.certain, some) != limit), 6)
    low, high = f"{gap.certain:.{digits}f}", f"{gap.possible:.{digits}f}"
    return f"{low} s" if low == high else f"{low} to {high} s"
