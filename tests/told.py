"""A listener that keeps what it is told, and a tape that keeps entries in a list."""

from __future__ import annotations

from dataclasses import dataclass, field

from holter.lease.countdown import Ebb
from holter.lease.finding import Finding
from holter.wire.message import Interaction, Mark


@dataclass
class Told:
    """What a listener was told."""

    calls: list[tuple[Interaction, float | None]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    ebbs: list[Ebb] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def called(self, interaction: Interaction, age: float | None) -> None:
        self.calls.append((interaction, age))

    def found(self, finding: Finding) -> None:
        self.findings.append(finding)

    def ebbing(self, ebb: Ebb) -> None:
        self.ebbs.append(ebb)

    def trouble(self, text: str) -> None:
        self.troubles.append(text)


@dataclass
class Kept:
    """A tape in memory."""

    entries: list[Interaction | Mark] = field(default_factory=list)
    lost: int = 0

    def interaction(self, interaction: Interaction) -> bool:
        self.entries.append(interaction)
        return True

    def mark(self, mark: Mark) -> bool:
        self.entries.append(mark)
        return True

    @property
    def calls(self) -> list[Interaction]:
        return [entry for entry in self.entries if isinstance(entry, Interaction)]

    @property
    def marks(self) -> list[str]:
        return [entry.what for entry in self.entries if isinstance(entry, Mark)]
