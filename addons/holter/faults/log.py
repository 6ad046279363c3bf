"""A decision in words for the recording, so that what was done on purpose can be told, and done again."""

from __future__ import annotations

from collections.abc import Iterable

from holter.faults.asked import Asked
from holter.faults.expect import Expectation
from holter.faults.fault import Stage
from holter.faults.plans import Plans
from holter.wire.decision import Answer, Break, Decision, Forward
from holter.wire.guise import told
from holter.wire.message import Json, Reply


def logged(decision: Decision, asked: Asked, after: Reply | None = None) -> list[dict[str, Json]]:
    """Return what `fault` marks say of a decision; what is as usual is left out. Delays are in seconds.

    `after` is the service's own answer, where it is decided about that. A decision that is played from a
    recording is told as it was told there, of the task as it is called now.
    """
    task = asked.task
    if not isinstance(decision, Forward) and decision.past and decision.past.marks:
        return [{**mark, "task": task} if task else dict(mark) for mark in decision.past.marks]
    said: dict[str, Json] = {"did": "decided", "rule": decision.by, "op": asked.call.op, "task": task}
    said["stage"] = Stage.AFTER.value if after else None
    if isinstance(decision, Forward):
        said |= {"decision": "forward", "copies": decision.copies if decision.copies > 1 else None}
        said["order"] = decision.order.deed.value if decision.order else None
    elif isinstance(decision, Answer):
        said |= {"decision": "answer", "status": decision.reply.status}
        said["headers"] = told(decision.reply, after.headers if after else (), asked.call.asked) or None
    elif isinstance(decision, Break):
        said |= {"decision": "break", "cut": decision.cut.value, "why": decision.why}
    said["delay"] = decision.delay or None
    return [{key: value for key, value in said.items() if value is not None}]


def refused(rule: str) -> dict[str, Json]:
    """Return what the `fault` mark says of a connection that was turned away."""
    return {"did": "refused", "rule": rule}


def armed(plans: Plans) -> dict[str, Json]:
    """Return what the first `fault` mark says: the rules that are armed, their seed, and what they expect."""
    said: dict[str, Json] = {
        "did": "armed",
        "rules": [one.rule.name for one in plans.rules],
        "seed": plans.seed,
    }
    return said | expecting(plans.expectations)


def expecting(expectations: Iterable[Expectation]) -> dict[str, Json]:
    """Return what a mark that arms rules says of what they expect; nothing where they expect nothing."""
    expected: list[Json] = [{"rule": one.rule, one.name: one.value} for one in expectations]
    return {"expect": expected} if expected else {}
