"""The engine, with a real redactor: what it decides, keeps and tells, call by call."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lease.history import ZERO
from tests.told import Kept, Told

from holter.cassette.redaction import Redactor
from holter.faults.plan import Plan, cancel_on
from holter.lease.audit import Audit, audited
from holter.lease.finding import State
from holter.lease.growth import OpenFindings
from holter.lease.profile import DOCUMENTED
from holter.session import Session
from holter.wire.codec import answer, error_reply, print_of
from holter.wire.decision import Answer, Forward
from holter.wire.message import NOTHING, Broken, Call, Json, Mark, Moment, Origin, Reply, Try

REAL = "QUFB+/==:bWFj:1"
POLL, BEAT, END = "PollForTask", "ReportTaskProgress", "SetTaskStatus"


def handout(task: str = REAL, attempt: str = "@Copy_2026-01-02T00:00:00_Attempt=1") -> Reply:
    given_: Json = {"taskId": task, "pipelineId": "df-1", "attemptId": attempt, "objects": {}}
    return answer({"taskObject": given_})


@dataclass
class Run:
    """A session in the making; keys of calls are the operations' own names unless told otherwise."""

    plan: Plan = field(default_factory=Plan)
    seq: int = 0

    def __post_init__(self) -> None:
        self.told, self.tape, self.audit = Told(), Kept(), Audit(DOCUMENTED)
        self.session = Session(
            audit=self.audit,
            redactor=Redactor(),
            tape=self.tape,
            plan=self.plan,
            listener=self.told,
            seq=self.seq,
        )
        self.session.mark(Mark("started", ZERO, 0.0))

    def ask(self, op: str, at: float, body: Json = None, *, key: object = None, **more: object) -> object:
        call = Call(op, body or {}, Moment(ZERO + at, at), **more)  # type: ignore[arg-type]  # Call's own
        return self.session.on_call(key or op, call)

    def reply(self, key: object, at: float, reply: Reply | None = None) -> None:
        self.session.on_reply(key, reply or answer({}), at, at)

    def handed(self, at: float, task: str = REAL, hostname: str = "runner-1") -> None:
        self.ask(POLL, at, {"workerGroup": "wg", "hostname": hostname}, peer="10.0.0.1:1")
        self.reply(POLL, at, handout(task))

    def beat(self, at: float, task: str = REAL) -> None:
        self.ask(BEAT, at, {"taskId": task})
        self.reply(BEAT, at, answer({"canceled": False}))


def test_a_call_is_passed_on_kept_judged_and_told() -> None:
    run = Run()
    assert run.ask(POLL, 1.0, {"workerGroup": "wg", "hostname": "runner-1"}, peer="10.0.0.1:1") == Forward()
    assert (run.session.in_flight, run.tape.calls, run.told.calls) == (1, [], [])
    run.session.on_reply(POLL, handout(), 1.5000004, 1.75)

    (call,) = run.tape.calls
    assert (call.op, call.seq, call.at, call.mono) == (POLL, 1, ZERO + 1, (1.0, 1.5, 1.75))
    assert (call.status, call.error, call.broken, call.origin) == (200, None, None, Origin.LIVE)
    assert (call.task, call.print, call.caller) == ("task-1", print_of(REAL), "runner-1")
    assert call.oldest == 1.0
    assert run.told.calls == [(call, None)]
    assert [lease.task for lease in run.audit.leases] == ["task-1"]
    assert run.session.in_flight == 0


def test_no_real_task_id_reaches_tape_or_listener() -> None:
    run = Run()
    run.handed(1.0)
    run.beat(2.0)
    run.ask(END, 3.0, {"taskId": REAL, "taskStatus": "FAILED", "errorMessage": f"lost {REAL}"})
    run.reply(END, 3.0, error_reply("TaskNotFoundException", f"{REAL} is unknown"))

    assert REAL not in repr(run.tape.entries) + repr(run.told)
    assert [call.task for call in run.tape.calls] == ["task-1"] * 3
    assert [call.print for call in run.tape.calls] == [print_of(REAL), None, None]
    assert run.tape.calls[2].error == "TaskNotFoundException"


