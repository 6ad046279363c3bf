"""All that the sandbox knows: pipelines, the lease keeper, and what is to be answered.

The keeper's decisions move the pipelines on; what the pipelines want goes to the keeper. Times are
seconds since the service began.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from holter.lease.profile import Profile
from holter.sandbox import truth
from holter.sandbox.decision import Decision, Decisions, Job, Step
from holter.sandbox.definition import Definition
from holter.sandbox.identity import Identity
from holter.sandbox.instance import Attempt, Instance
from holter.sandbox.keeper import Keeper
from holter.sandbox.pipeline import Pipeline
from holter.sandbox.refusal import RefusalError
from holter.sandbox.run import Effect, Run, Timers
from holter.wire.codec import answer, print_of
from holter.wire.decision import Deed, Order
from holter.wire.message import Json, Reply
from holter.wire.operations import PIPELINE_DELETED, PIPELINE_NOT_FOUND


class World:
    """The state of one service. `began` is its start in seconds since 1970; `log` takes the ground truth."""

    def __init__(
        self,
        *,
        profile: Profile,
        began: float,
        identity: Identity,
        log: truth.Log,
        leave_when_done: bool = False,
    ) -> None:
        self.keeper = Keeper(profile.limits, identity.task)
        self.pipelines: dict[str, Pipeline] = {}
        self.deleted: set[str] = set()
        self.answers: list[tuple[int, Reply]] = []
        self.timers: Timers = Timers()
        self._activated = False
        self._leaving: set[str | None] = set()
        self._leave_when_done = leave_when_done
        self._profile, self._began, self._identity, self._log = profile, began, identity, log

    def wall(self, now: float) -> float:
        """Return a moment in seconds since 1970."""
        return self._began + now

    def pipeline(self, pipeline_id: str) -> Pipeline:
        """Return a pipeline, or refuse the call."""
        if pipeline_id in self.deleted:
            raise RefusalError(f"Pipeline with id: {pipeline_id} was deleted", code=PIPELINE_DELETED)
        if pipeline_id not in self.pipelines:
            raise RefusalError(f"Pipeline with id: {pipeline_id} does not exist", code=PIPELINE_NOT_FOUND)
        return self.pipelines[pipeline_id]

    def create(
        self, now: float, name: str, unique: str, description: str, tags: Mapping[str, str]
    ) -> Pipeline:
        """Create a pipeline; the same name and uniqueId give the one that is there (CreatePipeline)."""
        for known in self.pipelines.values():
            if (known.name, known.unique) == (name, unique):
                return known
        pipeline_id = self._identity.pipeline()
        run = Run(pipeline_id, self._profile.scale, self.timers)
        made = Pipeline(
            pipeline_id, name, unique, description, self.wall(now), self.wall, run, tags=dict(tags)
        )
        self.pipelines[pipeline_id] = made
        return made

    def activate(self, now: float, made: Pipeline, definition: Definition, scheduled: float | None) -> None:
        """Start a pipeline's run."""
        self._activated = True
        made.activate(now, definition, scheduled)
        self.note(now, "activated", pipeline=made.id, name=made.name)
        self.apply(now, made)

    def delete(self, now: float, pipeline: Pipeline) -> None:
        """Delete a pipeline; its runners learn by the error that their next call gets."""
        for instance in pipeline.run.instances.values():
            self.timers.drop((pipeline.id, instance.id))
            for attempt in instance.attempts:
                self.see(now, self.keeper.drop(now, (pipeline.id, attempt.id)))
        del self.pipelines[pipeline.id]
        self.deleted.add(pipeline.id)
        self.note(now, "deleted", pipeline=pipeline.id, name=pipeline.name)

    def obey(self, now: float, order: Order) -> None:
        """Do something with a task that is out; of one that is not, nothing."""
        lease = self.keeper.lease(order.handle)
        if lease is None:
            return
        self.note(now, "ordered", deed=order.deed.value, print=print_of(order.handle))
        pipeline = self.pipelines[lease.job.pipeline]
        instance = pipeline.run.by_attempt(lease.job.attempt)
        if order.deed is Deed.TAKE:
            self.see(now, self.keeper.take(now, order.handle))
        elif order.deed is Deed.DELETE:
            self.delete(now, pipeline)
        elif instance is not None:
            pipeline.run.cancel(now, instance, "cancelled by a fault plan")
            self.apply(now, pipeline)

    def terminate(self, runner: str | None) -> None:
        """Answer a runner's next heartbeats with `terminate`; None means every runner's."""
        self._leaving.add(runner)

    def must_leave(self, runner: str) -> bool:
        """Whether a runner's heartbeat is answered with `terminate`."""
        return bool(self._leaving & {None, runner}) or (self._leave_when_done and self.done)

    @property
    def done(self) -> bool:
        """Whether something was activated, and nothing of it can move any more."""
        return self._activated and all(one.done for one in self.pipelines.values() if one.active)

    def advance(self, now: float, *, inclusive: bool = True) -> None:
        """Let everything happen that is due; without `inclusive`, leases that end at `now` live on."""
        self.see(now, self.keeper.tick(now, inclusive=inclusive))
        while due := self.timers.pop(now, inclusive=True):
            pipeline_id, instance_id = due[0]
            pipeline = self.pipelines[pipeline_id]
            pipeline.run.due(now, pipeline.run.instances[instance_id])
            self.apply(now, pipeline)

    def next_deadline(self) -> float | None:
        """Return the moment of the next `advance` that will do something."""
        moments = (self.keeper.next_deadline(), self.timers.next())
        return min((moment for moment in moments if moment is not None), default=None)

    def see(self, now: float, decisions: Decisions) -> None:
        """Carry the keeper's decisions over to pipelines, answers and the ground truth."""
        for decision in decisions:
            self._log(truth.of(decision, self.wall(decision.at)))
            if decision.step in _REACTIONS:
                _REACTIONS[decision.step](self, now, decision)

    def apply(self, now: float, pipeline: Pipeline) -> None:
        """Tell the keeper what a pipeline wants, until it wants nothing more."""
        while pipeline.run.effects:
            effect, instance, attempt = pipeline.run.effects.pop(0)
            self.see(now, _EFFECTS[effect](self, now, pipeline, instance, attempt))

    def note(self, now: float, what: str, **more: Json) -> None:
        """Write an entry of the ground truth that is no decision of the keeper's."""
        self._log(truth.entry(what, now, self.wall(now), **more))

    def _queue(self, now: float, pipeline: Pipeline, instance: Instance, attempt: Attempt) -> Decisions:
        limit = instance.settings.seconds("reportProgressTimeout")
        progress = None if limit is None else limit * self._profile.scale
        return self.keeper.queue(now, Job(pipeline.id, attempt.id, instance.group, progress))

    def _cancel(self, now: float, pipeline: Pipeline, _instance: Instance, attempt: Attempt) -> Decisions:
        return self.keeper.cancel(now, (pipeline.id, attempt.id))

    def _retire(self, now: float, pipeline: Pipeline, _instance: Instance, attempt: Attempt) -> Decisions:
        return self.keeper.retire(now, (pipeline.id, attempt.id))

    def _handed(self, now: float, decision: Decision) -> None:
        job, poll = decision.job, decision.poll
        if job is None or poll is None or decision.task is None:
            raise ValueError("a hand-out without an attempt, a poll or a taskId")
        pipeline = self.pipelines[job.pipeline]
        instance, attempt = pipeline.run.start(now, job.attempt)
        shown = pipeline.evaluated(pipeline.attempt(instance, attempt))
        pipeline.run.running(job.attempt, decision.runner)
        handout: Json = {
            "taskId": decision.task,
            "pipelineId": job.pipeline,
            "attemptId": job.attempt,
            "objects": {job.attempt: shown.json()},
        }
        self.answers.append((poll, answer({"taskObject": handout})))

    def _empty(self, _now: float, decision: Decision) -> None:
        if decision.poll is not None:
            self.answers.append((decision.poll, answer({})))

    def _expired(self, now: float, decision: Decision) -> None:
        if decision.job is not None and (pipeline := self.pipelines.get(decision.job.pipeline)):
            pipeline.run.lost(now, decision.job.attempt)
            self.apply(now, pipeline)


_REACTIONS: Mapping[Step, Callable[[World, float, Decision], None]] = {
    Step.HANDED: World._handed,
    Step.POLL_EMPTY: World._empty,
    Step.EXPIRED: World._expired,
}

_EFFECTS: Mapping[Effect, Callable[[World, float, Pipeline, Instance, Attempt], Decisions]] = {
    Effect.QUEUE: World._queue,
    Effect.CANCEL: World._cancel,
    Effect.RETIRE: World._retire,
}
