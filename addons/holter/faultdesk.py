"""Faults while a run goes on: rules are added, armed, taken out and fired, and the recording tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from holter.faults import short
from holter.faults.checks import check
from holter.faults.log import expecting
from holter.faults.node import Node, PlanError, meant
from holter.faults.planfile import spelled
from holter.faults.plans import Mode, Spelled
from holter.faults.roster import Row
from holter.faults.yamlnodes import load
from holter.keeper import Keeper
from holter.wire.message import Json, Mark

_RULE = "the rule"


class FaultDesk:
    """Changes the plan of a running session. `PlanError` says what is wrong with what is asked.

    What it adds becomes one of the keeper's plans, so that every desk of a run knows of it.
    """

    def __init__(self, keeper: Keeper, mode: Mode) -> None:
        self._keeper, self.mode = keeper, mode
        session = keeper.session
        session.plan = session.plan or keeper.plans.plan()
        self._roster = session.plan.roster

    def rows(self) -> list[Row]:
        """Return all rules as they stand."""
        return self._roster.rows(self._keeper.clock.now().mono)

    @property
    def seed(self) -> int | str | None:
        """What the rules draw by."""
        return self._keeper.plans.seed

    @property
    def armed(self) -> int:
        """How many rules are armed."""
        return sum(row.state == "armed" for row in self.rows())

    def add(self, text: str) -> Row:
        """Arm a rule that is new: JSON or YAML as in a plan, or a short form; `for` says how long.

        A short form is a JSON string, or stands as `fault` where there is a `for` beside it.
        """
        return self._added(*self._read(text))

    def add_short(self, text: str) -> Row:
        """Arm a rule that is new, given in short form."""
        return self._added(short.parse(text, self._scale))

    def _added(self, rule: Spelled, seconds: float | None = None) -> Row:
        name = rule.rule.name
        if name in self._roster:
            raise PlanError(f"{_RULE}: there is a rule {name!r} already: arm it, or take another name")
        rules = (*self._keeper.plans.rules, rule)
        passing = {row.name for row in self.rows() if row.state != "armed" or row.left is not None}
        check(rules, self.mode, passing=passing)
        self._keeper.plans = replace(self._keeper.plans, rules=rules)
        self._roster.add(rule.rule, self._until(seconds))
        return self._told("armed", rule)

    def arm(self, name: str, text: str = "") -> Row:
        """Arm a rule again, for as long as `for` says."""
        rule = self._named(name)
        seconds = _for(load(text, "the request", self._scale).mapping(("for",))) if text.strip() else None
        self._roster.arm(name, self._until(seconds))
        return self._told("armed", rule)

    def disarm(self, name: str) -> Row:
        """Take a rule out."""
        rule = self._named(name)
        self._roster.disarm(name)
        return self._told("disarmed", rule)

    def fire(self, name: str) -> Row:
        """Let a rule meet the next call that it is about."""
        rule = self._named(name)
        self._roster.fire(name)
        return self._told("fired", rule)

    @property
    def _scale(self) -> float:
        return self._keeper.audit.profile.scale

    def _read(self, text: str) -> tuple[Spelled, float | None]:
        node = load(text, _RULE, self._scale)
        if isinstance(node.value, str):
            return short.parse(node.value, self._scale), None
        members = node.mapping()
        seconds = _for(members)
        if "fault" in members:
            return short.parse(node.mapping(("fault", "for"))["fault"].text(), self._scale), seconds
        rest = {key: value for key, value in members.items() if key != "for"}
        return spelled(replace(node, value=rest)), seconds

    def _until(self, seconds: float | None) -> float:
        return float("inf") if seconds is None else self._keeper.clock.now().mono + seconds

    def _named(self, name: str) -> Spelled:
        for one in self._keeper.plans.rules:
            if one.rule.name == name:
                return one
        known = [one.rule.name for one in self._keeper.plans.rules]
        raise PlanError(f"there is no rule {name!r}{meant(name, known, 'the rules of this run')}")

    def _told(self, did: str, rule: Spelled) -> Row:
        """Have the recording tell of it, and return the rule as it stands."""
        now, name = self._keeper.clock.now(), rule.rule.name
        said: dict[str, Json] = {"did": did, "rules": [name], "seed": self.seed}
        said |= expecting(rule.expect) if did != "disarmed" else {}
        self._keeper.session.mark(Mark("fault", round(now.wall, 6), round(now.mono, 6), said))
        return next(row for row in self._roster.rows(now.mono) if row.name == name)


def _for(members: Mapping[str, Node]) -> float | None:
    """Return the seconds for which a rule is to be armed."""
    return members["for"].seconds(above=True) if "for" in members else None
