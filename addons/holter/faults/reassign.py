"""An attempt that is out is handed out again: two runners, or one twice, at work on the same."""

from __future__ import annotations

from dataclasses import dataclass

from holter.faults.body import rewritten
from holter.faults.fault import Kind, Lasting, Making, Scene, Scope, answered, ops_of, ordered
from holter.faults.handouts import Given
from holter.wire.decision import Decision, Deed
from holter.wire.operations import Role, role

TO = ("any", "same", "another")


@dataclass(frozen=True, slots=True)
class Reassign:
    """Answer a poll with a hand-out made before, `to` the same runner, to another, or to any.

    A live service cannot be made to give a new taskId: it is the same again. One that obeys gives a new one.
    """

    to: str = "any"

    def decide(self, scene: Scene, so_far: Decision) -> Decision:
        """Answer a poll of the worker group, if a task is out that this runner may have."""
        if role(scene.asked.call.op) is not Role.POLL:
            return so_far
        meant = scene.handouts.of(scene.cause)
        out = [meant] if meant else scene.handouts.latest(scene.asked.queue)
        given = next((one for one in out if self._may(one, scene)), None)
        if given is None:
            return so_far
        again = ordered(scene, so_far, Deed.TAKE, given.handle)
        return again or answered(so_far, rewritten(given.reply, given.reply.body))

    def _may(self, given: Given, scene: Scene) -> bool:
        if given.group != scene.asked.queue:
            return False
        return self.to == "any" or (given.runner == scene.asked.runner) is (self.to == "same")


def _make(said: Making) -> Reassign:
    return Reassign(said.value.word(TO, "runner"))


KIND = Kind(
    "reassign",
    "any, same or another",
    "An attempt that is still out is handed out again at the next poll of its worker group: to any runner, "
    "to the same, or only to another. On a poll it is the latest; on a beat, that beat's own.",
    _make,
    roles=(Role.POLL, Role.BEAT),
    lasts=lambda _said: Lasting(Scope.ALL, frozenset(ops_of(Role.POLL)), times=1),
)
