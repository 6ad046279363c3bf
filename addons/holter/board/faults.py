"""Faults while a run goes on: rules are added, armed, taken out and fired, and the recording tells of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace

from holter.board.keeper import Keeper
from holter.faults import short
from holter.faults.checks import Mode, check
from holter.faults.log import expecting
from holter.faults.node import Node, PlanError, meant
from holter.faults.planfile import Spelled, spelled
from holter.faults.yamlnodes import load
from holter.wire.message import Json, Mark

_BODY = "the request"


class FaultDesk:
    """Changes the plan of a running session. `PlanError` says what is wrong with what is asked.

    What it adds becomes one of the keeper's plans, so that every desk of a run knows of it.
    """

    def __init__(self, keeper: Keeper, mode: Mode) -> None:
        self._keeper, self._mode = keeper, mode
        self._roster = keeper.session.plan.roster

    def rows(self) -> dict[str, Json]:
        """Return all rules as they stand."""
        now = self._keeper.clock.now().mono
        rules: list[Json] = [asdict(row) for row in self._roster.rows(now)]
        return {"seed": self._keeper.plans.seed, "rules": rules}

    @property
    def armed(self) -> int:
        """How many rules are armed."""
        return sum(row.state == "armed" for row in self._roster.rows(self._keeper.clock.now().mono))

    def add(self, text: str) -> dict[str, Json]:
        """Arm a rule that is new: JSON or YAML as in a plan, or a short form; `for` says how long."""
        rule, seconds = self._read(text)
        name = rule.rule.name
        if name in self._roster:
            raise PlanError(f"{_BODY}: there is a rule {name!r} already: arm it, or take another name")
        rules = (*self._keeper.plans.rules, rule)
        check(rules, self._mode)
        self._keeper.plans = replace(self._keeper.plans, rules=rules)
        self._roster.add(rule.rule, self._until(seconds))
        return self._told("armed", rule)

    def arm(self, name: str, text: str) -> dict[str, Json]:
        """Arm a rule again, for as long as `for` says."""
        rule = self._named(name)
        self._roster.arm(name, self._until(_for(load(text, _BODY, self._scale)) if text.strip() else None))
        return self._told("armed", rule)

    def disarm(self, name: str) -> dict[str, Json]:
        """Take a rule out."""
        rule = self._named(name)
        self._roster.disarm(name)
        return self._told("disarmed", rule)

    def fire(self, name: str) -> dict[str, Json]:
        """Let a rule meet the next call that it is about."""
        rule = self._named(name)
        self._roster.fire(name)
        return self._told("fired", rule)

    @property
    def _scale(self) -> float:
        return self._keeper.audit.profile.scale

    def _read(self, text: str) -> tuple[Spelled, float | None]:
        node = load(text, _BODY, self._scale)
        if isinstance(node.value, str):
            return short.parse(node.value, self._scale), None
        members = node.mapping()
        rest = {key: value for key, value in members.items() if key != "for"}
        return spelled(replace(node, value=rest)), _for(node, strict=False)

    def _until(self, seconds: float | None) -> float:
        return float("inf") if seconds is None else self._keeper.clock.now().mono + seconds

    def _named(self, name: str) -> Spelled:
        for one in self._keeper.plans.rules:
            if one.rule.name == name:
                return one
        known: Iterable[str] = [one.rule.name for one in self._keeper.plans.rules]
        raise PlanError(f"there is no rule {name!r}{meant(name, known)}")

    def _told(self, did: str, rule: Spelled) -> dict[str, Json]:
        """Have the recording tell of it, and return the rule as it stands."""
        now, name = self._keeper.clock.now(), rule.rule.name
        said: dict[str, Json] = {"did": did, "rules": [name], "seed": self._keeper.plans.seed}
        said |= expecting(rule.expect) if did != "disarmed" else {}
        self._keeper.session.mark(Mark("fault", round(now.wall, 6), round(now.mono, 6), said))
        return next(asdict(row) for row in self._roster.rows(now.mono) if row.name == name)


def _for(node: Node, *, strict: bool = True) -> float | None:
    """Return the seconds for which a rule is to be armed."""
    members = node.mapping(("for",) if strict else None)
    return members["for"].seconds(above=True) if "for" in members else None
