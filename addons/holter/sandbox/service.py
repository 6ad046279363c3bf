"""The service without its sockets: a Call and a moment in, a Reply or a waiting poll out.

To drive it on a virtual clock: `call(now, ...)`, `tick(next_deadline())`, and `answered()` after each.
Moments are seconds since the service began; nothing here reads a clock or draws a random number.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from holter.lease.profile import Profile
from holter.sandbox import truth
from holter.sandbox.control import CONTROL_HANDLERS
from holter.sandbox.definition import Definition
from holter.sandbox.identity import Identity
from holter.sandbox.refusal import RefusalError
from holter.sandbox.state import state
from holter.sandbox.tasks import TASK_HANDLERS, Handler
from holter.sandbox.world import World
from holter.wire.check import check
from holter.wire.codec import print_of
from holter.wire.decision import Order
from holter.wire.message import Call, Json, Payload, Reply
from holter.wire.operations import OPERATIONS, Role, role

HANDLERS: Mapping[str, Handler] = {**TASK_HANDLERS, **CONTROL_HANDLERS}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A poll that is held; its answer comes from `answered` under this number."""

    poll: int


class Service:
    """AWS Data Pipeline for task runners, with enough of a control plane to put work in.

    `profile` holds the limits, already scaled; `began` is the service's start in seconds since 1970;
    `random_bytes(n)` gives n bytes for fresh ids; `log` takes every entry of the ground truth. With
    `terminate_when_done`, runners are told to leave once all activated pipelines have ended.
    """

    def __init__(
        self,
        *,
        profile: Profile,
        began: float,
        random_bytes: Callable[[int], bytes],
        log: truth.Log,
        terminate_when_done: bool = False,
    ) -> None:
        self._world = World(
            profile=profile,
            began=began,
            identity=Identity(random_bytes),
            log=log,
            leave_when_done=terminate_when_done,
        )
        self._polls = itertools.count(1)

    def call(self, now: float, call: Call) -> Reply | Waiting:
        """Answer a call, or let a poll wait."""
        self._world.advance(now, inclusive=False)
        body = {} if call.body == b"" else call.body
        try:
            checked = _checked(call.op, body)
            if role(call.op) is Role.POLL:
                return self._poll(now, checked)
            return Reply(200, HANDLERS[call.op](self._world, now, checked))
        except RefusalError as refusal:
            self._log_refusal(now, call.op, body, refusal)
            return refusal.reply()

    def leave(self, now: float, poll: int) -> None:
        """Note that the client of a waiting poll has gone."""
        self._world.see(now, self._world.keeper.leave(now, poll))

    def tick(self, now: float) -> None:
        """Let time pass: leases expire, polls are answered empty, retries begin."""
        self._world.advance(now)

    def next_deadline(self) -> float | None:
        """Return the moment of the next `tick` that will do something."""
        return self._world.next_deadline()

    def answered(self) -> tuple[tuple[int, Reply], ...]:
        """Take the answers that waiting polls got since the last time, each with its poll's number."""
        taken = tuple(self._world.answers)
        self._world.answers.clear()
        return taken

    def terminate(self, now: float, runner: str | None = None) -> None:
        """Answer the heartbeats of a taskrunnerId with `terminate: true`; None means of all."""
        self._world.terminate(runner)
        self._world.note(now, "terminate-asked", taskrunner=runner)

    def obey(self, now: float, order: Order) -> None:
        """Do with a task what a fault plan orders."""
        self._world.obey(now, order)

    def start(self, now: float, name: str, definition: Definition, *, scheduled: float | None = None) -> str:
        """Create and activate a pipeline without the control plane; return its id.

        The definition is taken as it is: hold it against `validation.errors` before.
        """
        unique = f"{name} {len(self._world.pipelines)}"
        pipeline = self._world.create(now, name, unique, "", {})
        pipeline.latest = definition
        self._world.activate(now, pipeline, definition, scheduled)
        return pipeline.id

    def state(self, now: float) -> dict[str, Json]:
        """Return what the service knows, as JSON without any taskId."""
        return state(self._world, now)

    @property
    def done(self) -> bool:
        """Whether something was activated, and nothing of it can move any more."""
        return self._world.done

    def _poll(self, now: float, body: Mapping[str, Any]) -> Reply | Waiting:
        poll, world = next(self._polls), self._world
        world.see(now, world.keeper.poll(now, poll, body["workerGroup"], body.get("hostname")))
        for index, (answered, reply) in enumerate(world.answers):
            if answered == poll:
                del world.answers[index]
                return reply
        return Waiting(poll)

    def _log_refusal(self, now: float, op: str, body: Payload, refusal: RefusalError) -> None:
        task = body.get("taskId") if isinstance(body, dict) else None
        known = print_of(task) if isinstance(task, str) else None
        if not refusal.logged:
            why = str(refusal)[:1000]
            self._world.note(now, "refused", op=op, error=refusal.code, why=why, print=known)


def _checked(op: str, body: Payload) -> Mapping[str, Any]:
    if op not in OPERATIONS:
        raise RefusalError(f"{op} is no operation of AWS Data Pipeline", code="UnknownOperationException")
    problems = check(body, OPERATIONS[op].request)
    if problems or not isinstance(body, dict):
        raise RefusalError("; ".join(str(problem) for problem in problems[:5]))
    return body
