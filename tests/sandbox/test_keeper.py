from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule

from holter.lease.profile import Limits
from holter.sandbox.decision import Decision, Decisions, Job, Step
from holter.sandbox.keeper import Keeper

LIMITS = Limits(ack=120, progress=900, poll=90)


def numbered() -> Callable[[], str]:
    count = itertools.count(1)
    return lambda: f"t{next(count)}"


def keeper() -> Keeper:
    return Keeper(LIMITS, numbered())


def job(name: str = "a", *, progress: float | None = None) -> Job:
    return Job("p", name, "wg", progress)


def leased(*beats: float, progress: float | None = None) -> Keeper:
    """A keeper that handed out t1 at 0 and took beats at these moments."""
    made = keeper()
    made.queue(0, job(progress=progress))
    made.poll(0, 1, "wg", "h1")
    for at in beats:
        made.beat(at, "t1")
    return made


def steps(decisions: Decisions) -> list[str]:
    return [str(decision.step) for decision in decisions]


def test_work_goes_to_a_poll_that_waits_already_and_to_one_that_comes_later() -> None:
    made = keeper()
    assert made.poll(0, 1, "wg", "h1") == ()
    handed = made.queue(5, job())
    assert steps(handed) == ["queued", "handed"]
    assert (handed[1].poll, handed[1].task, handed[1].runner, handed[1].limit) == (1, "t1", "h1", 120)
    made.queue(6, job("b"))
    assert [(one.poll, one.task) for one in made.poll(7, 2, "wg")] == [(2, "t2")]


@pytest.mark.parametrize("group", ["WG", "wg ", "", "*", "w"])
def test_a_worker_group_matches_exactly(group: str) -> None:
    made = keeper()
    made.queue(0, job())
    assert made.poll(0, 1, group) == ()
    assert made.waiting() == 1


def test_polls_and_work_are_served_in_their_order() -> None:
    made = keeper()
    for poll in (3, 1, 2):
        made.poll(0, poll, "wg")
    assert [made.queue(1, job(name))[-1].poll for name in "abc"] == [3, 1, 2]


def test_a_poll_is_answered_empty_after_its_hold() -> None:
    made = keeper()
    made.poll(10, 1, "wg", "h1")
    assert made.next_deadline() == 100
    assert made.tick(99.9) == ()
    (empty,) = made.tick(100)
    assert (empty.step, empty.elapsed, empty.limit, empty.group) == (Step.POLL_EMPTY, 90, 90, "wg")
    assert steps(made.queue(101, job())) == ["queued"]


def test_a_poll_whose_client_has_gone_gets_nothing() -> None:
    made = keeper()
    made.poll(0, 1, "wg")
    made.poll(0, 2, "wg")
    assert steps(made.leave(1, 1)) == ["poll-gone"]
    assert made.queue(2, job())[-1].poll == 2
    assert made.leave(3, 2) == ()


@pytest.mark.parametrize(
    ("beats", "progress", "at", "why", "limit"),
    [
        ([], None, 120, "ack", 120),
        ([], 60, 120, "ack", 120),
        ([100], None, 1000, "progress", 900),
        ([120], None, 1020, "progress", 900),
        ([1, 30, 59], 60, 119, "progress", 60),
        ([1, 2], 1800, 1802, "progress", 1800),
    ],
)
def test_a_lease_ends_at_its_limit_and_its_attempt_goes_out_again_under_a_new_task_id(
    beats: list[float], progress: float | None, at: float, why: str, limit: float
) -> None:
    made = leased(*beats, progress=progress)
    assert made.next_deadline() == at
    expired, queued = made.tick(at)
    assert (expired.step, expired.at, expired.why, expired.limit, expired.elapsed, expired.task) == (
        Step.EXPIRED,
        at,
        why,
        limit,
        limit,
        "t1",
    )
    assert queued.job == expired.job
    (again,) = made.poll(at + 5, 2, "wg", "h2")
    assert (again.task, again.job) == ("t2", expired.job)
    assert made.beat(at + 6, "t1")[-1].why == "lost"
    assert made.beat(at + 6, "t2")[-1].step is Step.ACKED


