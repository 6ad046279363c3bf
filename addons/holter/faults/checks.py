"""What is wrong with a plan as a whole: names, order, rules that no call can meet, what a mode lacks."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from holter.faults.fault import Need
from holter.faults.node import Node, meant
from holter.faults.plans import Mode, Spelled
from holter.faults.when import When
from holter.wire.near import near
from holter.wire.operations import OPERATIONS, Role, role

HAS: dict[Mode, frozenset[Need]] = {
    Mode.PROXY: frozenset(Need),
    Mode.SANDBOX: frozenset(Need),
    Mode.REPLAY: frozenset((Need.CONNECTION,)),
    Mode.IN_PROCESS: frozenset((Need.SERVICE,)),
}
"""What faults find in each mode."""

_OF_TASKS = (Role.BEAT, Role.FINISH)
_BY_TASK = ("task", "attempt", "activity")
_OF_ERRORS = ("__type", "message", "Message")


def check(rules: Sequence[Spelled], mode: Mode | None = None, *, passing: Container[str] = ()) -> None:
    """Raise `PlanError` for the first thing that is wrong, with where it stands.

    `passing` are the names of rules that are off, or will be: they leave calls to those behind them.
    """
    _names(rules)
    _order(rules)
    for number, spelled in enumerate(rules):
        _meets(spelled)
        _reached(spelled, (one for one in rules[:number] if one.rule.name not in passing))
        if mode is not None:
            _possible(spelled, mode)


def _names(rules: Sequence[Spelled]) -> None:
    known: dict[str, Spelled] = {}
    for spelled in rules:
        if (other := known.setdefault(spelled.rule.name, spelled)) is not spelled:
            raise spelled.node.wrong(f"the name {spelled.rule.name!r} stands at {other.node.where} too")


def _order(rules: Sequence[Spelled]) -> None:
    """Refuse rules that wait for one that is not there, or for one another."""
    after = {spelled.rule.name: spelled.rule.when.after for spelled in rules}
    for spelled in rules:
        path, waits = [spelled.rule.name], spelled.rule.when.after
        while waits is not None:
            if waits not in after:
                raise _at(spelled, "when.after").wrong(
                    f"names no rule: {waits!r}{meant(waits, after, 'the plan')}"
                )
            if waits in path:
                chain = " after ".join(repr(name) for name in (*path, waits))
                raise _at(spelled, "when.after").wrong(f"is a circle, so none can ever meet a call: {chain}")
            path.append(waits)
            waits = after[waits]


def _meets(spelled: Spelled) -> None:
    """Refuse a rule that no call can meet."""
    when, never = spelled.rule.when, "so this rule can never meet a call"
    for name in ("nth", "nth_of_task"):
        if (number := getattr(when, name)) and (what := _unnumbered(when, name, number)):
            raise _at(spelled, f"when.{name}").wrong(f"{number} does not go with {what}, {never}")
    _named(spelled)
    if when.ops and not any(role(op) in _OF_TASKS for op in when.ops):
        wants = [name for name in _BY_TASK if name in when.patterns]
        wants += ["nth_of_task"] if when.nth_of_task else []
        wants += ["lease_age"] if when.lease_age is not None else []
        if wants:
            ops = " and ".join(when.ops)
            raise _at(spelled, f"when.{wants[0]}").wrong(f"{ops} names no task when it is asked, {never}")
    if when.answer and when.ops and not any(OPERATIONS[op].response.members for op in when.ops):
        raise _at(spelled, "when.answer").wrong(f"the answer to {when.ops[0]} has no members, {never}")


def _unnumbered(when: When, name: str, number: int) -> str | None:
    """Return what keeps the Nth call from being met: a task's Nth is never one of fewer than N among all."""
    same = name == "nth" or when.per_task
    if when.every and same and number % when.every:
        return f"every: {when.every}"
    if when.first is not None and number > when.first:
        return f"first: {when.first}"
    if name == "nth" or when.nth is None:
        return None
    return f"nth: {when.nth}" if number > when.nth or (same and number != when.nth) else None


def _named(spelled: Spelled) -> None:
    """Refuse a path that misspells a member: what is no member at all, somebody may send nevertheless."""
    when = spelled.rule.when
    rows = [OPERATIONS[op] for op in when.ops]
    for what, tests, known in (
        ("request", when.request, {name for row in rows for name in row.request.members}),
        ("answer", when.answer, {*_OF_ERRORS, *(name for row in rows for name in row.response.members)}),
    ):
        for name in (test.path[0] for test in tests if rows and test.path):
            if name not in known and (guess := near(str(name), sorted(known))):
                raise _at(spelled, f"when.{what}").wrong(f"$.{name} is no member (did you mean {guess}?)")


def _reached(spelled: Spelled, before: Iterable[Spelled]) -> None:
    """Refuse a rule that one before it leaves nothing."""
    for other in before:
        when = other.rule.when
        if when == When(when.ops) and (not when.ops or set(spelled.rule.when.ops or (".",)) <= set(when.ops)):
            what = f"{other.rule.name!r} before it meets every such call"
            raise spelled.node.wrong(f"{what}, so this rule can never meet one")


def _possible(spelled: Spelled, mode: Mode) -> None:
    for name, needs in spelled.needs.items():
        if lacking := sorted(needs - HAS[mode]):
            raise _at(spelled, "then").wrong(f"{name} needs {lacking[0]}, which {mode} has not")


def _at(spelled: Spelled, path: str) -> Node:
    """Return the node of a rule at a path, or the nearest that is there."""
    node = spelled.node
    for name in path.split("."):
        inner = node.value.get(name) if isinstance(node.value, dict) else None
        if inner is None:
            return node
        node = inner
    return node
