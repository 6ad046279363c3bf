"""Where work and polls meet: both wait in order, by worker group, exact and case-sensitive."""

from __future__ import annotations

from collections.abc import Iterator

from holter.sandbox.decision import Job, Key, Poll


class Desk:
    """Jobs that wait for a poll, and polls that wait for a job. First come, first served."""

    def __init__(self) -> None:
        self.jobs: dict[Key, Job] = {}
        self.polls: dict[int, Poll] = {}
        self._jobs_of: dict[str, dict[Key, Job]] = {}
        self._polls_of: dict[str, dict[int, Poll]] = {}

    def add_job(self, job: Job) -> None:
        """Let a job wait."""
        self.jobs[job.key] = job
        self._jobs_of.setdefault(job.group, {})[job.key] = job

    def add_poll(self, poll: Poll) -> None:
        """Let a poll wait."""
        self.polls[poll.id] = poll
        self._polls_of.setdefault(poll.group, {})[poll.id] = poll

    def take_job(self, key: Key) -> Job | None:
        """Take a job away, if it waits."""
        job = self.jobs.pop(key, None)
        if job is not None:
            _remove(self._jobs_of, job.group, key)
        return job

    def take_poll(self, poll_id: int) -> Poll | None:
        """Take a poll away, if it waits."""
        poll = self.polls.pop(poll_id, None)
        if poll is not None:
            _remove(self._polls_of, poll.group, poll_id)
        return poll

    def matches(self, group: str) -> Iterator[tuple[Job, Poll]]:
        """Take away, pair by pair, the jobs and polls of a group that can meet now."""
        while group in self._jobs_of and group in self._polls_of:
            job = self.take_job(next(iter(self._jobs_of[group])))
            poll = self.take_poll(next(iter(self._polls_of[group])))
            if job is not None and poll is not None:
                yield job, poll


def _remove(groups: dict[str, dict], group: str, key: object) -> None:  # type: ignore[type-arg]
    del groups[group][key]
    if not groups[group]:
        del groups[group]
