"""The rules of a plan, of which some are armed: what is off is absent and costs nothing."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass

from holter.faults.armed import Armed, Selection, by_operation, selections
from holter.faults.rule import Rule
from holter.faults.tally import Counts


@dataclass(frozen=True, slots=True)
class Row:
    """A rule as it stands: armed, off, or over because it has met all it may or its time has passed.

    `met` is how many calls it has met, `left` how many seconds it is still armed, None where that has no end.
    """

    name: str
    state: str
    met: int
    left: float | None


class Roster:
    """Rules by name, and for each operation those that are armed, in the order of the plan.

    What a rule has counted and met stays with it while it is off. Times are seconds since the start.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._armed = {rule.name: Armed(rule, number) for number, rule in enumerate(rules)}
        self._counts: dict[str, Counts] = {}
        self._counters = 0
        self._lay_out()

    def _lay_out(self) -> None:
        armed = [one for one in self._armed.values() if one.on or one.fires]
        self._early = by_operation(selections((one for one in armed if not one.rule.late), self._counts))
        self._late = by_operation(selections((one for one in armed if one.rule.late), self._counts))
        self._ends = min((one.ends for one in armed), default=float("inf"))

    def __contains__(self, name: str) -> bool:
        return name in self._armed

    def __bool__(self) -> bool:
        return bool(self._armed)

    def of(self, name: str) -> Armed:
        """Return a rule with what it has met; `KeyError` where there is none of that name."""
        return self._armed[name]

    def early(self, op: str, at: float) -> tuple[Selection, ...]:
        """Return the armed rules that may meet a call of an operation before it is passed on."""
        if at >= self._ends:
            self._expire(at)
        return self._early.get(op) or self._early[""]

    def late(self, op: str) -> tuple[Selection, ...]:
        """Return the armed rules that may meet the answer to a call of an operation."""
        return self._late.get(op) or self._late[""]

    def add(self, rule: Rule, until: float = float("inf")) -> None:
        """Arm a rule that is new, behind all others."""
        self._counters += 1
        self._armed[rule.name] = Armed(rule, len(self._armed), self._counters)
        self.arm(rule.name, until)

    def arm(self, name: str, until: float = float("inf")) -> None:
        """Arm a rule until a moment."""
        armed = self._armed[name]
        armed.on, armed.until = True, until
        self._lay_out()

    def disarm(self, name: str) -> None:
        """Take a rule out; what goes on because of it goes on."""
        self._armed[name].fires = 0
        self._off(self._armed[name])
        self._lay_out()

    def _off(self, armed: Armed) -> None:
        """Let a rule be off: from here on it counts by itself, whatever those do that counted with it."""
        armed.on, about = False, armed.about
        if any(one is not armed and one.about == about for one in self._armed.values()):
            self._counters += 1
            armed.counter = self._counters
            self._counts[armed.about] = copy.deepcopy(self._counts[about])

    def fire(self, name: str) -> None:
        """Let a rule meet the next call that it is about, whatever its numbers, times and chances say."""
        self._armed[name].fires += 1
        self._lay_out()

    def met(self, armed: Armed, key: str) -> None:
        """Take in that a rule has met a call; one that is used up, or was only fired, is off after it."""
        armed.met.add(key)
        if armed.fires:
            armed.fires -= 1
            if not armed.fires:
                self._lay_out()
        elif armed.used_up:
            self._off(armed)
            self._lay_out()

    def rows(self, at: float) -> list[Row]:
        """Return all rules as they stand at a moment."""
        return [self._row(armed, at) for armed in self._armed.values()]

    def _row(self, armed: Armed, at: float) -> Row:
        over = armed.used_up or at >= armed.ends
        left = None if over or not armed.on or armed.ends == float("inf") else round(armed.ends - at, 6)
        state = "over" if over else "armed" if armed.on else "off"
        return Row(armed.rule.name, state, armed.met.total, left)

    def _expire(self, at: float) -> None:
        for armed in self._armed.values():
            if at >= armed.ends:
                self._off(armed)
        self._lay_out()