def test_a_lease_that_is_taken_away_goes_out_again_as_one_that_expired() -> None:
    made = leased(10)
    expired, queued = made.take(20, "t1")
    assert (expired.step, expired.at, expired.why, expired.elapsed) == (Step.EXPIRED, 20, "taken", 10)
    assert queued.job == expired.job
    assert made.beat(21, "t1")[-1].why == "lost"
    assert made.take(22, "t1") == made.take(22, "nobody") == ()


def test_a_beat_at_the_very_moment_of_its_deadline_counts_and_one_after_it_does_not() -> None:
    assert steps(leased().beat(120, "t1")) == ["acked"]
    assert steps(leased().beat(120.001, "t1")) == ["expired", "queued", "refused"]


def test_late_ticks_hand_out_at_the_moment_of_the_tick_and_expire_at_the_deadline() -> None:
    made = leased()
    made.poll(100, 2, "wg", "h2")
    assert [(str(one.step), one.at) for one in made.tick(130)] == [
        ("expired", 120),
        ("queued", 120),
        ("handed", 130),
    ]


@pytest.mark.parametrize("status", ["FINISHED", "FAILED", "FALSE"])
def test_a_status_ends_a_lease_even_before_the_first_beat_and_counts_once(status: str) -> None:
    made = leased()
    (ended,) = made.finish(50, "t1", status)
    assert (ended.step, ended.why) == (Step.FINISHED, status)
    for refused in (made.finish(51, "t1", status), made.beat(52, "t1")):
        assert [(one.step, one.why) for one in refused] == [(Step.REFUSED, "ended")]
    assert made.next_deadline() is None


def test_a_status_after_the_limit_is_refused() -> None:
    assert steps(leased().finish(121, "t1", "FINISHED")) == ["expired", "queued", "refused"]


def test_an_unknown_task_is_refused() -> None:
    (refused,) = keeper().beat(0, "nobody")
    assert (refused.why, refused.job) == ("unknown", None)


def test_a_cancelled_task_is_told_so_once_and_its_lease_ends() -> None:
    made = leased(10)
    assert steps(made.cancel(20, job().key)) == ["cancel-asked"]
    assert made.cancel(21, job().key) == ()
    assert steps(made.beat(30, "t1")) == ["canceled"]
    assert made.beat(31, "t1")[-1].why == "canceled"
    assert list(made.queued()) == []


def test_a_cancelled_task_whose_runner_is_silent_is_not_queued_again() -> None:
    made = leased(10)
    made.cancel(20, job().key)
    assert steps(made.tick(910)) == ["expired"]


def test_cancelling_or_retiring_what_still_waits_withdraws_it() -> None:
    for ending in (Keeper.cancel, Keeper.retire, Keeper.drop):
        made = keeper()
        made.queue(0, job())
        assert steps(ending(made, 1, job().key)) == ["withdrawn"]
        assert made.poll(2, 1, "wg") == ()
        assert ending(made, 3, job().key) == ()


def test_a_retired_task_goes_on_but_is_not_queued_again() -> None:
    made = leased(10)
    assert made.retire(20, job().key) == ()
    assert steps(made.beat(30, "t1")) == ["beat"]
    assert steps(made.tick(930)) == ["expired"]


def test_the_task_of_a_deleted_pipeline_is_gone_at_once() -> None:
    made = leased(10)
    assert [(one.step, one.why) for one in made.drop(20, job().key)] == [(Step.CANCELED, "deleted")]
    assert made.beat(21, "t1")[-1].why == "deleted"
    assert made.job("t1") == job()


def test_an_attempt_is_queued_once_at_a_time() -> None:
    made = leased()
    with pytest.raises(ValueError, match="already"):
        made.queue(1, job())


