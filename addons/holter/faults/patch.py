"""The service's own answer, with some members changed."""

from __future__ import annotations

from dataclasses import dataclass

from holter.faults.body import rewritten
from holter.faults.fault import Kind, Making, Need, Scene, Stage, answered
from holter.wire.check import check
from holter.wire.decision import Answer, Decision
from holter.wire.message import Json
from holter.wire.operations import OPERATIONS


@dataclass(frozen=True, slots=True)
class Patch:
    """Merge a patch into the answer (RFC 7396: null removes a member, objects merge, all else replaces)."""

    patch: Json

    def decide(self, scene: Scene, so_far: Decision) -> Decision:
        """Change an answer whose body is a JSON object; others are left alone."""
        if not isinstance(so_far, Answer) or not isinstance(so_far.reply.body, dict):
            return so_far
        return answered(so_far, rewritten(so_far.reply, merged(so_far.reply.body, self.patch)))


def merged(body: Json, patch: Json) -> Json:
    """Return a body with a merge patch applied."""
    if not isinstance(patch, dict):
        return patch
    found = dict(body) if isinstance(body, dict) else {}
    for name, value in patch.items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = merged(found.get(name), value)
    return found


def _make(said: Making) -> Patch:
    said.value.mapping()
    for op in () if said.force else said.ops:
        for name, node in said.value.mapping().items():
            problems = check({name: node.json()}, OPERATIONS[op].response)
            inside = [
                one for one in problems if one.path.startswith(f"$.{name}") and "missing" not in one.text
            ]
            if inside and node.value is not None:
                raise said.value.wrong(f"is no answer to {op}: {inside[0]}; force: true lets it through")
    return Patch(said.value.json())


KIND = Kind(
    "patch",
    "JSON object",
    "The service's answer is changed by a merge patch: null removes a member, objects merge, others replace.",
    _make,
    stages=(Stage.AFTER,),
    needs=frozenset((Need.SERVICE,)),
)
