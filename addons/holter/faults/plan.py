"""A plan: rules in order, the first that applies decides; the same calls give the same faults."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from holter.faults.armed import Armed, Selection
from holter.faults.asked import Asked
from holter.faults.cancel import Cancel
from holter.faults.chance import Chance
from holter.faults.fault import Fault, Scene, Stage, Step
from holter.faults.handouts import Handouts
from holter.faults.roster import Roster
from holter.faults.rule import Rule
from holter.faults.standing import StandingFaults
from holter.faults.tally import Keys, Of
from holter.faults.when import When
from holter.wire.decision import Answer, Decision, Forward
from holter.wire.message import Origin, Reply

_BARE = Forward()


@dataclass(slots=True)
class _Met:
    """A call that a rule met, and what the rule still has to say to its answer."""

    scene: Scene
    by: str
    armed: Armed | None = None
    later: tuple[Step, ...] = field(default=())


class Plan:
    """Lets the first rule that applies decide about a call, and about its answer.

    All that a rule counts and draws is its own: what one rule does never changes what another draws.
    `obeyed` tells that the service does what a decision orders.
    """

    def __init__(self, rules: Iterable[Rule] = (), seed: int | str = 0, *, obeyed: bool = False) -> None:
        self.seed, self._obeyed = seed, obeyed
        self.roster = Roster(rules)
        self._keys, self._handouts, self._standing = Keys(), Handouts(), StandingFaults()
        self._met: dict[Asked, _Met] = {}

    def before(self, asked: Asked) -> Decision | None:
        """Decide about a call before it is passed on, or leave it alone with None."""
        about = self.roster.early(asked.call.op, asked.at)
        if not about and not self._standing:
            return None
        key = self._known(asked)
        due = self._due(about, asked, key)
        return self._still(asked, key) or (self._begun(*due, asked, key) if due else None)

    def after(self, asked: Asked, reply: Reply) -> Decision | None:
        """Decide about the service's answer to a call, or let it go to the client with None."""
        if not self.roster:
            return None
        met, about = self._met.get(asked), self.roster.late(asked.call.op)
        if met is None and about:
            met = self._late_rule(about, asked, reply)
        self._handouts.learn(asked, reply)
        if met is None or not met.later:
            return None
        given = Answer(reply, Origin.LIVE)
        return _said(_decided(met.later, met.scene, given), given, met.by)

    def ended(self, asked: Asked) -> None:
        """Forget a call: it got its answer, or never will."""
        met = self._met.pop(asked, None)
        if met and met.armed:
            met.armed.met.active -= 1

    def refusing(self, at: float) -> str | None:
        """Return the rule that turns new connections away at a moment, in seconds since the start."""
        return self._standing.refusing(at) if self._standing else None

    def _known(self, asked: Asked) -> str:
        """Fill in what the plan itself knows of a call's task, and return the name that it draws by."""
        if asked.group is None and asked.task is not None and (given := self._handouts.of(asked)):
            asked.group = given.group
        return self._keys.of(asked)

    def _due(self, about: Iterable[Selection], asked: Asked, key: str) -> tuple[Armed, Of] | None:
        """Let all rules count a call, and return the first that meets it, with its counts."""
        found: tuple[Armed, Of] | None = None
        for selection in about:
            of = selection.counted(asked, key)
            if of is None:
                continue
            for armed, fits in selection.rules:
                if fits(asked, of) and (found is None or armed.number < found[0].number):
                    again = asked.retried and armed.rule.lasts
                    found = (armed, of) if not again and self._meets(armed, of, key) else found
        return found

    def _meets(self, armed: Armed, of: Of, key: str) -> bool:
        """Tell whether a rule meets a call that fits: by what was met before, and by chance."""
        when = armed.rule.when
        if not armed.allowed(key):
            return False
        if armed.fires:
            return True
        if when.after is not None and not self.roster.of(when.after).count(key, per_task=when.per_task):
            return False
        return when.probability >= 1 or self._chance(armed, key, of, "p").draw() < when.probability

    def _chance(self, armed: Armed, key: str, of: Of, what: str) -> Chance:
        return Chance(self.seed, armed.rule.name, key, of.tries, what)

    def _scene(self, asked: Asked, cause: Asked, chance: Chance) -> Scene:
        return Scene(asked, cause, chance, self._handouts, self._obeyed)

    def _begun(self, armed: Armed, of: Of, asked: Asked, key: str) -> Decision | None:
        """Let a rule meet a call that has not been passed on yet."""
        rule = armed.rule
        scene = self._scene(asked, asked, self._chance(armed, key, of, "then"))
        so_far: Decision = _BARE
        for step in rule.steps(Stage.BEFORE):
            was, so_far = so_far, step.fault.decide(scene, so_far)
            self._standing.begin(rule, step, asked, key, done=int(so_far is not was))
        later = rule.steps(Stage.AFTER)
        self.roster.met(armed, key)
        if isinstance(so_far, Answer):
            so_far, later = _decided(later, scene, so_far), ()
        self._met[asked] = _Met(scene, rule.name, armed, later)
        return _said(so_far, _BARE, rule.name)

    def _still(self, asked: Asked, key: str) -> Decision | None:
        """Let faults that go on have their say."""
        for standing in self._standing.of(asked, key) if self._standing else ():
            scene = self._scene(asked, standing.cause, Chance(self.seed, standing.rule.name, key))
            decision = _said(standing.step.fault.decide(scene, _BARE), _BARE, standing.rule.name)
            if decision:
                standing.left -= 1
                self._met[asked] = _Met(scene, standing.rule.name)
                return decision
        return None

    def _late_rule(self, about: Iterable[Selection], asked: Asked, reply: Reply) -> _Met | None:
        """Let the first rule that goes by the answer meet a call that no rule met before."""
        key = self._known(asked)
        due = self._due([one for one in about if one.answered(reply.body)], asked, key)
        if due is None:
            return None
        armed, of = due
        self.roster.met(armed, key)
        scene = self._scene(asked, asked, self._chance(armed, key, of, "then"))
        self._met[asked] = met = _Met(scene, armed.rule.name, armed, armed.rule.then)
        return met


def _decided(steps: Iterable[Step], scene: Scene, so_far: Decision) -> Decision:
    for step in steps:
        so_far = step.fault.decide(scene, so_far)
    return so_far


def _said(decision: Decision, was: Decision, by: str) -> Decision | None:
    """Return a decision with its rule's name, or None where nothing was decided."""
    return None if decision is was or decision == was else replace(decision, by=by)


def single(fault: Fault, stage: Stage = Stage.BEFORE) -> tuple[Step, ...]:
    """Return the steps of a rule that has one fault."""
    return (Step(fault, stage),)


def cancel_on(nth: int) -> Rule:
    """Return the rule of `--cancel-on N`: the Nth beat of each task is answered `canceled: true`."""
    return Rule(f"cancel on beat {nth}", When(("ReportTaskProgress",), nth_of_task=nth), single(Cancel()))
