"""The tasks that were handed out, so that one can be handed out again."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from holter.faults.asked import Asked
from holter.wire.message import Reply
from holter.wire.operations import DATA_PIPELINE, Role, role

_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class Given:
    """A hand-out: the answer that made it, to whom it went, for which worker group."""

    handle: str
    reply: Reply
    runner: str | None
    group: str | None


class Handouts:
    """Remembers the latest hand-outs by the real handle of their task, until the task's end is told."""

    def __init__(self) -> None:
        self._given: OrderedDict[str, Given] = OrderedDict()

    def learn(self, asked: Asked, reply: Reply) -> None:
        """Take in what the service answered."""
        part, call = role(asked.call.op), asked.call
        if part is Role.POLL and (handle := _handed(reply)):
            self._given[handle] = Given(handle, reply, asked.runner, asked.queue)
            self._given.move_to_end(handle)
            if len(self._given) > _KEPT:
                self._given.popitem(last=False)
        elif part is Role.FINISH and reply.status < 300 and isinstance(call.body, dict):
            self._given.pop(str(call.body.get(DATA_PIPELINE.handle)), None)

    def of(self, asked: Asked) -> Given | None:
        """Return the hand-out of the task that a call names."""
        body = asked.call.body
        handle = body.get(DATA_PIPELINE.handle) if isinstance(body, dict) else None
        return self._given.get(handle) if isinstance(handle, str) else None

    def latest(self, group: str | None) -> list[Given]:
        """Return the hand-outs of a worker group, the latest first."""
        return [given for given in reversed(self._given.values()) if given.group == group]


def _handed(reply: Reply) -> str | None:
    body = reply.body
    task = body.get(DATA_PIPELINE.handout) if isinstance(body, dict) and reply.status == 200 else None
    handle = task.get(DATA_PIPELINE.handle) if isinstance(task, dict) else None
    return handle if isinstance(handle, str) else None
