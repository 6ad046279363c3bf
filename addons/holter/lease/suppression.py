"""Findings that somebody lives with for a while: by rule and by whom, with a reason and an end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import field
from datetime import date
from fnmatch import fnmatchcase

from holter.wire.message import Json
from holter.wire.value import value

RULE = "suppression-expired"
ABOUT = ("caller", "task", "activity")
"""What a pattern may be about; a finding has to match all that are given."""


@value
class Suppression:
    """One suppression; it holds up to and including the day `until`.

    `about` has patterns with `*`, `?` and `[...]`; `place` is the file and line where it stands.
    """

    rule: str
    reason: str
    until: date
    about: tuple[tuple[str, str], ...] = ()
    place: str = field(default="", compare=False)

    def takes(self, rule: str, said: dict[str, str | None]) -> bool:
        """Tell whether a finding of this rule about these names is meant."""
        return rule == self.rule and all(
            (name := said.get(what)) is not None and fnmatchcase(name, pattern)
            for what, pattern in self.about
        )

    def as_json(self) -> dict[str, Json]:
        """Return it as a profile has it."""
        return {
            "rule": self.rule,
            **dict(self.about),
            "reason": self.reason,
            "until": self.until.isoformat(),
        }

    def __str__(self) -> str:
        about = "".join(f", {what} {pattern}" for what, pattern in self.about)
        return f"{self.rule}{about}, until {self.until.isoformat()}: {self.reason}"


class Suppressions:
    """The suppressions of a profile as they hold on a day; without a day, as if none had expired."""

    def __init__(self, suppressions: Sequence[Suppression], today: date | None = None) -> None:
        self.expired = tuple(one for one in suppressions if today is not None and one.until < today)
        self._valid = tuple(one for one in suppressions if one not in self.expired)
        self._used: Counter[Suppression] = Counter()

    def reason(self, rule: str, *, caller: str | None, task: str | None, activity: str | None) -> str | None:
        """Return why a finding is suppressed, or None."""
        said = {"caller": caller, "task": task, "activity": activity}
        found = next((one for one in self._valid if one.takes(rule, said)), None)
        if found is None:
            return None
        self._used[found] += 1
        return found.reason

    @property
    def unused(self) -> Iterator[Suppression]:
        """The valid ones that no finding matched."""
        return (one for one in self._valid if not self._used[one])
