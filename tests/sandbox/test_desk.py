from __future__ import annotations

from holter.sandbox.decision import Job, Poll
from holter.sandbox.desk import Desk


def test_the_first_job_meets_the_first_poll_of_its_own_group() -> None:
    desk = Desk()
    jobs = [Job("p", name, "wg") for name in "ab"]
    for job in jobs:
        desk.add_job(job)
    desk.add_poll(Poll(1, "WG", None, 0.0))
    desk.add_poll(Poll(2, "wg", None, 0.0))
    assert [(job.attempt, poll.id) for job, poll in desk.matches("wg")] == [("a", 2)]
    assert list(desk.matches("WG")) == []
    assert list(desk.jobs.values()) == jobs[1:]
    assert list(desk.polls) == [1]


def test_what_was_taken_away_never_meets() -> None:
    desk = Desk()
    job = Job("p", "a", "wg")
    desk.add_job(job)
    assert desk.take_job(job.key) == job
    assert desk.take_job(job.key) is None
    desk.add_poll(Poll(1, "wg", None, 0.0))
    assert list(desk.matches("wg")) == []
    assert desk.take_poll(1) is not None
    assert desk.take_poll(1) is None
