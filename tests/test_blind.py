"""Time in which Holter did not see: known from marks, told by why, and never blamed on a runner."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lease.history import ZERO
from tests.test_session import BEAT, END, POLL, REAL, Run, ended, handout

from holter.lease.audit import Audit, audited
from holter.lease.profile import DOCUMENTED
from holter.wire.codec import answer
from holter.wire.decision import Forward
from holter.wire.message import Call, Json, Mark, Moment

EVERY = 0.2


class World:
    """A session under an adapter that ticks, on a host whose clocks may do anything."""

    def __init__(self) -> None:
        self.run = Run()
        self.mono, self.ahead, self.slept = 0.0, 0.0, 0.0

    @property
    def now(self) -> Moment:
        return Moment(ZERO + self.mono + self.ahead, self.mono)

    def tick(self) -> float:
        return self.run.session.tick(self.now, slept=self.slept, again=EVERY)

    def wait(self, seconds: float) -> None:
        """Let time pass, with the ticks that belong to it, of long times only the first and the last."""
        end = self.mono + seconds
        for _ in range(3):
            self.tick()
            self.mono = min(end, self.mono + EVERY)
        self.tick()
        self.mono = max(self.mono, end - EVERY)
        self.run.session._presence._vigil.until = float("inf")
        self.tick()
        self.mono = end

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.ahead += seconds

    def handed(self) -> None:
        self.run.handed(self.mono)

    def beat(self) -> None:
        self.run.beat(self.mono)

    def close(self) -> Audit:
        self.run.session.close(self.now)
        return self.run.audit

    def rules(self) -> list[tuple[str, str]]:
        live = self.close()
        file = audited(self.run.tape.entries, DOCUMENTED)
        assert (file.findings, file.blind) == (live.findings, live.blind)
        return [(finding.rule, finding.certainty) for finding in live.findings]


def begun() -> World:
    world = World()
    world.handed()
    world.beat()
    return world


def test_a_gap_over_a_stall_is_possible_at_most() -> None:
    world = begun()
    world.wait(500)
    world.mono += 30  # the loop does not come back
    world.beat()

    assert world.rules() == [("gap-over-5min", "certain")]
    assert [blind.why for blind in world.run.audit.blind] == ["Holter's own loop was late"]


def test_only_what_was_too_long_before_the_stall_is_certain() -> None:
    world = begun()
    world.wait(500)
    world.mono += 500
    world.beat()

    assert world.rules() == [("gap-over-5min", "certain"), ("gap-over-limit", "possible")]


def test_a_stall_is_noted_before_the_first_call_after_it_is_taken_in() -> None:
    world = begun()
    world.wait(1)
    world.mono += 400
    world.run.session.on_first_byte("late", world.now)
    world.run.session.on_call("late", Call(BEAT, {"taskId": REAL}, world.now))
    world.tick()
    world.run.session.on_reply("late", answer({"canceled": False}), world.mono, world.mono)

    assert world.run.tape.marks == ["started", "stall", "alive"]
    assert world.rules() == [("gap-over-5min", "possible")]


def test_a_short_delay_of_our_loop_is_no_stall() -> None:
    world = begun()
    world.wait(1)
    world.mono += 1.9
    world.tick()

    assert world.run.tape.marks == ["started"]


@pytest.mark.parametrize("by", [7200.0, -7200.0])
def test_a_wall_clock_that_was_set_makes_no_gap_longer_or_shorter(by: float) -> None:
    world = begun()
    world.wait(30)
    world.ahead += by
    world.wait(20)
    world.beat()

    assert world.rules() == []
    (blind,) = world.run.audit.blind
    assert blind.why == f"the wall clock was set {'forward' if by > 0 else 'back'} by 7200.0 s"


@pytest.mark.parametrize("by", [7200.0, -7200.0])
def test_a_gap_over_a_wall_clock_that_was_set_is_possible_at_most(by: float) -> None:
    world = begun()
    world.wait(70)
    world.ahead += by
    world.wait(70)
    world.beat()

    assert world.rules() == [("gap-over-advice", "possible")]


def test_what_comes_after_the_clock_was_set_is_told_by_the_new_time() -> None:
    world = begun()
    world.wait(10)
    world.ahead += 3600
    world.wait(10)
    world.beat()
    world.wait(1000)
    world.beat()
    (finding,) = [one for one in world.close().findings if one.certainty == "certain"]

    assert finding.at == pytest.approx(ZERO + 3600 + 20 + 900)


def test_a_host_that_slept_lost_its_lease_perhaps_and_nobody_is_blamed() -> None:
    world = begun()
    world.wait(30)
    world.sleep(3600)
    world.wait(10)
    world.beat()
    world.wait(50)
    world.beat()

    assert world.rules() == [("gap-over-limit", "possible")]
    (blind,) = world.run.audit.blind
    assert blind.why == "the host was asleep for 3600 s"
    assert blind.until - blind.since == pytest.approx(3600, abs=1)


def test_times_after_a_sleep_are_the_wall_clocks() -> None:
    world = begun()
    world.wait(1)
    world.sleep(3600)
    world.wait(10)
    world.beat()
    world.wait(1000)
    world.beat()
    (finding,) = [one for one in world.close().findings if one.certainty == "certain"]

    assert finding.at == pytest.approx(ZERO + 3600 + 11 + 900)


def test_while_paused_calls_are_passed_on_and_neither_kept_nor_judged() -> None:
    world = begun()
    world.wait(10)
    world.run.session.pause(world.now)
    world.run.session.pause(world.now)
    world.run.session.on_first_byte("x", world.now)
    assert world.run.ask(BEAT, world.mono, {"taskId": REAL}, key="x") == Forward()
    world.run.reply("x", world.mono)
    world.wait(1000)
    assert world.run.told.findings == []
    assert world.tick() == float("inf")
    world.run.session.resume(world.now)
    world.run.session.resume(world.now)
    world.wait(1)
    world.beat()

    assert [what for what in world.run.tape.marks if what != "alive"] == ["started", "paused", "resumed"]
    assert len(world.run.tape.calls) == 3
    assert world.rules() == [("gap-over-limit", "possible")]
    assert [blind.why for blind in world.run.audit.blind] == ["Holter was paused"]


def test_a_call_that_began_while_paused_is_not_recorded_afterwards_either() -> None:
    world = begun()
    world.run.session.pause(world.now)
    asked = Call(BEAT, {"taskId": REAL}, Moment(ZERO + 5, 5.0))
    world.wait(6)
    world.run.session.resume(world.now)

    assert world.run.session.on_call("x", asked) == Forward()
    assert world.run.session.in_flight == 0


def test_a_run_that_ends_while_paused_is_judged_by_what_was_seen() -> None:
    world = begun()
    world.wait(10)
    world.run.session.pause(world.now)
    world.wait(2000)

    assert world.rules() == []


def test_a_recorder_that_was_killed_while_paused_saw_nothing_since() -> None:
    world = begun()
    world.wait(10)
    world.run.session.pause(world.now)
    world.wait(100)
    entries = [*world.run.tape.entries, Mark("started", ZERO + 5000, 0.0)]
    (blind,) = audited(entries, DOCUMENTED).blind

    assert (blind.since, blind.until, blind.why) == (ZERO + 10, ZERO + 5000, "Holter was paused")


def test_after_the_close_there_is_nothing_to_pause() -> None:
    world = begun()
    world.close()
    world.run.session.pause(world.now)
    world.run.session.resume(world.now)

    assert world.run.tape.marks == ["started", "stopped"]


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"since": "x"},
        {"since": None, "by": 3},
        {"by": [], "since": True},
        {"seconds": "1"},
        {"since": 1.0, "seconds": 1e300, "by": -1e300},
        {"since": -1e300},
        {"since": float("nan"), "by": float("inf")},
    ],
)
def test_marks_that_somebody_edited_break_nothing(more: dict[str, Json]) -> None:
    for what in ("stall", "slept", "clock", "paused", "resumed", "lost"):
        entries = [Mark("started", ZERO, 0.0), Mark(what, ZERO, 5.0, more), Mark("stopped", ZERO, 9.0)]
        audit = audited(entries, DOCUMENTED)
        assert audit.findings == []
        assert all(ZERO - 10 < blind.since <= blind.until < ZERO + 100 for blind in audit.blind)


def troubled(seed: int) -> World:
    """Runners side by side, on a host where everything goes wrong with time."""
    chance, world = random.Random(seed), World()
    run, flights, arriving = world.run, dict[int, tuple[str, str]](), dict[int, tuple[str, str, Moment]]()
    ids, given_out = [f"real-task-number-{number}" for number in range(3)], list[str]()
    for number in range(1, chance.randint(5, 60)):
        happens(world, chance)
        kind = chance.random()
        if arriving:
            key, (op, task, at) = arriving.popitem()
            body: dict[str, Json] = {"workerGroup": "wg"} if op == POLL else {"taskId": task}
            run.session.on_call(key, Call(op, body, at, peer="10.0.0.1:1"))
            flights[key] = (op, task)
        elif flights and kind < 0.5:
            key = chance.choice(list(flights))
            op, task = flights.pop(key)
            if op == POLL and ids:
                given_out.append(ids.pop())
                run.reply(key, world.mono, handout(given_out[-1], f"@A{len(ids) % 2}_Attempt=1"))
            elif op == POLL:
                run.reply(key, world.mono)
            else:
                ended(run, chance, key, world.mono, (op, task))
        else:
            op = chance.choice((BEAT, BEAT, BEAT, END)) if given_out and chance.random() < 0.8 else POLL
            arriving[number] = (op, chance.choice(given_out or ids), world.now)
            run.session.on_first_byte(number, world.now)
    world.close()
    return world


def happens(world: World, chance: random.Random) -> None:
    kind = chance.random()
    if kind < 0.6:
        world.wait(chance.choice([0.05, 0.4, 1, 40, 130, 310]) * chance.uniform(0.9, 1.1))
    elif kind < 0.7:
        world.mono += chance.choice([1, 3, 70, 400])
    elif kind < 0.8:
        world.sleep(chance.choice([5, 500, 5000]))
    elif kind < 0.9:
        world.ahead += chance.choice([-4000, -3, 3, 4000])
    elif chance.random() < 0.5:
        world.run.session.pause(world.now)
    else:
        world.run.session.resume(world.now)


def told(audit: Audit) -> list[tuple[object, ...]]:
    leases = sorted(audit.leases, key=lambda lease: lease.task)
    return [(lease.task, lease.outcome, lease.since, lease.until, lease.beats) for lease in leases]


@given(st.integers(0, 2**32))
@settings(max_examples=500, deadline=None)
def test_live_and_from_the_file_blind_time_and_findings_are_the_same(seed: int) -> None:
    world = troubled(seed)
    live, file = world.run.audit, audited(world.run.tape.entries, DOCUMENTED)

    assert file.blind == live.blind
    assert file.findings == live.findings
    oldest = float("-inf")
    for call in world.run.tape.calls:
        assert call.asked is not None
        assert call.asked >= oldest
        oldest = call.oldest or 0.0
    assert told(file) == told(live)


def test_the_random_runs_have_blind_time_of_every_kind() -> None:
    audits = [troubled(seed).run.audit for seed in range(60)]
    whys = {" ".join(blind.why.split()[:4]) for audit in audits for blind in audit.blind}

    assert whys == {"Holter's own loop was", "the host was asleep", "the wall clock was", "Holter was paused"}
    assert {finding.certainty for audit in audits for finding in audit.findings} == {"certain", "possible"}
