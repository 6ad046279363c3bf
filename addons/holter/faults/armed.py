"""Rules at work: what they count by, and whether they may meet a call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from holter.faults.asked import Asked
from holter.faults.rule import Rule
from holter.faults.tally import Counts, Met, Of
from holter.faults.when import When
from holter.wire.message import Payload
from holter.wire.operations import OPERATIONS

_ALWAYS = When().window
Condition: TypeAlias = Callable[[Asked, Of], bool]


class Armed:
    """A rule with what it has met; `number` is its place in the plan.

    It is `on` until a moment in seconds since the start; `fires` is how many calls it is to meet regardless.
    Rules with the same `counter` have been armed all the time together, so that they count as one.
    """

    def __init__(self, rule: Rule, number: int, counter: int = 0) -> None:
        self.rule, self.number, self.counter = rule, number, counter
        self.on, self.until, self.fires = True, float("inf"), 0
        self.met = Met()
        self._fits = _joined(tuple(_conditions(rule.when)))

    @property
    def about(self) -> str:
        """What it counts: the same for rules that count together."""
        when = self.rule.when
        return repr((self.counter, when.ops, sorted(when.patterns.items()), when.request, when.answer))

    @property
    def ends(self) -> float:
        """When it is over at the latest, in seconds since the start."""
        return min(self.until, self.rule.when.window[1])

    @property
    def used_up(self) -> bool:
        """Whether it has met all calls that it may ever meet."""
        when = self.rule.when
        return when.at_most is not None and not when.per_task and self.met.total >= when.at_most

    @property
    def fits(self) -> Condition:
        """What tells whether a call that the rule counts has the right number and comes at the right time."""
        return _anyway if self.fires else self._fits

    def allowed(self, key: str) -> bool:
        """Tell whether the rule has not met as many calls as it may."""
        when = self.rule.when
        if self.fires:
            return True
        if when.at_most is not None and self.count(key, per_task=when.per_task) >= when.at_most:
            return False
        return when.at_most_at_once is None or self.met.active < when.at_most_at_once

    def count(self, key: str, *, per_task: bool) -> int:
        """Return how many calls it has met, of all tasks or of one."""
        return self.met.of(key) if per_task else self.met.total


class Selection:
    """The rules that are about the same calls: these are looked at and counted once for all of them."""

    def __init__(self, rules: Iterable[Armed], counts: Counts) -> None:
        self.rules = tuple((armed, armed.fits) for armed in rules)
        when = self.rules[0][0].rule.when
        self.ops = when.ops
        self._selectors, self._answer = when.selectors(), when.answer
        self._counts = counts

    def counted(self, asked: Asked, key: str) -> Of | None:
        """Count a call if the rules are about it, and return its task's counts."""
        for selector in self._selectors:
            if not selector(asked):
                return None
        return self._counts.count(key, retried=asked.retried)

    def answered(self, body: Payload) -> bool:
        """Tell whether the rules are about calls with such an answer."""
        return all(test.holds(body) for test in self._answer)


def selections(rules: Iterable[Armed], counts: dict[str, Counts]) -> tuple[Selection, ...]:
    """Group rules by what they are about; each group goes on with its `counts`."""
    groups: dict[str, list[Armed]] = {}
    for armed in rules:
        groups.setdefault(armed.about, []).append(armed)
    return tuple(Selection(group, counts.setdefault(about, Counts())) for about, group in groups.items())


def by_operation(found: Iterable[Selection]) -> dict[str, tuple[Selection, ...]]:
    """Return what each operation may meet; under the empty name, what one that nobody knows may meet."""
    every = tuple(found)
    return {op: tuple(one for one in every if not one.ops or op in one.ops) for op in (*OPERATIONS, "")}


def _anyway(_asked: Asked, _of: Of) -> bool:
    return True


def _joined(conditions: tuple[Condition, ...]) -> Condition:
    """Return one condition for all: most rules have one, which then costs no more than itself."""
    if len(conditions) < 2:
        return conditions[0] if conditions else _anyway
    first, rest = conditions[0], _joined(conditions[1:])
    return lambda asked, of: first(asked, of) and rest(asked, of)


def _conditions(when: When) -> Iterator[Condition]:
    if (nth_of_task := when.nth_of_task) is not None:
        yield lambda asked, of: of.calls == nth_of_task and asked.task is not None
    if (nth := when.nth) is not None and not when.per_task:
        yield lambda _asked, of: of.number == nth
    if when.nth is not None or when.every or when.first is not None:
        if when.per_task:
            yield lambda _asked, of: when.numbered(of.calls)
        elif when.every or when.first is not None:
            yield lambda _asked, of: when.numbered(of.number)
    if when.window != _ALWAYS or when.lease_age is not None:
        yield lambda asked, _of: when.timely(asked)
