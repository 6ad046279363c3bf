"""The instances of one pipeline: what is ready, what is tried again, what fails with what. Pure.

Effects for the lease keeper gather in `effects`; deadlines go into the `timers` that are given in.
A precondition is checked once what its activity depends on has finished.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import TypeAlias

from holter.sandbox.component import Field
from holter.sandbox.deadlines import Deadlines
from holter.sandbox.instance import Attempt, Instance
from holter.sandbox.kinds import HERE, Kind
from holter.sandbox.status import ACTIVE, BROKEN, ENDED, Status

Timers: TypeAlias = Deadlines[tuple[str, str]]
"""Deadlines by pipeline and instance."""


class Effect(enum.Enum):
    """What the lease keeper has to do with an attempt."""

    QUEUE = "queue"
    CANCEL = "cancel"
    RETIRE = "retire"


class Run:
    """All instances of a pipeline, over all its activations. `scale` multiplies every period."""

    def __init__(self, pipeline: str, scale: float, timers: Timers) -> None:
        self.instances: dict[str, Instance] = {}
        self.effects: list[tuple[Effect, Instance, Attempt]] = []
        self.stopping = False
        self._pipeline, self._scale, self._timers = pipeline, scale, timers

    def launch(self, now: float, instances: Iterable[Instance]) -> None:
        """Begin new instances; one that ran before at the same scheduled time counts its attempts on."""
        self.stopping = False
        for instance in instances:
            earlier = self.instances.pop(instance.id, None)
            instance.attempts = earlier.attempts if earlier else []
            instance.refill()
            self.instances[instance.id] = instance
        self.settle(now)

    def by_attempt(self, attempt_id: str) -> Instance | None:
        """Return the instance to which an attempt belongs."""
        return self.instances.get(_instance_of(attempt_id))

    def tell(self, attempt_id: str, fields: tuple[Field, ...]) -> None:
        """Keep what a runner told of an attempt."""
        instance = self.by_attempt(attempt_id)
        attempt = instance.attempt(attempt_id) if instance else None
        if attempt is not None:
            attempt.tell(fields)

    @property
    def over(self) -> bool:
        """Whether nothing can move any more, finished or not."""
        return not any(instance.status in ACTIVE for instance in self.instances.values())

    def start(self, now: float, attempt_id: str) -> tuple[Instance, Attempt]:
        """Note that an attempt is about to be handed out; an earlier runner's words are forgotten."""
        instance = self.instances[_instance_of(attempt_id)]
        attempt = instance.attempts[-1]
        attempt.started = now if attempt.started is None else attempt.started
        attempt.told = ()
        return instance, attempt

    def running(self, attempt_id: str, runner: str | None) -> None:
        """Note that a runner has an attempt."""
        instance = self.instances[_instance_of(attempt_id)]
        instance.status = instance.attempts[-1].status = Status.RUNNING
        instance.attempts[-1].tell((Field("hostname", runner),) if runner else ())

    def lost(self, now: float, attempt_id: str) -> None:
        """Note that the runner of an attempt lost its lease; one that was cancelled stays so."""
        instance = self._live(attempt_id)
        if instance is None:
            return
        if self.stopping:
            self._close(now, instance, Status.CANCELED)
        else:
            instance.status = instance.attempts[-1].status = Status.WAITING_FOR_RUNNER
            self._give_up_in_time(now, instance)
        self.settle(now)

    def ended(self, now: float, attempt_id: str, status: str) -> None:
        """Note a SetTaskStatus: FINISHED, FAILED, or FALSE of a precondition."""
        instance = self._live(attempt_id)
        if instance is None:
            return
        self._close(now, instance, Status.FINISHED if status == "FINISHED" else Status.FAILED)
        if status == "FALSE":
            self._check_again(now, instance)
        elif status == "FAILED" and instance.left and not self.stopping:
            instance.left -= 1
            self._later(now, instance, now + instance.delay(self._scale))
        self.settle(now)

    def due(self, now: float, instance: Instance) -> None:
        """Take up an instance whose moment has come: its next attempt, or its giving up."""
        if instance.until is not None and now >= instance.until:
            self._give_up(now, instance)
        elif instance.status is Status.SCHEDULED:
            self._queue(now, instance)
        self.settle(now)

    def cancel(self, now: float, instance: Instance, why: str) -> None:
        """Cancel an instance that has not ended."""
        if instance.status in ENDED:
            return
        self._recall(Effect.CANCEL, instance)
        instance.why = why
        self._close(now, instance, Status.CANCELED)
        self.settle(now)

    def mark_finished(self, now: float, instance: Instance) -> None:
        """Take an instance as finished, whatever it does or did."""
        self._recall(Effect.CANCEL, instance)
        self._close(now, instance, Status.FINISHED)
        self.settle(now)

    def rerun(self, now: float, instance: Instance) -> None:
        """Run an instance that has ended again, with the consumers that failed with it."""
        if instance.status not in ENDED:
            return
        for one in (instance, *self._failed_with(instance)):
            one.status, one.until, one.why = Status.WAITING_ON_DEPENDENCIES, None, None
            one.refill()
        self.settle(now)

    def pause(self, instance: Instance) -> None:
        """Hold an instance back that does not run yet."""
        if instance.status in ENDED or instance.status is Status.RUNNING:
            return
        self._recall(Effect.RETIRE, instance)
        instance.status = Status.PAUSED

    def resume(self, now: float, instance: Instance) -> None:
        """Let a paused instance go on."""
        if instance.status is not Status.PAUSED:
            return
        instance.status = Status.WAITING_ON_DEPENDENCIES
        self.settle(now)

    def stop(self, now: float, *, cancel: bool) -> None:
        """Start nothing any more; with `cancel`, what runs is cancelled (DeactivatePipeline)."""
        self.stopping = True
        for instance in self.instances.values():
            if instance.status is Status.RUNNING and not cancel:
                self._recall(Effect.RETIRE, instance)
            else:
                self.cancel(now, instance, "the pipeline was deactivated")

    def settle(self, now: float) -> None:
        """Move everything that can move, until nothing does."""
        moved = not self.stopping
        while moved:
            moved = sum(self._move(now, one) for one in self.instances.values()) > 0

    def _live(self, attempt_id: str) -> Instance | None:
        """Return the instance whose current attempt this is."""
        instance = self.by_attempt(attempt_id)
        live = instance.current if instance else None
        return instance if live is not None and live.id == attempt_id else None

    def _move(self, now: float, instance: Instance) -> bool:
        if instance.status is not Status.WAITING_ON_DEPENDENCIES:
            return False
        if any(self.instances[one].status is Status.FAILED for one in instance.checks):
            return self._close(now, instance, Status.FAILED, "a precondition was not met")
        waits_for = (*instance.needs, *instance.checks)
        if instance.cascades and any(self.instances[one].status in BROKEN for one in waits_for):
            return self._close(now, instance, Status.CASCADE_FAILED, "what it depends on failed")
        if not all(self.instances[one].status is Status.FINISHED for one in waits_for):
            return False
        return self._begin(now, instance)

    def _begin(self, now: float, instance: Instance) -> bool:
        if instance.kind is Kind.PRECONDITION and instance.component.text("type") not in HERE:
            return self._close(now, instance, Status.FINISHED)
        timeout = instance.settings.seconds("preconditionTimeout")
        if timeout is not None and instance.kind is Kind.PRECONDITION and instance.until is None:
            instance.until = now + timeout * self._scale
        self._queue(now, instance)
        return True

    def _queue(self, now: float, instance: Instance) -> None:
        attempt = instance.current or instance.next_attempt()
        instance.status = attempt.status = Status.WAITING_FOR_RUNNER
        self.effects.append((Effect.QUEUE, instance, attempt))
        self._give_up_in_time(now, instance)

    def _check_again(self, now: float, instance: Instance) -> None:
        again = now + instance.delay(self._scale)
        if self.stopping or (instance.until is not None and now >= instance.until):
            return
        self._later(now, instance, again if instance.until is None else min(again, instance.until))

    def _later(self, now: float, instance: Instance, when: float) -> None:
        instance.status = Status.SCHEDULED
        self._timers.set((self._pipeline, instance.id), max(when, now))

    def _give_up_in_time(self, now: float, instance: Instance) -> None:
        if instance.until is not None:
            self._timers.set((self._pipeline, instance.id), max(instance.until, now))

    def _give_up(self, now: float, instance: Instance) -> None:
        """Fail a precondition that is out of time; one that runs may still answer."""
        if instance.status in (Status.WAITING_FOR_RUNNER, Status.SCHEDULED):
            self._recall(Effect.RETIRE, instance)
            self._close(now, instance, Status.FAILED, "preconditionTimeout passed")

    def _recall(self, effect: Effect, instance: Instance) -> None:
        if instance.current is not None:
            self.effects.append((effect, instance, instance.attempts[-1]))

    def _close(self, now: float, instance: Instance, status: Status, why: str | None = None) -> bool:
        attempt = instance.current
        if attempt is not None:
            attempt.status, attempt.ended = status, now
        instance.status, instance.why = status, why or instance.why
        self._timers.drop((self._pipeline, instance.id))
        return True

    def _failed_with(self, instance: Instance) -> list[Instance]:
        """Return the consumers that failed because of an instance, and what it could not be sure of."""
        if not instance.cascades:
            return [self.instances[one] for one in instance.checks if self._broken(one)]
        found = [self.instances[one] for one in instance.checks if self._broken(one)]
        for one in self.instances.values():
            if instance.id in one.needs and one.status is Status.CASCADE_FAILED:
                found += [one, *self._failed_with(one)]
        return found

    def _broken(self, instance_id: str) -> bool:
        return self.instances[instance_id].status in BROKEN


def _instance_of(attempt_id: str) -> str:
    return attempt_id.rpartition("_Attempt=")[0]
