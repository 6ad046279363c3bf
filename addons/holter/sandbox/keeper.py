"""The lease keeper: who holds which attempt, and until when. Pure: moments in, decisions out.

It is an independent judge: it shares no code with the audit of recordings. Every method takes `now`
in seconds of any clock that does not step back, and returns what was decided, in order. To drive it on
a virtual clock: call the methods, and `tick(next_deadline())` to let time pass.

What the documents say, and what they leave open:

- AWS API reference, ReportTaskProgress: the first beat is due within `limits.ack`, every later one
  within the pipeline's `reportProgressTimeout`, else `limits.progress`. A lease that missed its limit is
  lost: the same attempt is queued again, and the next poll gets it under a new taskId.
- AWS API reference, PollForTask: a poll is held for `limits.poll`, then answered empty. Worker groups
  match exactly. A poll whose client has left gets nothing.
- Open: whether SetTaskStatus counts before the first beat. Here it does, within `limits.ack`.
- Open: what an ended, lost or unknown taskId answers. Here each is refused.
- A beat at the very moment of its deadline still counts: `tick` comes after everything else of its moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from holter.lease.profile import Limits
from holter.sandbox.deadlines import Deadlines
from holter.sandbox.decision import Decision, Decisions, Job, Key, Lease, Poll, Step
from holter.sandbox.desk import Desk


class Keeper:
    """Queues, waiting polls and leases of one service.

    `limits` are in seconds, already scaled; `new_task` gives a fresh taskId for every hand-out.
    """

    def __init__(self, limits: Limits, new_task: Callable[[], str]) -> None:
        self._limits = limits
        self._new_task = new_task
        self._desk = Desk()
        self._leases: dict[str, Lease] = {}
        self._held: dict[Key, Lease] = {}
        self._past: dict[str, tuple[Job, str]] = {}
        self._deadlines: Deadlines[str | int] = Deadlines()

    def queue(self, now: float, job: Job) -> Decisions:
        """Offer an attempt to the runners of its worker group; one that waits already gets it at once.

        Raises ValueError for an attempt that is queued or leased already.
        """
        if job.key in self._desk.jobs or job.key in self._held:
            raise ValueError(f"{job.attempt} is queued or leased already")
        passed = self._pass(now)
        return (*passed, self._enqueue(now, job), *self._match(now, job.group))

    def poll(self, now: float, poll: int, group: str, runner: str | None = None) -> Decisions:
        """Take a poll: HANDED at once when work waits, else the poll waits and nothing is decided yet."""
        passed = self._pass(now)
        self._desk.add_poll(Poll(poll, group, runner, now))
        self._deadlines.set(poll, now + self._limits.poll)
        return (*passed, *self._match(now, group))

    def leave(self, now: float, poll: int) -> Decisions:
        """Note that the client of a waiting poll has gone; a poll that was answered is left alone."""
        return (*self._pass(now), *self._unwait(Step.POLL_GONE, now, poll))

    def beat(self, now: float, task: str) -> Decisions:
        """Take a ReportTaskProgress: ACKED, BEAT, CANCELED (the lease ends) or REFUSED comes last."""
        passed = self._pass(now)
        lease = self._leases.get(task)
        if lease is None:
            return (*passed, self._refuse(now, task))
        if lease.canceled:
            return (*passed, self._end(lease, Step.CANCELED, now, "canceled"))
        decision = self._decide(lease, Step.BEAT if lease.acked else Step.ACKED, now)
        lease.acked, lease.renewed = True, now
        self._watch(lease)
        return (*passed, decision)

    def finish(self, now: float, task: str, status: str) -> Decisions:
        """Take a SetTaskStatus: FINISHED (with the status as `why`) or REFUSED comes last."""
        passed = self._pass(now)
        lease = self._leases.get(task)
        if lease is None:
            return (*passed, self._refuse(now, task))
        return (*passed, self._end(lease, Step.FINISHED, now, "ended", status))

    def cancel(self, now: float, key: Key) -> Decisions:
        """Cancel an attempt: out of the queue, or its runner is told at the next beat."""
        passed = self._pass(now)
        lease = self._held.get(key)
        if lease is None or lease.canceled:
            return (*passed, *self._withdraw(now, key))
        lease.canceled, lease.again = True, False
        return (*passed, self._decide(lease, Step.CANCEL_ASKED, now))

    def take(self, now: float, task: str) -> Decisions:
        """Take a lease away before its time, as if it had expired: its attempt is queued again."""
        passed = self._pass(now)
        lease = self._leases.get(task)
        return passed if lease is None else (*passed, *self._lose(lease, now, now, "taken"))

    def retire(self, now: float, key: Key) -> Decisions:
        """Let a running attempt go on, but never queue it again; one that still waits is withdrawn."""
        passed = self._pass(now)
        if key in self._held:
            self._held[key].again = False
        return (*passed, *self._withdraw(now, key))

    def drop(self, now: float, key: Key) -> Decisions:
        """End an attempt whose pipeline was deleted, without telling its runner."""
        passed = self._pass(now)
        lease = self._held.get(key)
        if lease is None:
            return (*passed, *self._withdraw(now, key))
        return (*passed, self._end(lease, Step.CANCELED, now, "deleted", "deleted"))

    def tick(self, now: float, *, inclusive: bool = True) -> Decisions:
        """Let time pass up to `now`: leases expire, polls are answered empty.

        What is due at `now` itself is left alone without `inclusive`, as every other method does.
        """
        return self._pass(now, inclusive=inclusive)

    def next_deadline(self) -> float | None:
        """Return the moment of the next `tick` that will decide something."""
        return self._deadlines.next()

    def lease(self, task: str) -> Lease | None:
        """Return the lease that a taskId stands for, if it still counts."""
        return self._leases.get(task)

    def job(self, task: str) -> Job | None:
        """Return the attempt that a taskId stands for or once stood for."""
        lease = self._leases.get(task)
        return lease.job if lease else self._past.get(task, (None, ""))[0]

    def leases(self) -> Iterable[Lease]:
        """Return all leases that count, the oldest hand-out first."""
        return tuple(self._leases.values())

    def queued(self) -> Iterable[Job]:
        """Return all attempts that wait for a runner, the longest waiting first."""
        return tuple(self._desk.jobs.values())

    def waiting(self) -> int:
        """Return how many polls wait."""
        return len(self._desk.polls)

    def limit(self, lease: Lease) -> float:
        """Return the limit, in seconds, that a lease has to keep next."""
        if not lease.acked:
            return self._limits.ack
        return self._limits.progress if lease.job.progress is None else lease.job.progress

    def _pass(self, now: float, *, inclusive: bool = False) -> Decisions:
        decided: list[Decision] = []
        while due := self._deadlines.pop(now, inclusive=inclusive):
            key, when = due
            if isinstance(key, str):
                decided += self._expire(self._leases[key], when, now)
            else:
                decided += self._unwait(Step.POLL_EMPTY, now, key)
        return tuple(decided)

    def _expire(self, lease: Lease, when: float, now: float) -> list[Decision]:
        return self._lose(lease, when, now, "progress" if lease.acked else "ack")

    def _lose(self, lease: Lease, when: float, now: float, why: str) -> list[Decision]:
        decided = [self._end(lease, Step.EXPIRED, when, "lost", why)]
        if lease.again:
            decided += [self._enqueue(when, lease.job), *self._match(now, lease.job.group)]
        return decided

    def _match(self, now: float, group: str) -> Decisions:
        return tuple(self._hand(now, job, poll) for job, poll in self._desk.matches(group))

    def _hand(self, now: float, job: Job, poll: Poll) -> Decision:
        self._deadlines.drop(poll.id)
        lease = Lease(self._new_task(), job, poll.runner, now)
        self._leases[lease.task] = self._held[job.key] = lease
        self._watch(lease)
        return Decision(Step.HANDED, now, job, lease.task, poll.id, poll.runner, limit=self._limits.ack)

    def _enqueue(self, now: float, job: Job) -> Decision:
        self._desk.add_job(job)
        return Decision(Step.QUEUED, now, job)

    def _withdraw(self, now: float, key: Key) -> Decisions:
        job = self._desk.take_job(key)
        return () if job is None else (Decision(Step.WITHDRAWN, now, job),)

    def _watch(self, lease: Lease) -> None:
        self._deadlines.set(lease.task, lease.renewed + self.limit(lease))

    def _end(self, lease: Lease, step: Step, at: float, became: str, why: str | None = None) -> Decision:
        decision = self._decide(lease, step, at, why)
        self._deadlines.drop(lease.task)
        del self._leases[lease.task], self._held[lease.job.key]
        self._past[lease.task] = (lease.job, became)
        return decision

    def _decide(self, lease: Lease, step: Step, at: float, why: str | None = None) -> Decision:
        elapsed = at - lease.renewed
        return Decision(step, at, lease.job, lease.task, None, lease.runner, why, self.limit(lease), elapsed)

    def _refuse(self, now: float, task: str) -> Decision:
        job, became = self._past.get(task, (None, "unknown"))
        return Decision(Step.REFUSED, now, job, task, why=became)

    def _unwait(self, step: Step, now: float, poll_id: int) -> Decisions:
        poll = self._desk.take_poll(poll_id)
        if poll is None:
            return ()
        self._deadlines.drop(poll_id)
        limit, elapsed = self._limits.poll, now - poll.since
        return (
            Decision(
                step, now, poll=poll_id, runner=poll.runner, limit=limit, elapsed=elapsed, group=poll.group
            ),
        )
