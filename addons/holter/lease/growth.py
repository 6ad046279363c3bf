"""A gap that grows breaks one rule after the other, and is told as the worst of them when it ends."""

from __future__ import annotations

from collections.abc import Iterator

from holter.lease.catalogue.gaps import ROWS
from holter.lease.finding import Finding, State

_OF_ONE_GAP = {rule.id for rule in ROWS} - {"attempt-timeout-passed"}


def replaces(finding: Finding, before: Finding) -> bool:
    """Tell whether a finding is what became of one that was open; of a withdrawn one nothing did."""
    if before.state is not State.OPEN or finding.task != before.task:
        return False
    if finding.rule == before.rule and (finding.task or finding.caller == before.caller):
        return True
    of_one_gap = {finding.rule, before.rule} <= _OF_ONE_GAP
    return of_one_gap and finding.interactions[:1] == before.interactions[:1]


class OpenFindings:
    """The findings whose gap goes on."""

    def __init__(self) -> None:
        self._open: list[Finding] = []

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._open)

    def __len__(self) -> int:
        return len(self._open)

    def told(self, finding: Finding) -> None:
        """Take in a finding as it is told; it takes the place of what it has grown out of."""
        self._open = [one for one in self._open if not replaces(finding, one)]
        if finding.state is State.OPEN:
            self._open.append(finding)