class Histories(RuleBasedStateMachine):
    """Any history of runners and time, held against what must never happen."""

    tasks = Bundle("tasks")
    jobs = Bundle("jobs")

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.count = itertools.count(1)
        self.keeper = Keeper(Limits(ack=10, progress=30, poll=7), numbered())
        self.live: dict[tuple[str, str], str] = {}
        self.renewed: dict[str, tuple[float, float]] = {}
        self.owed: set[tuple[str, str]] = set()
        self.gone: set[int] = set()
        self.handed: list[str] = []

    def see(self, decisions: Decisions) -> None:
        for decision in decisions:
            getattr(self, f"see_{decision.step.name.lower()}", lambda _: None)(decision)

    def see_queued(self, one: Decision) -> None:
        assert one.job is not None
        assert one.job.key not in self.owed
        assert one.job.key not in self.live
        self.owed.add(one.job.key)

    def see_withdrawn(self, one: Decision) -> None:
        assert one.job is not None
        self.owed.remove(one.job.key)

    def see_handed(self, one: Decision) -> None:
        assert one.job is not None
        assert one.task is not None
        assert one.poll not in self.gone
        assert one.poll is not None
        self.gone.add(one.poll)
        self.owed.remove(one.job.key)
        assert one.job.key not in self.live, "two live tasks of one attempt"
        assert one.task not in self.handed, "a taskId was used twice"
        self.live[one.job.key] = one.task
        self.renewed[one.task] = (one.at, 10)
        self.handed.append(one.task)

    def see_acked(self, one: Decision) -> None:
        self.renew(one)

    def see_beat(self, one: Decision) -> None:
        self.renew(one)

    def renew(self, one: Decision) -> None:
        assert one.task is not None
        assert one.job is not None
        since, limit = self.renewed[one.task]
        assert one.at - since <= limit, "a lease lived past its limit"
        self.renewed[one.task] = (one.at, one.job.progress or 30)

    def see_expired(self, one: Decision) -> None:
        assert one.task is not None
        assert one.job is not None
        since, limit = self.renewed[one.task]
        assert (one.at, one.limit) == (since + limit, limit)
        del self.live[one.job.key]

    def see_finished(self, one: Decision) -> None:
        assert one.job is not None
        assert one.elapsed is not None
        assert one.limit is not None
        assert one.elapsed <= one.limit
        del self.live[one.job.key]

    see_canceled = see_finished

    def see_refused(self, one: Decision) -> None:
        assert one.task not in self.live.values(), "a live lease was refused"

    def see_poll_empty(self, one: Decision) -> None:
        assert one.poll not in self.gone
        assert one.poll is not None
        self.gone.add(one.poll)

    see_poll_gone = see_poll_empty

    @rule(target=jobs, group=st.sampled_from("ab"), progress=st.sampled_from([None, 5.0, 50.0]))
    def queue(self, group: str, progress: float | None) -> Job:
        made = Job("p", f"a{next(self.count)}", group, progress)
        self.see(self.keeper.queue(self.now, made))
        return made

    @rule(target=tasks, group=st.sampled_from("ab"))
    def poll(self, group: str) -> object:
        before = len(self.handed)
        self.see(self.keeper.poll(self.now, next(self.count), group))
        return multiple(*self.handed[before:])

    @rule(poll=st.integers(1, 60))
    def leave(self, poll: int) -> None:
        self.see(self.keeper.leave(self.now, poll))

    @rule(task=tasks)
    def beat(self, task: str) -> None:
        held = dict(self.renewed) if task not in self.live.values() else None
        self.see(self.keeper.beat(self.now, task))
        if held is not None:
            assert self.renewed.get(task) == held.get(task), "a refused beat renewed"

    @rule(task=tasks)
    def finish(self, task: str) -> None:
        self.see(self.keeper.finish(self.now, task, "FINISHED"))

    @rule(job=jobs, ending=st.sampled_from([Keeper.cancel, Keeper.retire, Keeper.drop]))
    def end(self, job: Job, ending: Callable[[Keeper, float, tuple[str, str]], Decisions]) -> None:
        self.see(ending(self.keeper, self.now, job.key))

    @rule(seconds=st.sampled_from([0.0, 0.5, 5.0, 7.0, 10.0, 30.0, 100.0]), tick=st.booleans())
    def time_passes(self, seconds: float, tick: bool) -> None:
        self.now += seconds
        if tick:
            self.see(self.keeper.tick(self.now))
            due = self.keeper.next_deadline()
            assert due is None or due > self.now

    @rule()
    def to_the_next_deadline(self) -> None:
        due = self.keeper.next_deadline()
        if due is not None:
            self.now = max(self.now, due)
            decided = self.keeper.tick(self.now)
            assert decided, "a deadline at which nothing is decided"
            self.see(decided)

    @invariant()
    def nothing_queued_is_lost(self) -> None:
        assert {one.key for one in self.keeper.queued()} == self.owed
        assert {one.job.key: one.task for one in self.keeper.leases()} == self.live


Histories.TestCase.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
TestHistories = Histories.TestCase
