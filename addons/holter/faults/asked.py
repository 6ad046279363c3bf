"""What a plan is told of a call: the call, and what the session knows of its task and its runner."""

from __future__ import annotations

from holter.wire.message import Call
from holter.wire.operations import DATA_PIPELINE
from holter.wire.value import state


@state
class Asked:
    """One call. `age` is the lease's when it was asked, in seconds since the last renewal.

    `task` is the task's alias, `activity` the type of its activity, `group` its worker group.
    """

    call: Call
    task: str | None = None
    runner: str | None = None
    attempt: str | None = None
    pipeline: str | None = None
    activity: str | None = None
    group: str | None = None
    age: float | None = None

    __eq__, __hash__ = object.__eq__, object.__hash__  # each is one of its own, and a key

    @property
    def at(self) -> float:
        """When it was asked, in seconds since the start."""
        return self.call.asked.mono

    @property
    def queue(self) -> str | None:
        """The worker group: the one that the call itself names, else its task's."""
        body = self.call.body
        named = body.get(DATA_PIPELINE.queue) if isinstance(body, dict) else None
        return named if isinstance(named, str) else self.group

    @property
    def retried(self) -> bool:
        """Whether an SDK tries the same call again."""
        return self.call.tried is not None and self.call.tried.n > 1