def test_what_was_masked_is_told_by_its_path_in_request_and_response() -> None:
    run = Run()
    secret: Json = [{"key": "*password", "stringValue": "geheim"}]
    run.ask(BEAT, 1.0, {"taskId": REAL, "fields": secret})
    objects: Json = {"@A": {"id": "@A", "name": "@A", "fields": secret}}
    run.ask(POLL, 1.0, {"workerGroup": "wg"})
    run.reply(BEAT, 2.0)
    run.reply(POLL, 2.0, answer({"taskObject": {"taskId": "other-task-0001", "objects": objects}}))

    assert "geheim" not in repr(run.tape.entries)
    (beat,), (poll,) = (call.redacted for call in run.tape.calls)
    assert beat.startswith("request")
    assert poll.startswith("response")
    assert all("fields[0]" in path and "$" not in path for path in (beat, poll))


def test_a_beat_on_another_connection_belongs_to_whoever_was_handed_the_task() -> None:
    run = Run()
    run.handed(1.0)
    run.ask(BEAT, 2.0, {"taskId": REAL}, peer="10.0.0.9:9")
    run.reply(BEAT, 2.0)

    assert [call.caller for call in run.tape.calls] == ["runner-1", "runner-1"]


def test_an_answer_without_a_task_makes_nobody_the_tasks_runner() -> None:
    run = Run()
    run.ask(POLL, 1.0, {"hostname": "runner-1"}, peer="10.0.0.1:1")
    run.reply(POLL, 1.0)

    assert run.audit.leases == []
    assert (run.tape.calls[0].task, run.tape.calls[0].print) == (None, None)


def test_oldest_is_the_start_of_the_oldest_call_still_on_its_way() -> None:
    run = Run()
    run.ask(POLL, 1.0, key="long poll")
    run.ask(BEAT, 2.0, {"taskId": "a"}, key="slow")
    run.ask(BEAT, 3.0, {"taskId": "b"}, key="quick")
    for key, at in (("quick", 4.0), ("long poll", 5.0), ("slow", 6.0)):
        run.reply(key, at)

    assert [(call.asked, call.oldest, call.seq) for call in run.tape.calls] == [
        (3.0, 1.0, 1),
        (1.0, 1.0, 2),
        (2.0, 2.0, 3),
    ]


def test_the_age_is_counted_from_the_last_renewal_to_the_moment_of_asking() -> None:
    run = Run()
    run.handed(1.0)
    run.beat(11.0)
    run.ask(BEAT, 31.0, {"taskId": REAL})
    run.reply(BEAT, 40.0)

    assert [age for _, age in run.told.calls] == [None, 10.0, 20.0]


def test_a_broken_call_is_kept_without_an_answer() -> None:
    run = Run()
    run.ask(POLL, 1.0)
    run.session.on_broken(POLL, Broken.CLIENT, 61.0)

    (call,) = run.tape.calls
    assert (call.mono, call.status, call.response, call.broken) == (
        (1.0, None, 61.0),
        None,
        NOTHING,
        Broken.CLIENT,
    )
    assert run.told.calls == [(call, None)]


@pytest.mark.parametrize("again", ["reply", "broken"])
def test_a_call_ends_once(again: str) -> None:
    run = Run()
    run.ask(POLL, 1.0)
    run.reply(POLL, 2.0)
    if again == "reply":
        run.reply(POLL, 3.0)
    else:
        run.session.on_broken(POLL, Broken.UPSTREAM, 3.0)
    run.reply("never asked", 4.0)

    assert [call.seq for call in run.tape.calls] == [1]


def test_a_fault_answers_and_says_so_and_the_service_is_told_to_have_seen_nothing() -> None:
    run = Run(Plan((cancel_on(1),)))
    run.handed(1.0)
    decision = run.ask(BEAT, 2.0, {"taskId": REAL})
    assert isinstance(decision, Answer)
    run.reply(BEAT, 2.0, decision.reply)

    call = run.tape.calls[1]
    assert (call.origin, call.fault, call.response, call.upstream) == (
        Origin.FAULT,
        "cancel on beat 1",
        {"canceled": True},
        None,
    )
    assert [lease.outcome for lease in run.audit.leases] == ["canceled"]


def test_a_client_that_goes_before_a_faults_answer_is_still_told_to_be_the_faults() -> None:
    run = Run(Plan((cancel_on(1),)))
    run.ask(BEAT, 2.0, {"taskId": REAL})
    run.session.on_broken(BEAT, Broken.CLIENT, 2.5)

    (call,) = run.tape.calls
    assert (call.origin, call.fault, call.broken) == (Origin.FAULT, "cancel on beat 1", Broken.CLIENT)


