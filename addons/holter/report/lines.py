"""A run as it happens: one plain line a call, one a finding, stable for grep."""

from __future__ import annotations

from collections.abc import Callable

from holter.lease.countdown import Ebb
from holter.lease.finding import Finding, State
from holter.report.words import answered, clock, flat, said
from holter.wire.message import Interaction

_STATES = {State.OPEN: "  (still open)", State.WITHDRAWN: "  (withdrawn)"}


class Lines:
    """Tells a run line by line to `write`; findings and trouble to `alert` where that is another."""

    def __init__(self, write: Callable[[str], None], alert: Callable[[str], None] | None = None) -> None:
        self._write = write
        self._alert = alert or write

    def called(self, interaction: Interaction, age: float | None) -> None:
        """Tell of a call when it ends: operation, task, what it said, the lease's age, the answer."""
        lease = f"lease {age:.2f} s" if age is not None else ""
        parts = [interaction.task or "-", said(interaction), lease]
        text = "  ".join(part for part in parts if part)
        by = f"  [fault: {interaction.fault}]" if interaction.fault else ""
        at = (interaction.at or 0.0) + (interaction.ended or 0.0) - (interaction.asked or 0.0)
        self._write(flat(f"{clock(at)}  {interaction.op}  {text}  -> {answered(interaction)}{by}"))

    def found(self, finding: Finding) -> None:
        """Tell of a finding, when its deadline passes and again when its gap has ended, however."""
        kind = str(finding.severity).upper()
        when = _STATES.get(finding.state, "")
        doubt = f" {finding.certainty}" if finding.certainty != "certain" else ""
        why = f"  (suppressed: {finding.suppressed})" if finding.suppressed else ""
        tell = self._write if finding.suppressed else self._alert
        tell(flat(f"{clock(finding.at)}  {kind}{doubt} {finding.rule}: {finding.message}{why}{when}"))

    def ebbing(self, ebb: Ebb) -> None:
        """Tell that a lease goes down, before its deadline passes."""
        used = f"{ebb.share:.0%} of its lease used up"
        self._write(flat(f"{clock(ebb.at)}  {ebb.task}: {used}, {ebb.left:.2f} s left without a beat"))

    def trouble(self, text: str) -> None:
        """Tell what went wrong with Holter itself."""
        self._alert(flat(f"holter: {text}"))


class Findings(Lines):
    """Tells of findings and trouble, and not of every call."""

    def called(self, interaction: Interaction, age: float | None) -> None:
        """Tell nothing."""

    def ebbing(self, ebb: Ebb) -> None:
        """Tell nothing."""
