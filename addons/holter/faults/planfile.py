"""A plan as its file spells it: seed and rules. The text comes in; who opens files stands elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from holter.faults import predicate
from holter.faults.expect import read as read_expectation
from holter.faults.fault import Kind, Making, Need, Stage, Step, ops_of
from holter.faults.node import Node
from holter.faults.plans import Plans, Spelled
from holter.faults.rule import Rule
from holter.faults.when import CONDITIONS, PATTERNS, When
from holter.faults.yamlnodes import load
from holter.wire.operations import OPERATIONS

FORMAT = 1
_PLAN = ("holter-plan", "name", "about", "seed", "rules")
_RULE = ("name", "when", "then", "expect")
_STEP = ("stage", "force")


def parse(text: str, name: str, scale: float = 1.0) -> Plans:
    """Read a plan; `PlanError` says in one line what is wrong, with file, line and path."""
    top = load(text, name, scale)
    members = top.mapping(_PLAN)
    if "holter-plan" not in members or members["holter-plan"].value != FORMAT:
        raise top.wrong(f"is no plan: it must begin with `holter-plan: {FORMAT}`")
    if "rules" not in members or not isinstance(members["rules"].value, list) or not members["rules"].value:
        raise members.get("rules", top).wrong("must hold a list of rules under `rules`")
    rules = tuple(spelled(node) for node in members["rules"].value)
    return Plans(rules, _seed(members["seed"]) if "seed" in members else None)


def _seed(node: Node) -> int | str:
    if isinstance(node.value, bool) or not isinstance(node.value, int | str):
        raise node.wrong(f"must be a whole number or a text, not {node.said}")
    return node.value


def spelled(node: Node) -> Spelled:
    """Read one rule."""
    members = node.mapping(_RULE)
    for name in ("name", "then"):
        if name not in members:
            raise node.wrong(f"has no `{name}`")
    said = [_Said.read(one) for one in members["then"].items()]
    if not said:
        raise members["then"].wrong("holds no fault")
    when_node = members.get("when", replace(node, value={}, path=f"{node.path}.when"))
    when = _when(when_node, [one.kind for one in said])
    steps = tuple(one.step(when) for one in said)
    _ended(said, steps)
    needs = {one.kind.name: one.needs for one in said}
    rule = Rule(members["name"].text(), when, steps)
    expected = members["expect"].items() if "expect" in members else []
    return Spelled(rule, node, needs, tuple(read_expectation(one, rule.name) for one in expected))


def _ended(said: Sequence[_Said], steps: Sequence[Step]) -> None:
    """Refuse a fault that comes after one that leaves no connection; those before the service come first."""
    order = sorted(zip(said, steps, strict=True), key=lambda one: one[1].stage is Stage.AFTER)
    for (first, _), (second, _) in pairwise(order):
        if first.kind.ends:
            what = f"{second.kind.name} comes after {first.kind.name}, which ends the connection"
            raise second.node.wrong(f"{what}, so it can never happen")


@dataclass(frozen=True, slots=True)
class _Said:
    """One item of `then`: the fault's name and value, its options, where it stands."""

    kind: Kind
    value: Node
    members: Mapping[str, Node]
    node: Node

    @staticmethod
    def read(node: Node) -> _Said:
        from holter.faults.kinds import KINDS  # not before a plan is read: a run without one starts sooner

        members = node.mapping()
        names = [name for name in members if name in KINDS]
        if len(names) > 1:
            raise node.wrong(f"holds {' and '.join(names)}: make it a list with one fault an item")
        if not names:
            node.mapping(KINDS, "fault")
            raise node.wrong("names no fault")
        kind = KINDS[names[0]]
        node.mapping((kind.name, *kind.options, *_STEP), f"option of {kind.name}")
        return _Said(kind, members[kind.name], members, node)

    @property
    def stage(self) -> Stage | None:
        """The stage that is asked for."""
        if "stage" not in self.members:
            return None
        node = self.members["stage"]
        stage = Stage(node.word([stage.value for stage in Stage], "stage"))
        if stage not in self.kind.stages:
            raise node.wrong(f"{self.kind.name} can only be had {self.kind.stages[0]} the service")
        return stage

    @property
    def needs(self) -> frozenset[Need]:
        """What it cannot do without."""
        return self.kind.needs

    def step(self, when: When) -> Step:
        """Make the step that it stands for."""
        kind, force = self.kind, "force" in self.members and self.members["force"].yes()
        making = Making(self.value, self.members, when.ops, force)
        fault = kind.make(making)
        lasting = kind.lasts(making) if kind.lasts else None
        if not when.answer:
            return Step(fault, self.stage or kind.stages[0], lasting)
        if Stage.AFTER not in kind.stages or self.stage is Stage.BEFORE:
            raise self.value.wrong("comes before the service answers, so `when.answer` cannot be known")
        return Step(fault, Stage.AFTER, lasting)


def _when(node: Node, kinds: list[Kind]) -> When:
    members = node.mapping(CONDITIONS, "condition")
    roles = {role for kind in kinds for role in kind.roles}
    ops = tuple(_ops(members["op"])) if "op" in members else ops_of(*roles)
    for kind in kinds:
        if kind.roles and not set(ops) & set(ops_of(*kind.roles)):
            own = " or ".join(ops_of(*kind.roles))
            raise members["op"].wrong(f"{kind.name} is for {own}, so this rule can never meet a call")
    given = {name: preset for kind in kinds for name, preset in kind.when.items()}
    counts = {name: members[name].whole() for name in _COUNTS if name in members}
    if {"nth", "every", "first"} & counts.keys():
        given.pop("nth_of_task", None)
    patterns = {name: members[name].text() for name in PATTERNS if name in members}
    return When(
        ops=ops,
        patterns=patterns,
        request=predicate.read(members["request"]) if "request" in members else (),
        answer=predicate.read(members["answer"]) if "answer" in members else (),
        per_task="per" in members and bool(members["per"].word(("task",))),
        lease_age=members["lease_age"].seconds() if "lease_age" in members else None,
        window=_window(members["window"]) if "window" in members else (0.0, float("inf")),
        probability=members["probability"].share() if "probability" in members else 1.0,
        after=members["after"].text() if "after" in members else None,
        **{**given, **counts},
    )


_COUNTS = ("nth", "nth_of_task", "every", "first", "at_most", "at_most_at_once")


def _ops(node: Node) -> Iterator[str]:
    if not node.items():
        raise node.wrong("names no operation, so this rule can never meet a call")
    for item in node.items():
        yield item.word(OPERATIONS, "operation")


def _window(node: Node) -> tuple[float, float]:
    if not isinstance(node.value, list) or len(node.value) != 2:
        raise node.wrong("must be a list of two numbers of seconds, [FROM, TO]")
    first, last = node.value[0].seconds(), node.value[1].seconds()
    if first >= last:
        raise node.wrong("ends before it begins, so this rule can never meet a call")
    return first, last