def test_an_sdks_try_is_kept() -> None:
    run = Run()
    run.ask(BEAT, 1.0, {"taskId": REAL}, tried=Try("id", 2, 3))
    run.reply(BEAT, 1.0)

    assert run.tape.calls[0].tried == Try("id", 2, 3)


def test_numbers_go_on_where_the_recording_ended() -> None:
    run = Run(seq=41)
    run.handed(1.0)

    assert run.tape.calls[0].seq == 42


def test_a_passed_deadline_is_told_when_it_passes_and_its_gap_when_it_ends() -> None:
    run = Run()
    run.handed(0.0)
    run.beat(1.0)
    assert run.session.tick(Moment(ZERO + 300, 300.0)) == 301.0
    assert run.session.tick(Moment(ZERO + 302, 302.0)) == 451.0  # half of the lease, which is told too
    run.beat(310.0)

    assert [(found.rule, found.state) for found in run.told.findings] == [
        ("gap-over-advice", State.OPEN),
        ("gap-over-5min", State.OPEN),
        ("gap-over-5min", State.CLOSED),
    ]
    assert [found.state for found in run.audit.findings] == [State.CLOSED]


def test_what_was_told_of_a_gap_is_withdrawn_when_a_beat_that_was_slow_to_arrive_was_in_time() -> None:
    run = Run()
    run.handed(0.0)
    run.beat(1.0)
    run.session.on_first_byte(BEAT, Moment(ZERO + 70, 70.0))
    run.session.tick(Moment(ZERO + 80, 80.0))
    run.beat(70.0)
    run.session.close(Moment(ZERO + 81, 81.0))
    told = [(found.rule, found.state) for found in run.told.findings]

    assert told == [("gap-over-advice", State.OPEN), ("gap-over-advice", State.WITHDRAWN)]
    assert [*run.audit.findings, *audited(run.tape.entries, DOCUMENTED).findings] == []


def test_without_a_lease_there_is_no_deadline() -> None:
    assert Run().session.tick(Moment(ZERO, 5.0)) == float("inf")


def test_alive_is_marked_every_ten_seconds_and_not_more_often() -> None:
    run = Run()
    for tenth in range(355):
        run.session.tick(Moment(ZERO + tenth / 10, tenth / 10))

    alive = [entry for entry in run.tape.entries if isinstance(entry, Mark) and entry.what == "alive"]
    assert [mark.mono for mark in alive] == [10.0, 20.0, 30.0]
    assert [mark.at for mark in alive] == [ZERO + 10, ZERO + 20, ZERO + 30]
    assert run.audit.timeline.seen == 30.0


def test_at_the_close_calls_on_their_way_are_unfinished_and_what_is_owed_is_judged() -> None:
    run = Run()
    run.handed(0.0)
    run.ask(POLL, 900.0, {"workerGroup": "wg"}, key="poll")
    run.ask(BEAT, 950.0, {"taskId": REAL}, key="beat")
    run.session.close(Moment(ZERO + 1000, 1000.0))

    assert [(call.broken, call.mono) for call in run.tape.calls[1:]] == [
        (Broken.UNFINISHED, (900.0, None, 1000.0)),
        (Broken.UNFINISHED, (950.0, None, 1000.0)),
    ]
    assert run.tape.marks == ["started", "stopped"]
    assert isinstance(run.tape.entries[-1], Mark)
    assert [found.rule for found in run.told.findings] == ["ack-late"]
    assert run.told.findings == run.audit.findings
    assert (run.session.closed, run.session.in_flight) == (True, 0)


def test_after_the_close_nothing_is_kept_judged_or_told() -> None:
    run = Run()
    run.handed(0.0)
    run.session.close(Moment(ZERO + 1, 1.0))
    before = (list(run.tape.entries), list(run.told.calls), list(run.told.findings), len(run.audit.leases))

    assert run.ask(BEAT, 2.0, {"taskId": "another-task-00001"}) == Forward()
    run.reply(BEAT, 3.0)
    run.session.on_broken(BEAT, Broken.CLIENT, 3.0)
    run.session.mark(Mark("note", ZERO, 3.0))
    assert run.session.tick(Moment(ZERO + 5000, 5000.0)) == float("inf")
    run.session.close(Moment(ZERO + 9, 9.0))

    assert before == (run.tape.entries, run.told.calls, run.told.findings, len(run.audit.leases))
    assert run.session.in_flight == 0


