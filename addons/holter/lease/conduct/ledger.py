"""What was broken, once for each rule and each task or caller, however often it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from holter.lease.conduct.evidence import Evidence
from holter.lease.profile import Profile
from holter.wire.value import state


@state
class _Entry:
    evidence: Evidence
    last: Evidence
    count: int = 1


class Ledger:
    """Counts evidence; what a profile has switched off is not even written down."""

    def __init__(self, profile: Profile) -> None:
        self._off = {rule for rule, grade in profile.rules.items() if grade == "off"}
        self._entries: dict[tuple[str, str | None, str | None], _Entry] = {}

    def take(self, evidence: Evidence) -> bool:
        """Write evidence down; tell whether it is the first of its kind, or better than what was there."""
        if evidence.rule in self._off:
            return False
        key = (evidence.rule, evidence.task, None if evidence.task else evidence.caller)
        known = self._entries.get(key)
        if known is None:
            self._entries[key] = _Entry(evidence, evidence)
            return True
        again = (evidence.at, evidence.said) == (known.last.at, known.last.said)
        surer = again and evidence.certain and not known.last.certain
        known.count += not surer  # what was possible and then is certain was still only once
        known.last = evidence
        news = _weight(evidence) > _weight(known.evidence)
        if news:
            known.evidence = evidence
        return news

    def settled(self) -> Iterator[Evidence]:
        """Yield the best evidence of each kind, saying how often it was, in the order of first sight."""
        for entry in self._entries.values():
            told = entry.evidence
            yield told if entry.count == 1 else replace(told, said=f"{told.said}; {entry.count} times in all")


def _weight(evidence: Evidence) -> tuple[bool, bool]:
    return evidence.cause is None, evidence.certain