def test_a_fault_decides_nothing_after_the_close() -> None:
    run = Run(Plan((cancel_on(1),)))
    run.session.close(Moment(ZERO + 1, 1.0))

    assert run.ask(BEAT, 2.0, {"taskId": REAL}) == Forward()


def interleaved(seed: int) -> Run:
    """Runners side by side: calls cross each other, answers come late, odd or never."""
    chance = random.Random(seed)
    run = Run(Plan((cancel_on(3),)) if chance.random() < 0.3 else Plan())
    ids, flights, at = (
        [f"real-task-number-{number}" for number in range(3)],
        dict[int, tuple[str, str]](),
        0.0,
    )
    for number in range(chance.randint(5, 60)):
        at += chance.choice([0.001, 0.5, 20, 70, 130, 310, 905]) * chance.uniform(0.9, 1.1)
        run.session.tick(Moment(ZERO + at, at))
        if flights and chance.random() < 0.55:
            key = chance.choice(list(flights))
            ended(run, chance, key, at, flights.pop(key))
            continue
        task, op = chance.choice(ids), chance.choice((POLL, POLL, BEAT, BEAT, BEAT, END))
        body: dict[str, Json] = {"workerGroup": "wg"} if op == POLL else {"taskId": task}
        if op == END:
            body["taskStatus"] = chance.choice(("FINISHED", "FAILED"))
        decision = run.ask(op, at, dict(body), key=number + 1, peer=f"10.0.0.{chance.randint(1, 3)}:1")
        if isinstance(decision, Answer):
            run.reply(number + 1, at + 0.0001, decision.reply)
        else:
            flights[number + 1] = (op, task)
    run.session.close(Moment(ZERO + at + 5, at + 5))
    return run


def ended(run: Run, chance: random.Random, key: int, at: float, flight: tuple[str, str]) -> None:
    op, task = flight
    kind = chance.random()
    if kind < 0.1:
        run.session.on_broken(key, chance.choice((Broken.CLIENT, Broken.UPSTREAM)), at)
    elif kind < 0.3:
        code = chance.choice(("TaskNotFoundException", "ThrottlingException", "InternalServiceError"))
        run.reply(key, at, error_reply(code, f"no {task}"))
    elif op == POLL:
        attempt = f"@A{chance.randint(1, 2)}_2026-01-02T00:00:00_Attempt=1"
        run.reply(key, at, handout(task, attempt) if chance.random() < 0.8 else answer({}))
    else:
        run.reply(key, at, answer({"canceled": chance.random() < 0.1} if op == BEAT else {}))


@given(st.integers(0, 2**32))
@settings(max_examples=400, deadline=None)
def test_what_a_session_wrote_gives_the_findings_that_it_told(seed: int) -> None:
    run = interleaved(seed)
    again = audited(run.tape.entries, DOCUMENTED)

    assert again.findings == run.audit.findings
    closed = [found for found in run.told.findings if found.state is State.CLOSED]
    assert sorted(closed, key=repr) == sorted(again.findings, key=repr)
    still = OpenFindings()
    for found in run.told.findings:
        still.told(found)
    assert [*still] == []
    assert [(lease.task, lease.outcome, lease.beats) for lease in again.leases] == [
        (lease.task, lease.outcome, lease.beats) for lease in run.audit.leases
    ]
    assert (again.calls, again.callers) == (run.audit.calls, run.audit.callers)


def test_the_random_runs_do_find_something() -> None:
    rules = {found.rule for seed in range(150) for found in interleaved(seed).audit.findings}

    assert {"ack-late", "gap-over-limit", "gap-over-5min", "tail-over-limit", "abandoned"} <= rules


def test_a_mark_holds_no_secret_and_no_task_either() -> None:
    run = Run()
    run.handed(1.0)
    run.session.mark(Mark("note", ZERO, 3.0, {"error": f"{REAL}: password=hunter2x", "count": 2}))
    mark = run.tape.entries[-1]

    assert isinstance(mark, Mark)
    assert mark.more == {"error": "task-1: password=REDACTED", "count": 2}
